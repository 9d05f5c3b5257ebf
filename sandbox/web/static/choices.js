/*
 * What a select offers: the options of the view, the people of the workspace, its conversations, or what the app suggests.
 * Each is turned into items for the picker, and what was picked is turned back into Slack's shape.
 */

import { avatar } from "./dom.js";
import { zoneName } from "./dates.js";
import { matching } from "./picker.js";

const optionItem = (option, group) => ({
  key: option.value, label: option.text?.text ?? "", detail: option.description?.text, group, given: option,
});

function optionItems(source) {
  if (source.option_groups?.length) {
    return source.option_groups.flatMap((group) => group.options.map((option) => optionItem(option, group.label?.text)));
  }
  return (source.options ?? []).map((option) => optionItem(option));
}

export function userItem(id, scene) {
  const user = scene.users[id];
  if (!user) return { key: id, label: id, given: id };
  return {
    key: id, label: user.real_name || user.name, detail: `@${user.name} · ${zoneName(user.tz)}`,
    picture: avatar(user, "small"), given: id,
  };
}

const people = (scene) =>
  Object.entries(scene.users)
    .filter(([, user]) => !user.deleted && !user.is_bot)
    .map(([id]) => userItem(id, scene))
    .sort((one, other) => one.label.localeCompare(other.label));

function conversationItem(id, scene) {
  const channel = scene.known.find((one) => one.id === id);
  if (!channel) return scene.users[id] ? userItem(id, scene) : { key: id, label: id, given: id };
  return { key: id, label: channelLabel(channel, scene), detail: channel.kind === "private" ? "private" : "", given: id };
}

export function channelLabel(channel, scene) {
  if (channel.kind === "app") return scene.app.name;
  if (channel.kind === "im") return scene.users[channel.with]?.real_name ?? channel.name;
  return `#${channel.name}`;
}

function conversations(scene, kinds) {
  return scene.known
    .filter((channel) => kinds.includes(channel.kind) && !channel.archived)
    .map((channel) => conversationItem(channel.id, scene));
}

function filterKinds(element) {
  const included = element.filter?.include ?? ["public", "private", "im", "mpim"];
  const kinds = { public: "channel", private: "private", im: "im" };
  return included.map((name) => kinds[name]).filter(Boolean);
}

/* `{find, item}` for a select: how to look for items, and how to draw one that is already chosen. */
export function choicesOf(element, scene, suggest) {
  const kind = element.type.replace(/^multi_/, "");
  if (kind === "users_select") {
    return { find: (query) => matching(people(scene()), query), item: (id) => userItem(id, scene()) };
  }
  if (kind === "conversations_select" || kind === "channels_select") {
    const kinds = kind === "channels_select" ? ["channel"] : filterKinds(element);
    return {
      find: (query) => matching(conversations(scene(), kinds), query),
      item: (id) => conversationItem(id, scene()),
    };
  }
  if (kind === "external_select") {
    const least = element.min_query_length ?? 3;
    const find = async (query) => {
      if ([...query.trim()].length < least) return [];
      return (await suggest(query)).options.map((option) => optionItem(option));
    };
    return { find, item: (option) => optionItem(option) };
  }
  const items = optionItems(element);
  return { find: (query) => matching(items, query), item: (option) => optionItem(option) };
}

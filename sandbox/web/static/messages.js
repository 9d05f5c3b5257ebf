/*
 * Messages, oldest first: who, when (in the reader's zone), what was said, and what can be done with it. Those that only
 * the reader can see say so; edited ones say so; the days are told apart.
 */

import { avatar, h, icon, iconButton } from "./dom.js";
import { keepBlocks } from "./blocks.js";
import { dayKey, dayOf, fullOf, timeOf } from "./dates.js";
import { emojiNode } from "./emoji.js";
import { keep } from "./keyed.js";
import { openMenu } from "./menu.js";
import { drawMrkdwn } from "./mrkdwn.js";

const CLOSE = 5 * 60 * 1000;

/* Bring the list in line with the messages. `inThread` leaves out what only makes sense in the channel. */
export function keepMessages(parent, messages, app, { inThread = false } = {}) {
  const { scene } = app;
  const items = [];
  let before = null;
  for (const message of messages) {
    const when = new Date(message.when);
    const day = dayKey(when, scene.time.tz);
    if (!inThread && (!before || dayKey(new Date(before.when), scene.time.tz) !== day)) {
      const words = dayOf(when, scene.time.now, scene.time.tz);
      items.push({ key: `day/${day}`, signature: words, draw: () => h("li", { class: "day" }, h("span", {}, words)) });
    }
    const follows = Boolean(before) && items.at(-1).key !== `day/${day}` && continues(before, message);
    const { replies, ...own } = message;
    const last = replies?.at(-1)?.when;
    items.push({
      key: `${message.ephemeral ? "only" : "all"}/${message.ts}`,
      signature: "",
      draw: () => h("li", { "data-ts": message.ts }),
      renew: (node) => keepMessage(node, own, app, { follows, inThread, last }),
    });
    before = message;
  }
  keep(parent, items);
}

function continues(before, message) {
  return (
    before.user === message.user && before.username === message.username && before.ephemeral === message.ephemeral &&
    !before.reply_count && new Date(message.when) - new Date(before.when) < CLOSE
  );
}

export function authorOf(message, scene) {
  const user = scene.users[message.user];
  const isApp = message.user === scene.app.user_id;
  return { ...user, is_app: isApp, shown: message.username || user?.real_name || user?.name || "Somebody" };
}

/* Bring one message in line, part by part: a reaction or an answer to it leaves alone what somebody chooses from in it. */
function keepMessage(node, message, app, { follows, inThread, last }) {
  const author = authorOf(message, app.scene);
  const part = (key, about, draw) => ({ key, signature: JSON.stringify([about, app.epoch]), draw });
  const own = JSON.stringify([author, message.when, message.is_bot]);
  node.className = ["message", follows && "follows", message.ephemeral && "ephemeral"].filter(Boolean).join(" ");
  const parts = [];
  if (follows) {
    parts.push(part("gutter", message.when, () => h("div", { class: "gutter" }, drawTime(message, app))));
    parts.push(part("author", author.shown, () => h("span", { class: "sr-only" }, author.shown)));
  } else parts.push(part("avatar", own, () => avatar(author)));
  parts.push({
    key: "body", signature: "",
    draw: () => h("div", { class: "message-body" }),
    renew: (body) => keep(body, bodyParts(message, app, part, { head: follows ? null : own, inThread, last })),
  });
  const tools = message.ephemeral ? null : () => drawTools(message, app, inThread, author);
  if (tools && toolsOf(message, app, inThread).length) parts.push(part("tools", [author.shown, app.look.shortcuts], tools));
  keep(node, parts);
}

function bodyParts(message, app, part, { head, inThread, last }) {
  const place = { channel: app.look.channel, ts: message.ts };
  const parts = [];
  if (head) parts.push(part("head", head, () => drawHead(message, app)));
  if (message.ephemeral) parts.push(part("only-you", "", () => h("p", { class: "only-you" }, icon("eye"), "Only visible to you")));
  parts.push(contentPart("content", message, app, part, place, ""));
  (message.attachments ?? []).forEach((one, at) => parts.push(contentPart(`attachment/${at}`, one, app, part, place, "attachment")));
  if (message.edited) parts.push(part("edited", "", () => h("span", { class: "edited" }, "(edited)")));
  const reactions = message.reactions ?? {};
  if (Object.keys(reactions).length) parts.push(part("reactions", reactions, () => drawReactions(reactions)));
  if (!inThread && message.reply_count) {
    parts.push(part("replies", [message.reply_count, last], () => repliesButton(message, app, last)));
  }
  return parts;
}

function contentPart(key, content, app, part, place, className) {
  if (!content.blocks?.length) {
    const text = content.text ?? content.fallback;
    return part(key, text, () => h("div", { class: `text ${className}` }, drawMrkdwn(text, app.scene)));
  }
  return {
    key: `${key}/blocks`, signature: "",
    draw: () => h("div", { class: `blocks ${className}` }),
    renew: (node) => keepBlocks(node, content.blocks, app.placeFor(place, { signature: app.epoch })),
  };
}

function drawTime(message, app) {
  const { tz } = app.scene.time;
  const when = new Date(message.when);
  return h("time", { datetime: message.when, title: fullOf(when, tz) }, timeOf(when, tz));
}

function drawHead(message, app) {
  const tag = message.is_bot ? h("span", { class: "tag" }, "App") : null;
  return h("div", { class: "message-head" }, h("span", { class: "author" }, authorOf(message, app.scene).shown), tag, drawTime(message, app));
}

function drawReactions(reactions) {
  const one = ([name, count]) => h("li", { class: "reaction", title: name }, emojiNode(name), ` ${count}`);
  return h("ul", { class: "reactions", "aria-label": "Reactions" }, Object.entries(reactions).map(one));
}

function repliesButton(message, app, last) {
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const when = last ? dayOf(new Date(last), app.scene.time.now, app.scene.time.tz) : null;
  return h(
    "button",
    { type: "button", class: "replies", "data-focus": `replies/${message.ts}`, onclick: () => app.openThread(message.ts) },
    icon("reply"),
    h("span", {}, words),
    when ? h("span", { class: "quiet" }, `last: ${/^(Today|Yesterday)$/.test(when) ? when.toLowerCase() : when}`) : null,
  );
}

function toolsOf(message, app, inThread) {
  const shortcuts = app.look.shortcuts
    .filter((shortcut) => shortcut.type === "message")
    .map((shortcut) => ({
      label: shortcut.name,
      detail: shortcut.description,
      icon: icon("bolt"),
      onpick: () => app.act("message_shortcut", { callback_id: shortcut.callback_id, channel: app.look.channel, ts: message.ts }),
    }));
  const reply = inThread ? [] : [{ label: "Reply in a thread", icon: icon("reply"), onpick: () => app.openThread(message.ts) }];
  return [...reply, ...shortcuts];
}

function drawTools(message, app, inThread, author) {
  const items = toolsOf(message, app, inThread);
  return h(
    "div",
    { class: "tools" },
    inThread ? null : iconButton("reply", `Reply to ${author.shown} in a thread`, () => app.openThread(message.ts)),
    iconButton("more", `More for the message of ${author.shown}`, (event) => openMenu(event.currentTarget, "Message", items), {
      "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": `tools/${inThread ? "thread/" : ""}${message.ts}`,
    }),
  );
}

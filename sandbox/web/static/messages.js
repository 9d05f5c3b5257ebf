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
      signature: JSON.stringify([own, follows, last, app.epoch]),
      draw: () => drawMessage(message, app, { follows, inThread, last }),
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

function drawMessage(message, app, { follows, inThread, last }) {
  const { scene } = app;
  const author = authorOf(message, scene);
  const when = new Date(message.when);
  const time = h("time", { datetime: message.when, title: fullOf(when, scene.time.tz) }, timeOf(when, scene.time.tz));
  const body = h("div", { class: "message-body" });
  if (!follows) {
    body.append(
      h(
        "div",
        { class: "message-head" },
        h("span", { class: "author" }, author.shown),
        message.is_bot ? h("span", { class: "tag" }, "App") : null,
        time,
      ),
    );
  }
  if (message.ephemeral) body.append(h("p", { class: "only-you" }, icon("eye"), "Only visible to you"));
  body.append(...drawContent(message, app).flat());
  if (message.edited) body.append(h("span", { class: "edited" }, "(edited)"));
  if (Object.keys(message.reactions ?? {}).length) body.append(drawReactions(message.reactions));
  if (!inThread && message.reply_count) body.append(repliesButton(message, app, last));
  const tools = message.ephemeral ? null : drawTools(message, app, inThread, author);
  return h(
    "li",
    { class: `message${follows ? " follows" : ""}${message.ephemeral ? " ephemeral" : ""}`, "data-ts": message.ts },
    follows ? h("div", { class: "gutter" }, time) : avatar(author),
    follows ? h("span", { class: "sr-only" }, author.shown) : null,
    body,
    tools,
  );
}

function drawContent(message, app) {
  const place = { channel: app.look.channel, ts: message.ts };
  return [drawPart(message, app, place, ""), (message.attachments ?? []).map((part) => drawPart(part, app, place, "attachment"))];
}

function drawPart(part, app, place, className) {
  if (!part.blocks?.length) return h("div", { class: `text ${className}` }, drawMrkdwn(part.text ?? part.fallback, app.scene));
  const content = h("div", { class: `blocks ${className}` });
  keepBlocks(content, part.blocks, app.placeFor(place));
  return content;
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

function drawTools(message, app, inThread, author) {
  const shortcuts = app.look.shortcuts
    .filter((shortcut) => shortcut.type === "message")
    .map((shortcut) => ({
      label: shortcut.name,
      detail: shortcut.description,
      icon: icon("bolt"),
      onpick: () => app.act("message_shortcut", { callback_id: shortcut.callback_id, channel: app.look.channel, ts: message.ts }),
    }));
  const reply = inThread ? [] : [{ label: "Reply in a thread", icon: icon("reply"), onpick: () => app.openThread(message.ts) }];
  const items = [...reply, ...shortcuts];
  if (!items.length) return null;
  return h(
    "div",
    { class: "tools" },
    inThread ? null : iconButton("reply", `Reply to ${author.shown} in a thread`, () => app.openThread(message.ts)),
    iconButton("more", `More for the message of ${author.shown}`, (event) => openMenu(event.currentTarget, "Message", items), {
      "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": `tools/${inThread ? "thread/" : ""}${message.ts}`,
    }),
  );
}

/*
 * People, channels and groups when they are named inside a text. A mention of the reader stands out in weight as well as
 * in colour.
 */

import { h } from "./dom.js";

export function userMention(id, scene, label) {
  const user = scene.users[id];
  const name = user ? user.real_name || user.name : label || id;
  return h("span", { class: `mention${id === scene.me.id ? " mention-me" : ""}` }, `@${name}`);
}

export function channelMention(id, scene, label) {
  const channel = scene.known.find((one) => one.id === id);
  return h("span", { class: "mention" }, `#${channel ? channel.name : label || "private channel"}`);
}

export function groupMention(id, label) {
  return h("span", { class: "mention" }, label ? `@${label.replace(/^@/, "")}` : `@${id}`);
}

export function broadcastMention(range, label) {
  return h("span", { class: "mention mention-me" }, `@${(label || range).replace(/^@/, "")}`);
}

/*
 * The places somebody can go to: the app, the channels, the direct messages. What is unread is told by a number and in
 * words as well as by weight. On a narrow screen it slides in over the page.
 */

import { avatar, h, icon } from "./dom.js";
import { channelLabel } from "./choices.js";
import { keep } from "./keyed.js";
import { hashOf } from "./route.js";

const GROUPS = [
  ["App", (kind) => kind === "app"],
  ["Channels", (kind) => kind === "channel" || kind === "private"],
  ["Direct messages", (kind) => kind === "im"],
];

export function keepSidebar(parent, { scene, route }) {
  keep(
    parent,
    GROUPS.map(([title, of]) => {
      const channels = scene.channels.filter((channel) => of(channel.kind));
      const users = channels.map((channel) => scene.users[channel.with] ?? null);
      return {
        key: title,
        signature: JSON.stringify([channels, users, route.channel, route.team, route.user]),
        draw: () => drawGroup(title, channels, scene, route),
      };
    }).filter((item) => item.signature.startsWith("[[{")),
  );
}

function drawGroup(title, channels, scene, route) {
  const id = `side-${title.replace(" ", "-").toLowerCase()}`;
  return h(
    "section",
    { class: "side-group", "aria-labelledby": id },
    h("h2", { id }, title),
    h("ul", {}, channels.map((channel) => h("li", {}, drawLink(channel, scene, route)))),
  );
}

function drawLink(channel, scene, route) {
  const here = channel.id === route.channel;
  const unread = here ? 0 : channel.unread;
  return h(
    "a",
    {
      class: `side-link${unread ? " unread" : ""}`, href: hashOf({ team: route.team, user: route.user, channel: channel.id }),
      "aria-current": here ? "page" : null, "data-focus": `side/${channel.id}`,
    },
    signOf(channel, scene),
    h("span", { class: "side-name" }, channelLabel(channel, scene).replace(/^#/, "")),
    channel.kind === "private" ? h("span", { class: "sr-only" }, " (private)") : null,
    channel.archived ? h("span", { class: "side-note" }, "archived") : null,
    unread ? h("span", { class: "badge" }, String(unread), h("span", { class: "sr-only" }, " unread")) : null,
  );
}

export function signOf(channel, scene) {
  if (channel.kind === "app") return avatar({ is_app: true }, "tiny-avatar");
  if (channel.kind === "im") return avatar(scene.users[channel.with], "tiny-avatar");
  return icon(channel.kind === "private" ? "lock" : "hash");
}

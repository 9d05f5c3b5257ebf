/*
 * The frame of the workspace: the bar at the top, the sidebar, the conversation or App Home in the middle, the thread on
 * the right. It is built once per person; what changes inside is brought up to date by `draw`.
 */

import { announce, avatar, brandMark, h, icon, iconButton } from "./dom.js";
import { keepBlocks } from "./blocks.js";
import { channelLabel } from "./choices.js";
import { Composer } from "./composer.js";
import { shortOf, timeOf, zoneName } from "./dates.js";
import { openDemo } from "./demo.js";
import { authorOf, keepMessages } from "./messages.js";
import { hashOf } from "./route.js";
import { keepSidebar, signOf } from "./sidebar.js";

export class Shell {
  #channel = null;
  #newest = null;
  #pinned = true;

  constructor(app) {
    this.app = app;
    this.menu = iconButton("menu", "Channels", () => this.toggleSidebar(), { class: "icon-button only-narrow", "aria-expanded": "false", "aria-controls": "side" });
    this.workspace = h("span", { class: "top-workspace" });
    this.clock = h("button", { type: "button", class: "chip-button", "aria-haspopup": "dialog", onclick: () => openDemo(app) });
    this.me = h("button", { type: "button", class: "chip-button me", "aria-haspopup": "dialog", onclick: () => app.switchPerson() });
    this.top = h(
      "header",
      { class: "top" },
      this.menu,
      h("a", { class: "brand", href: "#", "aria-label": "Soundings demo: choose who you are" }, brandMark(), h("span", { class: "brand-name" }, "Soundings"), h("span", { class: "brand-tag" }, "demo")),
      this.workspace,
      h("span", { class: "grow" }),
      this.clock,
      iconButton("theme", "Switch between light and dark", () => window.soundingsTheme.toggle()),
      this.me,
    );
    this.side = h("nav", { class: "side", id: "side", "aria-label": "Channels and messages" });
    this.veil = h("div", { class: "veil", onclick: () => this.toggleSidebar(false) });
    this.head = h("div", { class: "place-head" });
    this.list = h("ol", { class: "messages", "aria-label": "Messages" });
    this.scroller = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Conversation" }, h("div", { class: "scroller-inner" }, this.list));
    this.home = h("div", { class: "home", role: "tabpanel", "aria-label": "Home", tabindex: "-1" });
    this.fresh = h("button", { type: "button", class: "fresh", hidden: true, onclick: () => this.toEnd() }, "New messages", icon("down"));
    this.composer = new Composer(app);
    this.readOnly = h("p", { class: "read-only", hidden: true });
    this.main = h("main", { id: "main", tabindex: "-1" }, this.head, this.scroller, this.home, this.fresh, this.composer.node, this.readOnly);
    this.threadList = h("ol", { class: "messages", "aria-label": "Messages of the thread" });
    this.threadComposer = new Composer(app, { thread: true });
    this.threadTitle = h("span", { class: "quiet" });
    this.thread = h(
      "aside",
      { class: "thread", "aria-label": "Thread", hidden: true },
      h("div", { class: "place-head" }, h("h2", {}, "Thread"), this.threadTitle, h("span", { class: "grow" }), iconButton("close", "Close the thread", () => app.openThread(null))),
      h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Messages of the thread" }, this.threadList),
      this.threadComposer.node,
    );
    this.node = h("div", { class: "shell" }, this.top, this.side, this.veil, this.main, this.thread);
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.scroller.addEventListener("scroll", () => {
      this.#pinned = this.atEnd();
      if (this.#pinned) this.fresh.hidden = true;
    });
    // Pictures arrive late and panels open: whoever was reading the end goes on reading the end.
    const settle = new ResizeObserver(() => this.#pinned && this.toEnd());
    settle.observe(this.scroller);
    settle.observe(this.scroller.firstElementChild);
    this.scroller.addEventListener("chosen", () => this.#pinned && this.toEnd());
    this.side.addEventListener("click", (event) => event.target.closest("a") && this.toggleSidebar(false));
  }

  key(event) {
    if (event.key !== "Escape") return;
    if (this.node.classList.contains("side-open")) {
      this.toggleSidebar(false);
      this.menu.focus();
    } else if (this.thread.contains(event.target)) this.app.openThread(null);
  }

  toggleSidebar(open = !this.node.classList.contains("side-open")) {
    this.node.classList.toggle("side-open", open);
    this.menu.setAttribute("aria-expanded", String(open));
    if (open) (this.side.querySelector("[aria-current]") ?? this.side.querySelector("a"))?.focus();
  }

  draw() {
    const { app } = this;
    const { look, scene, route } = app;
    this.workspace.textContent = look.workspace.name;
    this.drawClock(scene);
    this.me.replaceChildren(avatar(scene.users[look.me.id] ?? look.me, "small"), h("span", { class: "me-name" }, look.me.real_name || look.me.name), icon("down"));
    this.me.setAttribute("aria-label", `You are ${look.me.real_name || look.me.name}. Become somebody else`);
    keepSidebar(this.side, { scene, route });
    const channel = look.channels.find((one) => one.id === look.channel);
    const home = channel?.kind === "app" && app.tab() === "home";
    this.drawHead(channel, home);
    this.home.hidden = !home;
    this.scroller.hidden = home;
    // The composer first: it takes room from the messages, whose end is looked for only once they have theirs.
    this.drawComposer(channel, home);
    if (home) this.drawHome();
    else this.drawMessages(channel);
    this.drawThread(channel);
    this.title(channel);
  }

  drawClock(scene) {
    const words = shortOf(scene.time.now, scene.time.tz);
    if (this.clock.dataset.words === words) return;
    this.clock.dataset.words = words;
    this.clock.setAttribute("aria-label", `Demo controls. It is ${words} in ${zoneName(scene.time.tz)}`);
    this.clock.title = `Your time, in ${zoneName(scene.time.tz)}. Opens the demo controls`;
    this.clock.replaceChildren(icon("clock"), h("span", { class: "clock-long" }, words), h("span", { class: "clock-short" }, timeOf(scene.time.now, scene.time.tz)));
  }

  title(channel) {
    const unread = this.app.look.channels.reduce((sum, one) => sum + (one.id === channel?.id ? 0 : one.unread), 0);
    const place = channel ? channelLabel(channel, this.app.scene) : "Soundings demo";
    document.title = `${unread ? `(${unread}) ` : ""}${place} · Soundings demo`;
  }

  drawHead(channel, home) {
    const { scene, route } = this.app;
    const signature = JSON.stringify([channel?.id, channel?.topic, channel?.name, home, scene.app, scene.users[channel?.with]]);
    if (!channel || this.head.dataset.signature === signature) return;
    const hadFocus = this.head.contains(document.activeElement);
    this.head.dataset.signature = signature;
    const parts = [h("span", { class: "place-sign" }, signOf(channel, scene)), h("h1", {}, channelLabel(channel, scene).replace(/^#/, ""))];
    if (channel.topic) parts.push(h("p", { class: "topic" }, channel.topic));
    if (channel.kind === "app") parts.push(this.tabs(channel, home, route));
    this.head.replaceChildren(...parts);
    if (hadFocus) this.head.querySelector("[aria-selected=true]")?.focus();
  }

  tabs(channel, home, route) {
    const { app } = this.app.look;
    const tab = (name, label, on) =>
      h("a", { role: "tab", class: "tab", href: hashOf({ ...route, channel: channel.id, tab: name, thread: null }), "aria-selected": String(on), tabindex: on ? "0" : "-1" }, label);
    const list = h("div", { class: "tabs", role: "tablist", "aria-label": app.name }, app.home_tab ? tab("home", "Home", home) : null, app.messages_tab ? tab("messages", "Messages", !home) : null);
    list.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight", " "].includes(event.key)) return;
      event.preventDefault();
      const other = event.key === " " ? event.target : list.querySelector("[aria-selected=false]");
      other?.focus();
      other?.click();
    });
    return list;
  }

  drawHome() {
    const { app } = this;
    const view = app.look.home;
    if (!view) {
      this.home.replaceChildren(h("p", { class: "empty" }, `${app.look.app.name} has not drawn its Home for you yet. It usually takes a moment.`));
      this.homeBlocks = null;
      return;
    }
    if (!this.homeBlocks) this.home.replaceChildren((this.homeBlocks = h("div", { class: "blocks home-sheet" })));
    keepBlocks(this.homeBlocks, view.blocks, app.placeFor({ home: true }, { form: app.homeForm(view), signature: app.epoch }));
  }

  drawMessages(channel) {
    const { app } = this;
    const messages = app.look.messages;
    const moved = this.#channel !== app.look.channel;
    const stay = moved || this.#pinned;
    const newest = messages.at(-1);
    if (!messages.length) this.list.dataset.empty = channel ? this.beginning(channel) : "";
    else delete this.list.dataset.empty;
    keepMessages(this.list, messages, app);
    if (stay) this.toEnd();
    if (!moved && newest && newest.ts !== this.#newest && newest.user !== app.look.me.id) {
      if (!stay) this.fresh.hidden = false;
      announce(`New message from ${authorOf(newest, app.scene).shown}${newest.ephemeral ? ", only visible to you" : ""}`);
    }
    this.#channel = app.look.channel;
    this.#newest = newest?.ts ?? null;
  }

  beginning(channel) {
    const words = `This is the beginning of ${channelLabel(channel, this.app.scene)}.`;
    return channel.kind === "app" ? words : `${words} Type / to see what ${this.app.look.app.name} can do, or open its Home.`;
  }

  atEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 60;
  }

  /* What somebody is choosing from stays where it is until they have chosen. */
  toEnd() {
    this.#pinned = true;
    if (document.querySelector(".menu, .scroller .listbox")) return;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.fresh.hidden = true;
  }

  drawComposer(channel, home) {
    const { app } = this;
    const { look } = app;
    const closed = channel?.kind === "app" && (!look.app.messages_tab || look.app.read_only);
    const silent = !channel || home || closed || channel.archived;
    this.composer.node.hidden = silent;
    this.readOnly.hidden = !silent || home || !channel;
    this.readOnly.textContent = channel?.archived ? "This channel is archived. It can be read, not written to." : `${look.app.name} writes here; it does not take messages. Use the Home tab or a slash command instead.`;
    if (silent) this.fresh.hidden = true;
    else this.composer.moveTo({ key: `${app.route.team}/${app.route.user}/${channel.id}`, channel: channel.id, label: `Message ${channelLabel(channel, app.scene)}` });
  }

  drawThread(channel) {
    const { app } = this;
    const root = app.route.thread ? app.look.messages.find((message) => message.ts === app.route.thread) : null;
    const opening = this.thread.hidden && root;
    this.thread.hidden = !root;
    this.node.classList.toggle("with-thread", Boolean(root));
    if (!root) return;
    this.threadTitle.textContent = channelLabel(channel, app.scene);
    const replies = root.replies ?? [];
    const count = this.threadList.childElementCount;
    keepMessages(this.threadList, [root, ...replies], app, { inThread: true });
    if (this.threadList.childElementCount > count) this.threadList.parentElement.scrollTop = this.threadList.scrollHeight;
    this.threadComposer.moveTo({ key: `${app.route.team}/${app.route.user}/${channel.id}/${root.ts}`, channel: channel.id, thread_ts: root.ts, label: "Reply in this thread" });
    if (opening) this.threadComposer.field.focus({ preventScroll: true });
  }
}

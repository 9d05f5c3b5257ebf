/*
 * Writing: Enter sends, Shift+Enter starts a new line. A slash at the beginning offers the commands of the app, an @ the
 * people. What was typed in one conversation waits there while somebody looks at another.
 */

import { avatar, h, icon, iconButton } from "./dom.js";
import { userItem } from "./choices.js";
import { Listbox } from "./listbox.js";
import { openMenu } from "./menu.js";
import { folded, matching } from "./picker.js";

const drafts = new Map();

export class Composer {
  constructor(app, { thread = false } = {}) {
    this.app = app;
    this.thread = thread;
    this.place = null;
    this.field = h("textarea", {
      class: "composer-field", rows: "1", role: "combobox", "aria-haspopup": "listbox",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.list.close(),
      "data-focus": thread ? "composer/thread" : "composer",
    });
    this.hint = h("p", { class: "composer-hint", "aria-live": "polite" });
    this.shortcuts = iconButton("bolt", "Shortcuts", () => this.openShortcuts(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.send = iconButton("send", "Send", () => this.submit(), { class: "icon-button send" });
    this.box = h("div", { class: "composer-box" }, thread ? null : this.shortcuts, this.field, this.send);
    this.node = h("form", { class: "composer", onsubmit: (event) => (event.preventDefault(), this.submit()) }, this.box, this.hint);
    this.list = new Listbox({ field: this.field, anchor: this.box, label: "Suggestions", above: true, onpick: (item) => this.take(item) });
  }

  /* Write to this place from now on: `{key, channel, label, thread_ts}`. */
  moveTo(place) {
    if (this.place?.key === place.key) return;
    this.place = place;
    this.field.value = drafts.get(place.key) ?? "";
    this.field.placeholder = place.label;
    this.field.setAttribute("aria-label", place.label);
    this.list.close();
    this.typed(false);
  }

  typed(offer = true) {
    drafts.set(this.place.key, this.field.value);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 180)}px`;
    this.send.classList.toggle("ready", Boolean(this.field.value.trim()));
    this.tell();
    if (offer) this.offer();
  }

  tell() {
    const command = this.command();
    const words = command ? `${command.command} ${command.usage_hint ?? ""} · ${command.description ?? ""}` : "";
    if (this.hint.textContent !== words) this.hint.textContent = words;
  }

  command() {
    const word = this.field.value.match(/^(\/\S+)/)?.[1];
    return this.app.look?.commands.find((one) => one.command === word);
  }

  offer() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const slash = before.match(/^\/(\S*)$/);
    const at = before.match(/(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u);
    let items = [];
    if (slash) items = this.commandItems(slash[1]);
    else if (at) items = this.peopleItems(at[1]);
    if (items.length) this.list.show(items);
    else this.list.close();
  }

  commandItems(typed) {
    if (this.command()) return [];
    return this.app.look.commands
      .filter((one) => folded(one.command).startsWith(folded(`/${typed}`)))
      .map((one) => ({ label: one.command, aside: one.usage_hint, detail: one.description, text: `${one.command} `, from: 0 }));
  }

  peopleItems(typed) {
    const { scene } = this.app;
    const from = this.field.selectionStart - typed.length - 1;
    const people = Object.keys(scene.users)
      .filter((id) => !scene.users[id].deleted && !scene.users[id].is_bot)
      .map((id) => ({ ...userItem(id, scene), picture: avatar(scene.users[id], "small"), text: `@${scene.users[id].name} `, from }));
    return matching(people, typed).slice(0, 8);
  }

  take(item) {
    const after = this.field.value.slice(this.field.selectionStart);
    this.field.value = this.field.value.slice(0, item.from) + item.text + after;
    const caret = item.from + item.text.length;
    this.field.setSelectionRange(caret, caret);
    this.typed(false);
  }

  key(event) {
    if (this.list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text) return this.field.focus();
    const place = this.place;
    this.write(place, "");
    const done = await this.app.act("say", { channel: place.channel, text, ...(place.thread_ts ? { thread_ts: place.thread_ts } : {}) });
    if (!done && !drafts.get(place.key)) this.write(place, text);
  }

  write(place, text) {
    drafts.set(place.key, text);
    if (this.place.key !== place.key) return;
    this.field.value = text;
    this.typed(false);
  }

  openShortcuts() {
    const items = this.app.look.shortcuts
      .filter((shortcut) => shortcut.type === "global")
      .map((shortcut) => ({
        label: shortcut.name, detail: shortcut.description, icon: icon("bolt"),
        onpick: () => this.app.act("shortcut", { callback_id: shortcut.callback_id }),
      }));
    if (items.length) openMenu(this.shortcuts, "Shortcuts", items);
    else this.app.tell("The app offers no shortcuts.");
  }
}

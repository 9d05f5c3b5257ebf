/*
 * A list of suggestions under (or over) a field: slash commands, people, options. The field keeps the focus; arrow keys
 * move through the list, Enter or Tab takes, Escape closes. It lies in the browser's top layer, so nothing clips it.
 */

import { freshId, h } from "./dom.js";

export class Listbox {
  constructor({ field, anchor, label, onpick, above = false, multiple = false }) {
    this.field = field;
    this.anchor = anchor ?? field;
    this.above = above;
    this.onpick = onpick;
    this.items = [];
    this.at = -1;
    this.node = h("ul", {
      class: "listbox", role: "listbox", id: freshId("list"), popover: "manual", "aria-label": label,
      "aria-multiselectable": multiple ? "true" : null,
    });
    this.field.setAttribute("aria-controls", this.node.id);
    this.field.setAttribute("aria-expanded", "false");
    this.field.setAttribute("aria-autocomplete", "list");
    this.move = () => this.place();
  }

  get open() {
    return this.node.isConnected;
  }

  /* Show these items: `{label, aside, detail, picture, group, chosen}`. With `words`, a sentence when there is none. */
  show(items, words = "Nothing matches.", first = 0) {
    this.items = items;
    const rows = [];
    let group = null;
    items.forEach((item, index) => {
      if (item.group && item.group !== group) rows.push(h("li", { class: "listbox-group", role: "presentation" }, item.group));
      group = item.group;
      rows.push(this.row(item, index));
    });
    if (!items.length) rows.push(h("li", { class: "listbox-none", role: "presentation" }, words));
    this.node.replaceChildren(...rows);
    if (!this.open) {
      this.anchor.after(this.node);
      this.node.showPopover();
      window.addEventListener("resize", this.move);
      document.addEventListener("scroll", this.move, true);
      this.field.setAttribute("aria-expanded", "true");
    }
    this.place();
    this.select(items.length ? Math.max(0, Math.min(first, items.length - 1)) : -1);
  }

  row(item, index) {
    return h(
      "li",
      {
        role: "option", id: `${this.node.id}-${index}`, class: "listbox-item",
        "aria-selected": item.chosen ? "true" : "false",
        onmousedown: (event) => event.preventDefault(),
        onclick: () => this.take(index),
      },
      item.picture,
      h("span", { class: "listbox-label" }, item.label, item.aside ? h("span", { class: "quiet" }, ` ${item.aside}`) : null),
      item.detail ? h("span", { class: "listbox-detail" }, item.detail) : null,
    );
  }

  place() {
    const field = this.anchor.getBoundingClientRect();
    const below = window.innerHeight - field.bottom;
    const over = this.above || (below < 220 && field.top > below);
    const width = Math.min(Math.max(field.width, 240), window.innerWidth - 16);
    const style = this.node.style;
    style.width = `${width}px`;
    style.left = `${Math.max(8, Math.min(field.left, window.innerWidth - width - 8))}px`;
    style.maxHeight = `${Math.max(120, Math.min(320, (over ? field.top : below) - 16))}px`;
    style.top = over ? "auto" : `${field.bottom + 4}px`;
    style.bottom = over ? `${window.innerHeight - field.top + 4}px` : "auto";
  }

  select(index) {
    this.at = index;
    const options = this.node.querySelectorAll("[role=option]");
    options.forEach((option, each) => option.classList.toggle("at", each === index));
    if (index < 0) this.field.removeAttribute("aria-activedescendant");
    else {
      this.field.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }
  }

  take(index) {
    const item = this.items[index];
    this.close();
    if (item) this.onpick(item);
  }

  close() {
    if (!this.open) return;
    this.node.remove();
    window.removeEventListener("resize", this.move);
    document.removeEventListener("scroll", this.move, true);
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.field.dispatchEvent(new Event("chosen", { bubbles: true }));
  }

  /* True when the key was for the list. */
  key(event) {
    if (!this.open || event.isComposing) return false;
    const last = this.items.length - 1;
    const moves = {
      ArrowDown: () => this.select(this.at >= last ? 0 : this.at + 1),
      ArrowUp: () => this.select(this.at <= 0 ? last : this.at - 1),
      Escape: () => this.close(),
    };
    if (this.at >= 0) {
      moves.Enter = () => this.take(this.at);
      if (!event.shiftKey) moves.Tab = () => this.take(this.at);
    }
    const move = moves[event.key];
    if (!move || (last < 0 && event.key !== "Escape")) return false;
    event.preventDefault();
    event.stopPropagation();
    move();
    return true;
  }
}

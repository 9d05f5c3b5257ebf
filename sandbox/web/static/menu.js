/*
 * A menu that opens from a button: shortcuts, what can be done with a message, an overflow. Arrow keys move, Enter or Space
 * takes, Escape closes and gives the focus back to the button.
 */

import { h } from "./dom.js";

let current = null;

/* Items are `{label, detail, icon, onpick}`. */
export function openMenu(button, label, items) {
  if (current?.button === button) return current.close(true);
  current?.close(false);
  const node = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, popover: "manual" },
    items.map((item) =>
      h(
        "button",
        { type: "button", role: "menuitem", class: "menu-item", tabindex: "-1", onclick: () => (close(true), item.onpick()) },
        item.icon,
        h("span", { class: "menu-label" }, item.label, item.detail ? h("small", {}, item.detail) : null),
      ),
    ),
  );
  const buttons = () => [...node.querySelectorAll("button")];

  function close(back) {
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", leave);
    document.removeEventListener("scroll", away, true);
    node.remove();
    button.setAttribute("aria-expanded", "false");
    current = null;
    if (back) button.focus({ preventScroll: true });
  }
  const leave = () => close(false);
  const away = (event) => node.contains(event.target) || close(false);
  const outside = (event) => node.contains(event.target) || button.contains(event.target) || close(false);

  node.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[to % all.length].focus();
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") return close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  (button.closest("dialog") ?? document.body).append(node);
  node.showPopover();
  place(node, button);
  button.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", leave);
  document.addEventListener("scroll", away, true);
  buttons()[0]?.focus({ preventScroll: true });
  current = { button, close };
}

function place(node, button) {
  const from = button.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  const below = from.bottom + size.height + 12 < window.innerHeight;
  node.style.top = `${Math.max(8, below ? from.bottom + 4 : from.top - size.height - 4)}px`;
  const left = from.left + size.width + 8 < window.innerWidth ? from.left : from.right - size.width;
  node.style.left = `${Math.max(8, left)}px`;
}

/*
 * A menu that opens from a button: shortcuts, what can be done with a message, an overflow. Arrow keys move, Enter or Space
 * takes, Escape closes and gives the focus back to the button. It goes wherever its button goes, and closes with it.
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
  let frame = null;

  function close(back) {
    cancelAnimationFrame(frame);
    document.removeEventListener("pointerdown", outside, true);
    node.remove();
    button.setAttribute("aria-expanded", "false");
    current = null;
    if (back) button.focus({ preventScroll: true });
    button.dispatchEvent(new Event("chosen", { bubbles: true }));
  }
  function follow() {
    if (!inSight(button)) return close(node.contains(document.activeElement));
    place(node, button);
    frame = requestAnimationFrame(follow);
  }
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

  button.scrollIntoView({ block: "nearest" });
  (button.closest("dialog") ?? document.body).append(node);
  node.showPopover();
  button.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  current = { button, close };
  follow();
  buttons()[0]?.focus({ preventScroll: true });
}

/* Whether the button is there, and not scrolled away. */
function inSight(button) {
  const at = button.getBoundingClientRect();
  const around = button.closest(".scroller, .home, .modal-body")?.getBoundingClientRect();
  return at.height > 0 && (!around || (at.bottom > around.top && at.top < around.bottom));
}

function place(node, button) {
  const from = button.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  const below = from.bottom + size.height + 12 < window.innerHeight;
  node.style.top = `${Math.max(8, below ? from.bottom + 4 : from.top - size.height - 4)}px`;
  const left = from.left + size.width + 8 < window.innerWidth ? from.left : from.right - size.width;
  node.style.left = `${Math.max(8, left)}px`;
}

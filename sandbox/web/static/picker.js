/*
 * Choosing one or several from many, by typing: the control behind every select. One choice shows in the field itself,
 * several show as chips before it. The choices may be at hand, or come from the app while typing.
 */

import { announce, h, icon } from "./dom.js";
import { Listbox } from "./listbox.js";

export const folded = (text) => String(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/* The items with a word that begins with what was typed; when there is none, those that contain it. */
export function matching(items, query) {
  const wanted = folded(query.trim());
  if (!wanted) return items;
  const rank = (item) => {
    const text = folded(`${item.label} ${item.detail ?? ""}`);
    if (text.startsWith(wanted)) return 0;
    if (text.split(/[\s@(.]+/).some((word) => word.startsWith(wanted))) return 1;
    return text.includes(wanted) ? 2 : 3;
  };
  const ranked = items.map((item, at) => ({ item, at, rank: rank(item) }));
  const worst = ranked.some((entry) => entry.rank < 2) ? 1 : 2;
  return ranked
    .filter((entry) => entry.rank <= worst)
    .sort((one, other) => one.rank - other.rank || one.at - other.at)
    .map((entry) => entry.item);
}

/*
 * `find(query)` gives items `{key, label, detail, picture, group}`, at once or as a promise. `chosen` are the items chosen so
 * far; `onchange` gets the new list. `attributes` go on the text field, so that labels, hints and errors belong to it.
 */
export function picker({ find, chosen, multiple, most, placeholder, clearable, attributes, onchange }) {
  let picked = [...chosen];
  let asked = 0;
  const field = h("input", {
    type: "text", class: "picker-field", role: "combobox", autocomplete: "off", spellcheck: "false", ...attributes,
  });
  const chips = multiple ? h("span", { class: "chips" }) : null;
  const clear = h(
    "button",
    { type: "button", class: "picker-clear", "aria-label": "Clear the choice", onclick: () => (change([]), field.focus()) },
    icon("close"),
  );
  const box = h("span", { class: "picker", onclick: (event) => event.target === box && field.focus() }, chips, field, clear, icon("down"));
  const list = new Listbox({ field, anchor: box, label: placeholder || "Choices", multiple, onpick: take });
  const root = h("span", { class: "picker-root" }, box);

  function draw() {
    field.placeholder = multiple && picked.length ? "" : placeholder || "Choose";
    if (!multiple) field.value = picked[0]?.label ?? "";
    clear.hidden = multiple || !clearable || !picked.length;
    chips?.replaceChildren(...picked.map(chip));
  }

  function chip(item) {
    const remove = () => {
      change(picked.filter((other) => other.key !== item.key));
      field.focus();
    };
    return h(
      "span",
      { class: "chip" },
      item.label,
      h("button", { type: "button", "aria-label": `Remove ${item.label}`, onclick: remove }, icon("close")),
    );
  }

  function change(items) {
    picked = items;
    draw();
    onchange(picked);
  }

  function take(item) {
    if (!multiple) return change([item]);
    field.value = "";
    const had = picked.some((other) => other.key === item.key);
    if (!had && most && picked.length >= most) {
      announce(`You can choose up to ${most}.`);
      return;
    }
    change(had ? picked.filter((other) => other.key !== item.key) : [...picked, item]);
    announce(had ? `${item.label} removed` : `${item.label} added`);
  }

  async function suggest(query) {
    const turn = ++asked;
    let items;
    try {
      const answer = find(query);
      if (answer instanceof Promise) list.show([], "Looking…");
      items = await answer;
    } catch {
      items = [];
    }
    if (turn !== asked || document.activeElement !== field) return;
    const keys = new Set(picked.map((item) => item.key));
    const shown = items.map((item) => ({ ...item, chosen: keys.has(item.key) }));
    const first = query ? 0 : shown.findIndex((item) => item.chosen);
    list.show(shown, most && picked.length >= most ? `That is all ${most}.` : "Nothing matches.", first);
  }

  field.addEventListener("input", () => suggest(field.value));
  field.addEventListener("click", () => list.open || suggest(""));
  field.addEventListener("focus", () => multiple || field.select());
  field.addEventListener("blur", () => {
    asked += 1;
    list.close();
    if (multiple) field.value = "";
    else draw();
  });
  field.addEventListener("keydown", (event) => {
    if (list.key(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      suggest("");
    } else if (event.key === "Enter") event.preventDefault();
    else if (event.key === "Backspace" && multiple && !field.value && picked.length) change(picked.slice(0, -1));
  });
  draw();
  return root;
}

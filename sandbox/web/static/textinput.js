/*
 * Inputs that are typed into. A text with a largest length shows how much of it is used, and says in words when it is too
 * much; nothing is ever cut off. An input that dispatches tells the app on Enter, or while typing, as it asked.
 */

import { h } from "./dom.js";

const KINDS = { email_text_input: ["email", "email"], url_text_input: ["url", "url"], number_input: ["text", "decimal"] };

const richOf = (text) =>
  text ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] } : null;

function wordsOf(value) {
  if (typeof value === "string") return value;
  return (value?.elements ?? [])
    .map((part) => (part.elements ?? []).map((span) => span.text ?? "").join(""))
    .join("\n");
}

export function textInput(element, place) {
  const rich = element.type === "rich_text_input";
  const long = rich || element.multiline;
  const [type, inputmode] = KINDS[element.type] ?? ["text", null];
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const typing = place.dispatch && triggers.includes("on_character_entered");
  let timer = null;
  const field = h(long ? "textarea" : "input", {
    class: "field", type: long ? null : type, inputmode, rows: long ? 4 : null, autocomplete: "off",
    placeholder: element.placeholder?.text, value: wordsOf(place.form.value(place.block.block_id, element)), ...place.attributes,
  });
  const entered = () => {
    if (rich) return richOf(field.value);
    return field.value === "" ? null : field.value;
  };
  const press = () => place.press(place.block, element, entered());
  const counter = element.max_length ? h("span", { class: "counter" }) : null;
  const count = () => {
    if (!counter) return;
    const length = [...field.value].length;
    const over = length - element.max_length;
    counter.textContent = over > 0 ? `${over} too many (${length} of ${element.max_length})` : `${length} of ${element.max_length}`;
    counter.classList.toggle("over", over > 0);
  };

  field.addEventListener("input", () => {
    place.form.enter(place.block.block_id, element, entered());
    count();
    if (!typing) return;
    clearTimeout(timer);
    timer = setTimeout(press, 400);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (event.ctrlKey || event.metaKey) return;
    if (place.dispatch && triggers.includes("on_enter_pressed") && !long) {
      event.preventDefault();
      press();
    }
  });
  count();
  return counter ? h("span", { class: "counted" }, field, counter) : field;
}

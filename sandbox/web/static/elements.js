/*
 * The interactive elements of Block Kit: buttons, selects, radio buttons, checkboxes, text, number, date and time inputs,
 * overflow menus. Each gets a `place`: where it stands, what has been entered, and what pressing it does.
 */

import { freshId, h, icon, safeUrl } from "./dom.js";
import { choicesOf } from "./choices.js";
import { confirmed } from "./confirm.js";
import { withEmoji } from "./emoji.js";
import { fileInput } from "./files.js";
import { openMenu } from "./menu.js";
import { drawText } from "./mrkdwn.js";
import { picker } from "./picker.js";
import { textInput } from "./textinput.js";
import { hasState } from "./values.js";

/*
 * place = {block, form, scene(), press(block, element, value), suggest(block, element, query), upload(block, element, file),
 * attributes, inInput, dispatch}
 * `attributes` name the control (aria-label or id for its label) and tie hints and errors to it.
 */
export function drawElement(element, place) {
  const attributes = { ...place.attributes, "data-focus": focusKey(element, place.block) };
  const spot = { ...place, attributes };
  if (element.type === "button" || element.type === "workflow_button") return drawButton(element, spot);
  if (element.type === "overflow") return drawOverflow(element, spot);
  if (element.type === "radio_buttons" || element.type === "checkboxes") return drawBoxes(element, spot);
  if (/_select$/.test(element.type)) return drawSelect(element, spot);
  if (element.type in NATIVE) return drawNative(element, spot);
  if (element.type === "feedback_buttons") return drawFeedback(element, spot);
  if (element.type === "icon_button") return drawButton(element, spot);
  if (element.type === "file_input") return fileInput(element, spot);
  return textInput(element, spot);
}

/* What is pressed only is found again by what it does, for its block may have another id by then. */
function focusKey(element, block) {
  return hasState(element) ? `${block.block_id}/${element.action_id}` : `press/${element.action_id}/${element.value ?? ""}`;
}

/* Remember the value; outside an input, or in one that asks for it, tell the app at once. */
async function enter(element, place, value) {
  place.form.enter(place.block.block_id, element, value);
  if (!place.inInput || place.dispatch) {
    if (await confirmed(element.confirm)) await place.press(place.block, element, bare(value));
  }
}

/* What is pressed travels bare: the value of an option, an id, a date. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  return value?.value ?? value;
}

const BUSY = ["aria-busy", "aria-disabled"];

/* Two presses in a row count once: until the first is answered the button takes no other, and says so to everybody. */
async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  for (const state of BUSY) button.setAttribute(state, "true");
  try {
    await work();
  } finally {
    for (const state of BUSY) button.removeAttribute(state);
  }
}

function drawButton(element, place) {
  const style = ["primary", "danger"].includes(element.style) ? element.style : "";
  const press = async (event) => {
    const button = event.currentTarget;
    if (await confirmed(element.confirm)) await busy(button, () => place.press(place.block, element));
  };
  const label = element.accessibility_label || null;
  const props = { class: `button ${style}`, "aria-label": label, "data-focus": place.attributes["data-focus"] };
  const words = withEmoji(element.text?.text);
  if (safeUrl(element.url)) {
    return h("a", { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, words);
  }
  return h("button", { ...props, type: "button", onclick: press }, words);
}

function drawFeedback(element, place) {
  const one = (button) =>
    h(
      "button",
      {
        type: "button", class: "button", "aria-label": button.accessibility_label || null,
        onclick: (event) => busy(event.currentTarget, () => place.press(place.block, element, button.value)),
      },
      withEmoji(button.text?.text),
    );
  return h("span", { class: "row" }, one(element.positive_button), one(element.negative_button));
}

function drawOverflow(element, place) {
  const items = element.options.map((option) => ({
    label: option.text?.text ?? "",
    detail: option.description?.text,
    onpick: async () => {
      if (await confirmed(element.confirm)) {
        if (safeUrl(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
        await place.press(place.block, element, option.value);
      }
    },
  }));
  return h(
    "button",
    {
      type: "button", class: "button overflow", "aria-label": "More choices", "aria-haspopup": "menu", "aria-expanded": "false",
      "data-focus": place.attributes["data-focus"],
      onclick: (event) => openMenu(event.currentTarget, "More choices", items),
    },
    icon("more"),
  );
}

function drawBoxes(element, place) {
  const many = element.type === "checkboxes";
  const name = freshId("choice");
  const now = place.form.value(place.block.block_id, element);
  const chosen = new Set((many ? (now ?? []) : now ? [now] : []).map((option) => option.value));
  const { id, "data-focus": focus, ...named } = place.attributes;
  const group = h("div", { class: "boxes", role: many ? "group" : "radiogroup", id, ...named });
  const change = () => {
    const inputs = [...group.querySelectorAll("input")];
    const picked = element.options.filter((_, at) => inputs[at].checked);
    enter(element, place, many ? picked : (picked[0] ?? null));
  };
  const described = named["aria-describedby"];
  group.append(
    ...element.options.map((option, at) =>
      h(
        "label",
        { class: "box" },
        h("input", {
          type: many ? "checkbox" : "radio", name, value: option.value, checked: chosen.has(option.value), onchange: change,
          "data-focus": at ? `${focus}/${option.value}` : focus, "aria-describedby": described,
        }),
        h(
          "span",
          {},
          drawText(option.text, place.scene()),
          option.description ? h("small", {}, drawText(option.description, place.scene())) : null,
        ),
      ),
    ),
  );
  return group;
}

function drawSelect(element, place) {
  const multiple = element.type.startsWith("multi_");
  const { find, item } = choicesOf(element, place.scene, (query) => place.suggest(place.block, element, query));
  const now = place.form.value(place.block.block_id, element);
  const placeholder = element.placeholder?.text;
  return picker({
    find, multiple, placeholder,
    most: element.max_selected_items,
    clearable: place.inInput,
    chosen: (multiple ? (now ?? []) : now ? [now] : []).map(item),
    attributes: { ...place.attributes, "aria-label": place.inInput ? null : placeholder || "Choose" },
    onchange: (items) => enter(element, place, multiple ? items.map((one) => one.given) : (items[0]?.given ?? null)),
  });
}

const NATIVE = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

/* Moments are typed in the reader's own zone and travel as seconds. */
function offsetAt(seconds, tz) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: tz, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).formatToParts(new Date(seconds * 1000));
  const get = (type) => Number(parts.find((part) => part.type === type).value);
  return Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute")) / 1000 - Math.floor(seconds / 60) * 60;
}

function momentOf(text, tz) {
  if (!text) return null;
  const naive = Date.parse(`${text}Z`) / 1000;
  return naive - offsetAt(naive - offsetAt(naive, tz), tz);
}

function drawNative(element, place) {
  const tz = place.scene().me.tz || "UTC";
  const moment = element.type === "datetimepicker";
  const now = place.form.value(place.block.block_id, element);
  const shown = moment && now ? new Date((Number(now) + offsetAt(Number(now), tz)) * 1000).toISOString().slice(0, 16) : (now ?? "");
  return h("input", {
    type: NATIVE[element.type], class: "field field-short", value: shown, ...place.attributes,
    "aria-label": place.inInput ? null : element.placeholder?.text || "Choose",
    onchange: (event) => enter(element, place, moment ? momentOf(event.target.value, tz) : event.target.value || null),
  });
}

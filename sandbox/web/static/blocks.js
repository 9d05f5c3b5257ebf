/*
 * Block Kit, drawn: section, header, context, actions, input, divider, image, rich text, and the few newer blocks a message
 * may carry. A block this page does not know is shown as its words, never dropped in silence.
 */

import { freshId, h, icon, safeUrl } from "./dom.js";
import { drawElement } from "./elements.js";
import { keep } from "./keyed.js";
import { drawText } from "./mrkdwn.js";
import { drawRichText } from "./richtext.js";
import { hasState } from "./values.js";

const drawnFrom = new WeakMap();

/*
 * Bring `parent` in line with `blocks`. `place` is what elements need: {form, scene(), press, suggest, errors}.
 *
 * A block that holds what somebody entered is known by its id. Any other is known by what it shows: the app need not name
 * it, and then it has another id each time it is drawn, which the block that stays takes over.
 */
export function keepBlocks(parent, blocks, place) {
  const seen = new Map();
  keep(
    parent,
    (blocks ?? []).map((block) => {
      const shown = unnamed(block);
      const name = elementsOf(block).some(hasState) ? block.block_id : shown;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return {
        key: `${name}#${seen.get(name)}`,
        signature: JSON.stringify([shown, place.errors?.[block.block_id] ?? null, place.signature ?? null]),
        draw: () => drawBlock(block, place),
        renew: (node) => rename(drawnFrom.get(node), block),
      };
    }),
  );
}

const elementsOf = (block) => [block.accessory, block.element, ...(block.elements ?? [])].filter((one) => one?.action_id);

const unnamed = (block) => JSON.stringify(block, (name, value) => (/^(block|action)_id$/.test(name) ? undefined : value));

/* The drawn block goes by the ids of the one that is there now. */
function rename(drawn, block) {
  drawn.block_id = block.block_id;
  const now = elementsOf(block);
  elementsOf(drawn).forEach((element, at) => (element.action_id = now[at].action_id));
}

function drawBlock(block, place) {
  const node = (DRAW[block.type] ?? drawUnknown)(block, place);
  node.classList.add("block", `block-${block.type}`);
  node.dataset.block = block.block_id ?? "";
  drawnFrom.set(node, block);
  const error = place.errors?.[block.block_id];
  if (error && block.type !== "input") node.append(errorNode(freshId("error"), error));
  return node;
}

const spotIn = (block, place, extra) => ({ ...place, block, attributes: {}, ...extra });

function drawImage(image, className) {
  const url = safeUrl(image.image_url ?? image.slack_file?.url);
  const words = () => h("span", { class: `${className} picture-words`, role: "img", "aria-label": image.alt_text }, image.alt_text);
  if (!url) return words();
  const picture = h("img", { class: className, src: url, alt: image.alt_text ?? "", loading: "lazy", referrerpolicy: "no-referrer" });
  picture.addEventListener("error", () => picture.replaceWith(words()));
  return picture;
}

function errorNode(id, words) {
  return h("p", { class: "field-error", id, role: "alert" }, icon("alert"), h("span", {}, words));
}

const DRAW = {
  section(block, place) {
    const scene = place.scene();
    const words = h("div", { class: "words" });
    if (block.text) words.append(h("div", { class: "text" }, drawText(block.text, scene)));
    if (block.fields) {
      words.append(h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, drawText(field, scene)))));
    }
    const extra = block.accessory;
    if (!extra) return h("div", {}, words);
    const node = extra.type === "image" ? drawImage(extra, "thumb") : drawElement(extra, spotIn(block, place));
    return h("div", {}, words, h("div", { class: "accessory" }, node));
  },
  header: (block, place) =>
    h("div", { role: "heading", "aria-level": String(Math.min(6, 2 + Number(block.level ?? 1))) }, drawText(block.text, place.scene())),
  divider: () => h("hr"),
  context: (block, place) =>
    h(
      "div",
      {},
      block.elements.map((element) =>
        element.type === "image" ? drawImage(element, "tiny") : h("span", { class: "text" }, drawText(element, place.scene())),
      ),
    ),
  actions: (block, place) => h("div", {}, block.elements.map((element) => drawElement(element, spotIn(block, place)))),
  context_actions: (block, place) => h("div", { class: "row" }, block.elements.map((element) => drawElement(element, spotIn(block, place)))),
  image: (block, place) =>
    h(
      "figure",
      {},
      block.title ? h("figcaption", {}, drawText(block.title, place.scene())) : null,
      drawImage(block, "picture"),
    ),
  rich_text: (block, place) => h("div", {}, drawRichText(block, place.scene())),
  markdown: (block) => h("div", { class: "text" }, block.text ?? ""),
  alert: (block, place) => h("div", { role: "note" }, icon("alert"), h("div", { class: "text" }, drawText(block.text, place.scene()))),
  input: drawInput,
};

function drawInput(block, place) {
  const scene = place.scene();
  const id = freshId("input");
  const error = place.errors?.[block.block_id];
  const grouped = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const labelId = `${id}-label`;
  const notes = [block.hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(" ");
  const attributes = {
    id,
    "aria-describedby": notes || null,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional || block.element.type === "checkboxes" ? null : "true",
    "aria-labelledby": grouped ? labelId : null,
  };
  const label = h(
    grouped ? "div" : "label",
    { class: "label", id: labelId, for: grouped ? null : id },
    drawText(block.label, scene),
    block.optional ? h("span", { class: "optional" }, " (optional)") : null,
  );
  const spot = spotIn(block, place, { attributes, inInput: true, dispatch: Boolean(block.dispatch_action) });
  return h(
    "div",
    { class: error ? "wrong" : null },
    label,
    drawElement(block.element, spot),
    error ? errorNode(`${id}-error`, error) : null,
    block.hint ? h("p", { class: "hint", id: `${id}-hint` }, drawText(block.hint, scene)) : null,
  );
}

function drawUnknown(block) {
  const words = [];
  const gather = (value) => {
    if (Array.isArray(value)) value.forEach(gather);
    else if (value && typeof value === "object") {
      if (typeof value.text === "string") words.push(value.text);
      Object.values(value).forEach(gather);
    }
  };
  gather(block);
  return h("div", { class: "text quiet" }, words.join("\n") || `(${block.type})`);
}

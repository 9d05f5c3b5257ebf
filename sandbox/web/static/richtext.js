/*
 * Rich text: the form in which the app writes what people said, so that their words stay words. Sections, lists, quotes
 * and preformatted parts; inside them text, links, emoji, mentions, dates and colours.
 */

import { h, link } from "./dom.js";
import { slackDate } from "./dates.js";
import { emojiNode } from "./emoji.js";
import { broadcastMention, channelMention, groupMention, userMention } from "./mentions.js";

export function drawRichText(block, scene) {
  return h("div", { class: "rich" }, ...(block.elements ?? []).map((part) => drawPart(part, scene)));
}

function drawPart(part, scene) {
  const children = part.elements ?? [];
  if (part.type === "rich_text_list") {
    const ordered = part.style === "ordered";
    const indent = Math.min(Number(part.indent) || 0, 6);
    const list = h(ordered ? "ol" : "ul", {
      class: `rich-list indent-${indent}${part.border ? " rich-border" : ""}`,
      start: ordered && part.offset ? Number(part.offset) + 1 : null,
    });
    list.append(...children.map((item) => h("li", {}, ...drawSpans(item.elements ?? [], scene))));
    return list;
  }
  if (part.type === "rich_text_quote") return h("blockquote", {}, ...drawSpans(children, scene));
  if (part.type === "rich_text_preformatted") return h("pre", {}, ...drawSpans(children, scene));
  return h("p", {}, ...drawSpans(children, scene));
}

function drawSpans(elements, scene) {
  return elements.map((element) => styled(drawSpan(element, scene), element.style));
}

function drawSpan(element, scene) {
  switch (element.type) {
    case "text":
      return document.createTextNode(element.text ?? "");
    case "link":
      return link(element.url, element.text || element.url);
    case "emoji":
      return emojiNode(element.name, element.unicode);
    case "user":
      return userMention(element.user_id, scene);
    case "channel":
      return channelMention(element.channel_id, scene);
    case "usergroup":
      return groupMention(element.usergroup_id);
    case "broadcast":
      return broadcastMention(element.range);
    case "team":
      return document.createTextNode(scene.workspace.name);
    case "color":
      return h("code", {}, element.value);
    case "date":
      return drawDate(element, scene);
    default:
      return document.createTextNode(element.text ?? element.fallback ?? "");
  }
}

function drawDate(element, scene) {
  const words = slackDate(element.timestamp, element.format, scene.time) ?? element.fallback ?? "";
  return element.url ? link(element.url, words) : h("time", { title: element.fallback }, words);
}

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark" };

function styled(node, style) {
  let dressed = node;
  for (const [name, on] of Object.entries(style ?? {})) if (on && TAGS[name]) dressed = h(TAGS[name], {}, dressed);
  return dressed;
}

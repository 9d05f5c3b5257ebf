/*
 * Slack's small markup, drawn safely: bold, italic, strike, code, quotes, links, mentions, dates and line breaks. Everything
 * else is literal text. The input is split into pieces and each piece becomes a node; markup is never built from strings.
 */

import { h, link } from "./dom.js";
import { slackDate } from "./dates.js";
import { emojiNode, withEmoji } from "./emoji.js";
import { channelMention, broadcastMention, groupMention, userMention } from "./mentions.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+'-]+):",
    "(?<bare>https?:\\/\\/[^\\s<>|]+[^\\s<>|.,;:!?)\\]'\"])",
  ].join("|"),
  "gu",
);

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/* A text object of Block Kit, of either kind. */
export function drawText(text, scene) {
  if (!text) return [];
  return text.type === "mrkdwn" ? drawMrkdwn(text.text, scene) : withEmoji(text.text);
}

export function drawMrkdwn(text, scene) {
  const pieces = String(text ?? "").split(/```([\s\S]+?)```/);
  return pieces.flatMap((piece, at) => {
    if (at % 2) return [h("pre", {}, unescape(piece.replace(/^\n|\n$/g, "")))];
    return piece ? lines(at ? piece.replace(/^\n/, "") : piece, scene) : [];
  });
}

function lines(text, scene) {
  const nodes = [];
  let quote = null;
  text.split("\n").forEach((line, at) => {
    const quoted = line.match(/^(?:&gt;|>)\s?(.*)$/);
    if (quoted) {
      if (quote) quote.append(h("br"));
      else nodes.push((quote = h("blockquote")));
      quote.append(...inline(quoted[1], scene));
      return;
    }
    if (at && !quote) nodes.push(h("br"));
    quote = null;
    nodes.push(...inline(line, scene));
  });
  return nodes;
}

function inline(text, scene) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > at) nodes.push(unescape(text.slice(at, found.index)));
    nodes.push(drawPiece(found, scene));
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(unescape(text.slice(at)));
  return nodes;
}

function drawPiece(found, scene) {
  const { code, angle, bold, italic, strike, emoji, bare } = found.groups;
  if (code !== undefined) return h("code", {}, unescape(code));
  if (angle !== undefined) return drawAngle(angle, scene, found[0]);
  if (bold !== undefined) return h("strong", {}, ...inline(bold, scene));
  if (italic !== undefined) return h("em", {}, ...inline(italic, scene));
  if (strike !== undefined) return h("s", {}, ...inline(strike, scene));
  if (emoji !== undefined) return emojiNode(emoji);
  return link(unescape(bare), unescape(bare));
}

function drawAngle(inside, scene, whole) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return userMention(target.slice(1), scene, label);
  if (target.startsWith("#")) return channelMention(target.slice(1), scene, label);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, url] = target.split("^");
    const words = slackDate(seconds, unescape(pattern ?? ""), scene.time) ?? label;
    return url ? link(unescape(url), words) : h("time", { title: label || null }, words);
  }
  if (target.startsWith("!subteam^")) return groupMention(target.split("^")[1], label);
  if (target.startsWith("!")) return broadcastMention(target.slice(1), label);
  const url = unescape(target);
  return /^(https?:\/\/|mailto:)/i.test(url) ? link(url, label || url) : document.createTextNode(unescape(whole));
}

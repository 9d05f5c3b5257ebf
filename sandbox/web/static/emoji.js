/*
 * The short names of emoji people and the app use most. A name that is not here stays as it was written, `:like_this:`.
 */

import { h } from "./dom.js";

const NAMES = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", clap: "👏", raised_hands: "🙌", pray: "🙏", wave: "👋", ok_hand: "👌",
  muscle: "💪", handshake: "🤝", point_right: "👉", point_down: "👇", eyes: "👀", heart: "❤️", blue_heart: "💙", green_heart: "💚",
  smile: "😄", grinning: "😀", slightly_smiling_face: "🙂", blush: "😊", joy: "😂", wink: "😉", thinking_face: "🤔",
  neutral_face: "😐", slightly_frowning_face: "🙁", disappointed: "😞", cry: "😢", sweat_smile: "😅", sunglasses: "😎",
  tada: "🎉", sparkles: "✨", star: "⭐", star2: "🌟", trophy: "🏆", medal: "🏅", fire: "🔥", rocket: "🚀", bulb: "💡", gift: "🎁",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️", no_entry: "⛔",
  information_source: "ℹ️", question: "❓", exclamation: "❗", construction: "🚧", lock: "🔒", unlock: "🔓", key: "🔑", bell: "🔔",
  no_bell: "🔕", zzz: "💤", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", calendar: "📆",
  date: "📅", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋", bar_chart: "📊", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", mag: "🔍", link: "🔗", pushpin: "📌", speech_balloon: "💬", mega: "📣", loudspeaker: "📢",
  gear: "⚙️", wrench: "🔧", hammer: "🔨", bug: "🐛", package: "📦", house: "🏠", office: "🏢", palm_tree: "🌴", coffee: "☕",
  sunny: "☀️", partly_sunny: "⛅", cloud: "☁️", rain_cloud: "🌧️", thunder_cloud_and_rain: "⛈️", ocean: "🌊", anchor: "⚓",
  seedling: "🌱", herb: "🌿", four_leaf_clover: "🍀", arrow_right: "➡️", arrow_up: "⬆️", arrow_down: "⬇️", arrow_left: "⬅️",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", red_circle: "🔴", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", 100: "💯",
  busts_in_silhouette: "👥", bust_in_silhouette: "👤", robot_face: "🤖", globe_with_meridians: "🌐", hugging_face: "🤗",
};

export function emojiNode(name, unicode) {
  const known = unicode ? fromHex(unicode) : NAMES[String(name).replace(/::skin-tone-\d$/, "")];
  if (!known) return document.createTextNode(`:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": String(name).replaceAll("_", " ") }, known);
}

function fromHex(unicode) {
  const points = String(unicode).split("-").map((part) => parseInt(part, 16));
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}

/* Plain text with its `:names:` drawn. */
export function withEmoji(text) {
  const pieces = String(text ?? "").split(/(:[a-z0-9_+'-]+:)/);
  return pieces.filter(Boolean).map((piece) => (/^:[^:]+:$/.test(piece) ? emojiNode(piece.slice(1, -1)) : piece));
}

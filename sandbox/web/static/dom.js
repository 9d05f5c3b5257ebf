/*
 * Making nodes. `h` builds an element from a tag, attributes and children; a child that is a string becomes a text node,
 * never markup, which is why nothing anybody types can turn into HTML. Also here: icons, avatars, safe addresses.
 */

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  menu: "M3 6h14M3 10h14M3 14h14",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  down: "M5 8l5 5 5-5",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  send: "M3.5 10h11M10 5l5 5-5 5",
  bolt: "M11 2.5L4.5 11.5H9l-1 6 6.5-9H10z",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  lock: "M5.5 9h9v7.5h-9zM7 9V6.5a3 3 0 0 1 6 0V9",
  hash: "M8 3L6.5 17M13.5 3L12 17M3.5 7.5h13.5M3 12.5h13.5",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 5.5V10l3 2",
  theme: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 2.5v15M10 5a5 5 0 0 1 0 10",
  reply: "M8 5L3.5 9.5 8 14M4 9.5h7.5a5 5 0 0 1 5 5V16",
  check: "M4 10.5l4 4 8-9",
  alert: "M10 3l7.5 13.5h-15zM10 8.5V12M10 14.2h.01",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5L17.5 17.5",
};
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, props) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

export function brandMark() {
  return h("img", { class: "mark", src: "/static/mark.svg", alt: "" });
}

const PALETTE = ["#2f6f73", "#8a5a2b", "#5a5f9e", "#8b4a6b", "#4b7445", "#7a5195", "#3a6ea5", "#a1503f"];

function colourOf(person, seed) {
  const given = String(person?.colour ?? "").replace(/^#?/, "#");
  if (/^#[0-9a-f]{6}$/i.test(given)) return given;
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return PALETTE[sum % PALETTE.length];
}

function readableOn(colour) {
  const channel = (at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return light > 0.2 ? "#14262a" : "#ffffff";
}

function initialsOf(name) {
  const words = String(name ?? "").split(/[\s._-]+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase() || "?";
}

/* A picture made of initials: decoration only, the name always stands beside it. */
export function avatar(person, size = "") {
  const name = person?.real_name || person?.name || "";
  const node = h("span", { class: `avatar ${size}`, "aria-hidden": "true" });
  if (person?.is_app) {
    node.append(brandMark());
    return node;
  }
  const colour = colourOf(person, name);
  node.style.background = colour;
  node.style.color = readableOn(colour);
  node.append(person?.initials || initialsOf(name));
  return node;
}

/* The address when it is one a browser may follow from a message, else null. */
export function safeUrl(url) {
  return /^(https?:\/\/|mailto:)/i.test(String(url ?? "")) ? String(url) : null;
}

export function link(url, ...children) {
  const href = safeUrl(url);
  if (!href) return h("span", {}, ...children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

let counter = 0;

export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/* Say something to people who listen to the page instead of looking at it. */
export function announce(words) {
  const region = document.getElementById("announcer");
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = words));
}

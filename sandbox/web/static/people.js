/*
 * "Who are you?": everybody of the workspace, to begin with and whenever somebody wants to look through other eyes. The
 * same list serves the first screen and the switcher; typing narrows it, arrow keys move through it.
 */

import { avatar, brandMark, h, icon, iconButton } from "./dom.js";
import { zoneName } from "./dates.js";
import { matching } from "./picker.js";
import { hashOf } from "./route.js";

function personItem(person) {
  const notes = [person.is_admin ? "Admin" : null, person.is_guest ? "Guest" : null].filter(Boolean);
  return { label: person.real_name || person.name, detail: `${person.title ?? ""} ${person.tz} @${person.name}`, notes, person };
}

function card(item, { team, current, channel, onpick }) {
  const { person, notes, label } = item;
  const me = person.id === current;
  return h(
    "li",
    {},
    h(
      "a",
      { class: `person${me ? " person-me" : ""}`, href: hashOf({ team, user: person.id, channel }), "aria-current": me ? "true" : null, onclick: onpick },
      avatar(person, "large"),
      h(
        "span",
        { class: "person-words" },
        h("span", { class: "person-name" }, label, notes.map((note) => h("span", { class: "tag" }, note)), me ? h("span", { class: "tag" }, "You are here") : null),
        person.title ? h("span", { class: "person-title" }, person.title) : null,
        h("span", { class: "person-zone" }, zoneName(person.tz)),
      ),
    ),
  );
}

/* A field to search in and the people of each workspace below it. */
function directory(workspaces, { team, user, channel, onpick }) {
  const found = h("p", { class: "sr-only", role: "status" });
  const lists = h("div", { class: "people-lists" });
  const field = h("input", { type: "search", class: "field", placeholder: "Search by name, title or place", "aria-label": "Search people", autocomplete: "off" });
  const draw = () => {
    let count = 0;
    const parts = workspaces.map((workspace) => {
      const items = matching(workspace.people.map(personItem), field.value);
      count += items.length;
      const here = workspace.id === team ? { current: user, channel } : {};
      return [
        workspaces.length > 1 ? h("h2", { class: "people-workspace" }, workspace.name) : null,
        h("ul", { class: "people" }, items.map((item) => card(item, { team: workspace.id, onpick, ...here }))),
      ];
    });
    lists.replaceChildren(...parts.flat().filter(Boolean));
    if (!count) lists.replaceChildren(h("p", { class: "quiet" }, "Nobody of that name. Try fewer letters."));
    found.textContent = field.value ? `${count} found` : "";
  };
  field.addEventListener("input", draw);
  const root = h("div", { class: "directory" }, h("span", { class: "search" }, icon("search"), field), found, lists);
  root.addEventListener("keydown", (event) => {
    const links = [...lists.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && event.target === field && field.value) links[0]?.click();
    const row = Math.max(1, links.filter((link) => link.offsetTop === links[0]?.offsetTop).length);
    const sideways = event.target !== field;
    const step = { ArrowDown: at < 0 ? 1 : row, ArrowUp: -row, ArrowRight: sideways ? 1 : 0, ArrowLeft: sideways ? -1 : 0 }[event.key];
    if (!step) return;
    event.preventDefault();
    if (at + step < 0) field.focus();
    else links[Math.min(links.length - 1, at + step)]?.focus();
  });
  draw();
  return { root, field };
}

export function peopleScreen(workspaces, note) {
  const total = workspaces.reduce((sum, workspace) => sum + workspace.people.length, 0);
  const { root } = directory(workspaces, {});
  const name = workspaces.length === 1 ? workspaces[0].name : "the workspace";
  return h(
    "div",
    { class: "welcome" },
    h(
      "header",
      { class: "welcome-head" },
      iconButton("theme", "Switch between light and dark", () => window.soundingsTheme.toggle(), { class: "icon-button welcome-theme" }),
      h("div", { class: "brand" }, brandMark(), h("span", { class: "brand-name" }, "Soundings"), h("span", { class: "brand-tag" }, "demo")),
      h("h1", {}, "Who are you?"),
      h("p", {}, total ? `Choose one of the ${total} people of ${name}. Everything here is made up, and you can become somebody else at any time.` : "There is nobody here yet."),
    ),
    h("main", { id: "main", tabindex: "-1", class: "welcome-body" }, note ? h("p", { class: "banner", role: "alert" }, icon("alert"), h("span", {}, note)) : null, root),
  );
}

/* The same people in a dialog, over the workspace. */
export function openSwitcher(workspaces, route) {
  const dialog = h("dialog", { class: "modal", "aria-labelledby": "switcher-title" });
  const { root, field } = directory(workspaces, { ...route, onpick: () => dialog.close() });
  dialog.append(
    h(
      "header",
      { class: "modal-head" },
      h("h2", { id: "switcher-title" }, "Become somebody else"),
      iconButton("close", "Close", () => dialog.close()),
    ),
    h("div", { class: "modal-body" }, root),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

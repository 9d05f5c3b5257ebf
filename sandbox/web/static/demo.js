/*
 * The drawer behind the clock: what a demo can do and a workspace cannot. Move time on, and make something go wrong on
 * purpose. It keeps out of the way until it is asked for.
 */

import * as api from "./api.js";
import { h, iconButton } from "./dom.js";
import { fullOf, zoneName } from "./dates.js";

const STEPS = [["+1 hour", 3600], ["+1 day", 86400], ["+1 week", 604800]];

export async function openDemo(app) {
  const dialog = h("dialog", { class: "modal drawer", "aria-labelledby": "demo-title" });
  const clock = h("div", {});
  const faults = h("div", {});
  const said = h("p", { class: "drawer-said", role: "status" });
  dialog.append(
    h("header", { class: "modal-head" }, h("h2", { id: "demo-title" }, "Demo controls"), iconButton("close", "Close", () => dialog.close())),
    h("div", { class: "modal-body" }, h("h3", {}, "Clock"), clock, h("h3", {}, "Make something go wrong"), faults, said),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  const tell = (words) => (said.textContent = words);
  await Promise.all([drawClock(clock, app, tell), drawFaults(faults, tell)]);
}

async function attempt(tell, work) {
  try {
    return await work();
  } catch (error) {
    tell(error.message);
    return null;
  }
}

async function drawClock(parent, app, tell) {
  const shown = h("p", { class: "drawer-clock" });
  const draw = (iso) => (shown.textContent = `${fullOf(new Date(iso), app.scene.time.tz)} (${zoneName(app.scene.time.tz)})`);
  draw(app.look.now);
  parent.append(shown);
  let state = null;
  try {
    state = await api.clock();
  } catch (error) {
    if (error.status !== 409) tell(error.message);
  }
  if (!state || state.movable === false) {
    parent.append(h("p", { class: "quiet" }, "This demo follows the real clock, so time cannot be moved."));
    return;
  }
  draw(state.now);
  const step = async (seconds, button) => {
    const row = [...button.parentElement.children];
    row.forEach((one) => (one.disabled = true));
    button.setAttribute("aria-busy", "true");
    tell("Time passes ...");
    const moved = await attempt(tell, () => api.moveClock(seconds));
    button.removeAttribute("aria-busy");
    row.forEach((one) => (one.disabled = false));
    button.focus();
    if (moved?.now) draw(moved.now);
    if (moved) tell("The clock has moved. Whatever was due on the way came at its own time.");
    app.refresh();
  };
  parent.append(
    h("div", { class: "row" }, STEPS.map(([words, seconds]) => h("button", { type: "button", class: "button", onclick: (event) => step(seconds, event.currentTarget) }, words))),
  );
}

async function drawFaults(parent, tell) {
  const answer = await attempt(tell, api.faults);
  const toCome = (name) => answer.ordered.filter((one) => one.name === name).reduce((sum, one) => sum + one.count, 0);
  const listed = (answer?.known ?? []).map((fault) => ({ ...fault, count: toCome(fault.name) }));
  if (!listed.length) {
    parent.replaceChildren(h("p", { class: "quiet" }, "Nothing to choose from here."));
    return;
  }
  const again = () => drawFaults(parent, tell);
  const start = async (fault) => {
    if (await attempt(tell, () => api.addFault({ name: fault.name, count: 1 }))) {
      tell(`Next time: ${fault.description}`);
      await again();
    }
  };
  const clear = async () => {
    if (await attempt(tell, api.clearFaults)) {
      tell("Everything works again.");
      await again();
    }
  };
  parent.replaceChildren(
    h(
      "ul",
      { class: "faults" },
      listed.map((fault) =>
        h(
          "li",
          {},
          h("span", {}, h("strong", {}, String(fault.name).replaceAll("_", " ")), h("small", {}, fault.description)),
          fault.count ? h("span", { class: "tag" }, `${fault.count} to come`) : null,
          h("button", { type: "button", class: "button", "aria-label": `Once: ${fault.name}`, onclick: () => start(fault) }, "Once"),
        ),
      ),
    ),
    h("button", { type: "button", class: "button", onclick: clear }, "Back to normal"),
  );
}

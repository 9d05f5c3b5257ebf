/*
 * A press takes a moment: a finger, a mouse button or the space bar goes down and comes up again, and only if both happen
 * on the same node does the browser call it a click. Whoever is about to draw waits here until nobody is pressing.
 */

const TYPED = "textarea, input:not([type=checkbox], [type=radio])";
const LATE = 120; // milliseconds after a finger is lifted in which its click may still come

let over = null;
let by = null;
let timer = null;
let pressed = Promise.resolve();

function begin(what) {
  clearTimeout(timer);
  by = what;
  if (!over) pressed = new Promise((resolve) => (over = resolve));
}

function end() {
  clearTimeout(timer);
  over?.();
  over = null;
}

const endIn = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(end, milliseconds);
};

const listen = (name, then) => window.addEventListener(name, then, true);
listen("pointerdown", (event) => event.isPrimary && event.button === 0 && begin("pointer"));
listen("pointerup", () => endIn(LATE));
// A button that was let go where the page does not hear of it is noticed by what comes next.
listen("pointermove", (event) => over && by === "pointer" && !event.buttons && endIn(LATE));
listen("keydown", (event) => (event.key === " " && !event.target.matches?.(TYPED) ? begin("key") : end()));
listen("keyup", () => endIn(0));
listen("click", () => endIn(0));
for (const name of ["pointercancel", "contextmenu", "dragstart", "blur"]) {
  listen(name, (event) => (name !== "blur" || event.target === window) && end());
}

/* Resolved as soon as nobody is pressing anything. */
export const nobodyPresses = () => pressed;

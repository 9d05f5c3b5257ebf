/*
 * Light or dark. Follows the system until somebody chooses; the choice is remembered in this browser only. Loaded
 * before the page is drawn, so that a reload does not flash in the other theme.
 */
"use strict";

window.soundingsTheme = (() => {
  const key = "soundings-demo-theme";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function remembered() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function current() {
    return root.dataset.theme || (system.matches ? "dark" : "light");
  }

  function toggle() {
    root.dataset.theme = current() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(key, root.dataset.theme);
    } catch {
      // A browser that keeps nothing still gets the theme until the reload.
    }
    return current();
  }

  const kept = remembered();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  return { current, toggle };
})();

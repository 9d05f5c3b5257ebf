/*
 * "Are you sure?", as Block Kit's confirm object asks it. Escape and the second button both mean no.
 */

import { freshId, h } from "./dom.js";

/* True at once when there is nothing to ask. */
export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  const title = freshId("confirm");
  const yes = h("button", { type: "submit", value: "yes", class: `button ${confirm.style === "danger" ? "danger" : "primary"}` }, confirm.confirm?.text || "Yes");
  const no = h("button", { type: "submit", value: "no", class: "button" }, confirm.deny?.text || "Cancel");
  const dialog = h(
    "dialog",
    { class: "modal small", "aria-labelledby": title },
    h(
      "form",
      { method: "dialog" },
      h("header", { class: "modal-head" }, h("h2", { id: title }, confirm.title?.text || "Are you sure?")),
      h("div", { class: "modal-body" }, h("p", {}, confirm.text?.text ?? "")),
      h("footer", { class: "modal-foot" }, no, yes),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/*
 * The modals of the app: a stack of which the top one is shown. What is typed is kept here and told to the sandbox a moment
 * later, so that an update from the app, an error or a closing never loses a word. Escape closes the top one.
 */

import { h, icon, iconButton } from "./dom.js";
import { keepBlocks } from "./blocks.js";
import { Form } from "./values.js";

const FIRST = "input:not([type=hidden]), textarea, select, .modal-body button, .modal-body a";

const pageOf = (view) => JSON.stringify([view.callback_id, view.title?.text, view.private_metadata]);

export class Modals {
  #shown = null;
  #forms = new Map();
  #returnTo = null;
  #sending = false;
  #told = null;

  constructor(app) {
    this.app = app;
    this.body = h("div", { class: "modal-body", tabindex: "-1", role: "region", "aria-labelledby": "modal-title" });
    this.notice = h("div", { class: "modal-notice", role: "alert" });
    this.title = h("h2", { id: "modal-title" });
    this.backTo = h("button", { type: "button", class: "modal-back", onclick: () => this.close() });
    this.dismiss = iconButton("close", "Close", () => this.close(true));
    this.cancel = h("button", { type: "button", class: "button", onclick: () => this.close() });
    this.send = h("button", { type: "submit", class: "button primary" });
    this.form = h(
      "form",
      { class: "modal-form", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.submit()), onkeydown: (event) => this.key(event) },
      h("header", { class: "modal-head" }, h("div", { class: "modal-titles" }, this.backTo, this.title), this.dismiss),
      this.notice,
      this.body,
      h("footer", { class: "modal-foot" }, this.cancel, this.send),
    );
    const leave = (event) => {
      event.preventDefault();
      this.close();
    };
    // Escape is taken as a key: browsers let a dialog refuse its own closing only once.
    const escape = (event) => event.key === "Escape" && leave(event);
    this.dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title", oncancel: leave, onkeydown: escape }, this.form);
    window.addEventListener("pagehide", () => this.#forms.forEach((form) => form.flush(true)));
  }

  get open() {
    return this.dialog.open;
  }

  draw() {
    const stack = this.app.look?.modals ?? [];
    const view = stack.at(-1) ?? null;
    const known = new Set(stack.map((one) => one.id));
    for (const [id, form] of this.#forms) {
      if (known.has(id)) continue;
      // A view that is gone takes no notes any more; one whose person was left still does.
      if (this.app.look) form.settle();
      else form.flush();
      this.#forms.delete(id);
    }
    if (!view) return this.hide();
    const fresh = this.#shown?.id !== view.id;
    // The app put another form into the same view: whoever pressed for it reads it from the top.
    const another = fresh || pageOf(view) !== pageOf(this.#shown);
    const faults = JSON.stringify(view.errors ?? {});
    const refused = faults !== "{}" && (fresh || faults !== JSON.stringify(this.#shown.errors ?? {}));
    this.#shown = view;
    this.drawFrame(view, stack.at(-2));
    if (fresh) this.body.replaceChildren((this.blocks = h("div", { class: "blocks" })));
    const form = this.formOf(view);
    keepBlocks(this.blocks, view.blocks, this.app.placeFor({ view: view.id }, { form, errors: view.errors ?? {}, before: () => form.flush() }));
    if (fresh) this.#told = null;
    this.say(view.banner ?? this.#told);
    if (!this.dialog.open) this.show();
    if (refused) this.focusError();
    else if (another) this.focusFirst(view);
  }

  formOf(view) {
    let form = this.#forms.get(view.id);
    if (!form) {
      const seat = this.app.route;
      form = new Form(view.state?.values, (self, leaving) =>
        this.app.quietly("note", { view_id: view.id, values: self.entered(self.blocks) }, leaving, seat),
      );
      this.#forms.set(view.id, form);
    }
    form.known = view.state?.values ?? form.known;
    form.blocks = view.blocks;
    return form;
  }

  drawFrame(view, below) {
    this.title.textContent = view.title?.text ?? "";
    this.backTo.hidden = !below;
    if (below) this.backTo.replaceChildren(icon("back"), h("span", {}, below.title?.text ?? "Back"));
    this.dismiss.setAttribute("aria-label", below ? "Close all" : "Close");
    this.dismiss.title = below ? "Close all" : "Close";
    this.cancel.textContent = view.close?.text ?? (view.submit ? "Cancel" : "Close");
    this.send.hidden = !view.submit;
    this.send.textContent = view.submit?.text ?? "";
    this.dialog.classList.toggle("stacked", Boolean(below));
  }

  /* Something this page has to say beside what the app says; null takes it back. */
  tell(words) {
    this.#told = words;
    this.say(this.#shown?.banner ?? words);
  }

  say(words) {
    const shown = this.notice.textContent;
    if ((words ?? "") === shown) return;
    this.notice.replaceChildren(...(words ? [h("p", { class: "banner" }, icon("alert"), h("span", {}, words))] : []));
  }

  show() {
    this.#returnTo = document.activeElement;
    if (!this.dialog.isConnected) document.body.append(this.dialog);
    this.dialog.showModal();
  }

  hide() {
    if (!this.#shown) return;
    this.#shown = null;
    this.dialog.close();
    this.body.replaceChildren();
    const key = this.#returnTo?.dataset?.focus;
    const heir = this.#returnTo?.isConnected ? this.#returnTo : key && document.querySelector(`[data-focus="${CSS.escape(key)}"]`);
    (heir || document.querySelector(".composer-field"))?.focus({ preventScroll: true });
  }

  focusFirst(view) {
    const wanted = view.blocks.find((block) => block.element?.focus_on_load);
    const root = wanted ? this.body.querySelector(`[data-block="${CSS.escape(wanted.block_id)}"]`) : this.body;
    this.body.scrollTop = 0;
    const target = root?.querySelector(FIRST);
    if (!target) this.dialog.querySelector(".modal-foot button:not([hidden])").focus();
    else if (wanted || target.getBoundingClientRect().bottom < this.body.getBoundingClientRect().bottom) target.focus();
    else this.body.focus();
  }

  focusError() {
    const field = this.body.querySelector("[aria-invalid=true]");
    const target = field?.matches("input, textarea, select") ? field : field?.querySelector("input, textarea, button");
    target?.focus({ preventScroll: true });
    field?.closest(".block").scrollIntoView({ block: "center" });
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!this.send.hidden) this.submit();
    }
  }

  async submit() {
    const view = this.#shown;
    if (!view?.submit || this.#sending) return;
    this.#sending = true;
    this.send.setAttribute("aria-busy", "true");
    this.tell(null);
    const form = this.formOf(view);
    await form.arrived();
    form.settle();
    await this.app.act("submit", { view_id: view.id, values: form.entered(view.blocks) });
    this.#sending = false;
    this.send.removeAttribute("aria-busy");
    if (this.#shown?.id === view.id && Object.keys(this.#shown.errors ?? {}).length) this.focusError();
  }

  async close(all = false) {
    const view = this.#shown;
    if (!view) return;
    await this.formOf(view).flush();
    await this.app.act("close", { view_id: view.id, clear: all && this.app.look.modals.length > 1 });
  }
}

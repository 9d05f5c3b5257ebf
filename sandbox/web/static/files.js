/*
 * Choosing files of one's own device in a form. A chosen file goes to the sandbox at once, as it would to Slack; what is
 * sent with the form is what the sandbox said of it. The control is the browser's own, so that any keyboard knows it.
 */

import { announce, freshId, h, icon } from "./dom.js";

const UNITS = ["bytes", "KB", "MB"];

function sizeOf(bytes) {
  const at = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return `${Math.round((bytes / 1000 ** at) * 10) / 10} ${UNITS[at]}`;
}

export function fileInput(element, place) {
  const most = element.max_files ?? 10;
  const { "aria-describedby": described, ...attributes } = place.attributes;
  const list = h("ul", { class: "files", id: freshId("files") });
  const trouble = h("p", { class: "field-error", role: "alert", hidden: true });
  const chooser = h("input", {
    type: "file", class: "file", multiple: most > 1, accept: (element.filetypes ?? []).map((one) => `.${one}`).join(",") || null,
    ...attributes, "aria-describedby": [list.id, described].filter(Boolean).join(" "), onchange: () => place.form.expect(take([...chooser.files])),
  });
  let chosen = place.form.value(place.block.block_id, element);

  function keep(files, words) {
    chosen = files;
    place.form.enter(place.block.block_id, element, files);
    announce(words);
    draw();
  }

  async function take(files) {
    chooser.setAttribute("aria-busy", "true");
    trouble.hidden = true;
    try {
      for (const file of files) {
        const sent = await place.upload(place.block, element, file);
        keep(most === 1 ? [sent] : [...chosen, sent], `${sent.name} was chosen.`);
      }
    } catch (error) {
      trouble.hidden = false;
      trouble.replaceChildren(icon("alert"), h("span", {}, error.message));
      chooser.value = "";
    }
    chooser.removeAttribute("aria-busy");
  }

  function drop(file) {
    chooser.value = "";
    keep(chosen.filter((one) => one.id !== file.id), `${file.name} was taken out.`);
    chooser.focus();
  }

  function draw() {
    list.hidden = !chosen.length;
    list.replaceChildren(
      ...chosen.map((file) =>
        h(
          "li",
          { class: "chip" },
          h("span", {}, file.name, h("span", { class: "quiet" }, ` ${sizeOf(file.size)}`)),
          h("button", { type: "button", "aria-label": `Remove ${file.name}`, onclick: () => drop(file) }, icon("close")),
        ),
      ),
    );
  }

  draw();
  return h("span", { class: "file-root" }, chooser, list, trouble);
}

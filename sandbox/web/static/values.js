/*
 * What has been entered in the inputs of one view: the value of an element in Slack's shape, and `Form`, which remembers
 * what this person typed here, on top of what the sandbox already knew, and passes it on a moment after the last key.
 */

// Element type -> [key of the value in the state, key of the initial value in the element, value when untouched].
const STATES = {
  plain_text_input: ["value", "initial_value", null],
  email_text_input: ["value", "initial_value", null],
  url_text_input: ["value", "initial_value", null],
  number_input: ["value", "initial_value", null],
  rich_text_input: ["rich_text_value", "initial_value", null],
  static_select: ["selected_option", "initial_option", null],
  external_select: ["selected_option", "initial_option", null],
  radio_buttons: ["selected_option", "initial_option", null],
  multi_static_select: ["selected_options", "initial_options", []],
  multi_external_select: ["selected_options", "initial_options", []],
  checkboxes: ["selected_options", "initial_options", []],
  users_select: ["selected_user", "initial_user", null],
  multi_users_select: ["selected_users", "initial_users", []],
  conversations_select: ["selected_conversation", "initial_conversation", null],
  multi_conversations_select: ["selected_conversations", "initial_conversations", []],
  channels_select: ["selected_channel", "initial_channel", null],
  multi_channels_select: ["selected_channels", "initial_channels", []],
  datepicker: ["selected_date", "initial_date", null],
  timepicker: ["selected_time", "initial_time", null],
  datetimepicker: ["selected_date_time", "initial_date_time", null],
  file_input: ["files", "initial_files", []],
};

/* Whether somebody can enter something in this element, rather than press it only. */
export const hasState = (element) => element.type in STATES;

/* The state of an element in Slack's shape, as in `state.values`. */
function stateOf(element, value) {
  return { type: element.type, [STATES[element.type][0]]: value };
}

export class Form {
  #typed = {};
  #unsent = false;
  #timer = null;
  #arriving = new Set();

  constructor(known, send) {
    this.known = known ?? {};
    this.send = send;
  }

  value(blockId, element) {
    const [key, initial, empty] = STATES[element.type];
    const entered = this.#typed[blockId]?.[element.action_id] ?? this.known[blockId]?.[element.action_id];
    if (entered && (entered.type === undefined || entered.type === element.type) && key in entered) return entered[key];
    return element[initial] ?? empty;
  }

  enter(blockId, element, value) {
    this.#typed[blockId] ??= {};
    this.#typed[blockId][element.action_id] = stateOf(element, value);
    this.#unsent = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), 350);
  }

  /* Wait for something before the form is sent: a file, until the sandbox has it. */
  expect(arrival) {
    this.#arriving.add(arrival);
    arrival.finally(() => this.#arriving.delete(arrival));
  }

  /* Until nothing is on its way any more. */
  async arrived() {
    while (this.#arriving.size) await Promise.all(this.#arriving);
  }

  /* Everything entered here in the blocks that are still shown. */
  entered(blocks) {
    const shown = new Set(blocks.map((block) => block.block_id));
    return Object.fromEntries(Object.entries(this.#typed).filter(([blockId]) => shown.has(blockId)));
  }

  /* Pass on what has not been passed on yet; with `leaving`, in a way that outlives the page. */
  async flush(leaving = false) {
    clearTimeout(this.#timer);
    if (!this.#unsent || !this.send) return;
    this.#unsent = false;
    try {
      await this.send(this, leaving);
    } catch {
      this.#unsent = true;
    }
  }

  settle() {
    clearTimeout(this.#timer);
    this.#unsent = false;
  }
}

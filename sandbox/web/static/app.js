/*
 * Soundings demo: a small Slack-like workspace in the browser, drawn from what the sandbox says one person can see. This
 * file holds the state (where we are, what we see) and the one loop: look, draw, listen for a change, look again.
 */

import * as api from "./api.js";
import { dayKey } from "./dates.js";
import { h } from "./dom.js";
import { Modals } from "./modal.js";
import { openSwitcher, peopleScreen } from "./people.js";
import { nobodyPresses } from "./press.js";
import { correct, go, readRoute } from "./route.js";
import { Shell } from "./shell.js";
import { Form } from "./values.js";

const GONE = "The demo has stopped, or cannot be reached. What you have typed is kept on this page, which carries on by itself as soon as the demo is back.";
const TICK = 30000; // the clock of the workspace moves while nothing else happens

class App {
  route = readRoute();
  look = null;
  scene = null;
  epoch = "";
  workspaces = [];
  #root = document.getElementById("root");
  #shell = null;
  #silence = null;
  #tick = null;
  #looking = null;
  #next = null;
  #lost = null;
  #forms = new Map();

  constructor() {
    this.modals = new Modals(this);
    window.addEventListener("hashchange", () => this.arrive());
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("main")?.focus();
    });
  }

  async start() {
    if (await this.loadPeople()) await this.arrive();
  }

  async loadPeople() {
    try {
      this.workspaces = (await api.people()).workspaces;
      return true;
    } catch (error) {
      this.lost(error, () => this.start());
      return false;
    }
  }

  /* The address changed, or the page was just opened. */
  async arrive() {
    const before = this.route;
    const route = (this.route = readRoute());
    if (!route.team || !route.user) return this.welcome();
    const person = this.workspaces.find((one) => one.id === route.team)?.people.find((one) => one.id === route.user);
    if (!person) return this.welcome("That person is not in this demo any more. Please choose again.");
    const entering = !this.#shell || before.user !== route.user || before.team !== route.team;
    if (entering) this.enter();
    else await this.turnTo();
    await this.refresh();
    if (entering || before.channel !== this.route.channel || before.tab !== this.route.tab) this.visitHome();
  }

  /* Another part of what is already here is shown at once, and looked at again afterwards. */
  async turnTo() {
    await nobodyPresses();
    if (this.look && this.look.channel === this.route.channel) this.see(this.look);
  }

  welcome(note) {
    this.leave();
    document.title = "Who are you? · Soundings demo";
    this.#root.replaceChildren(peopleScreen(this.workspaces, note));
    window.scrollTo(0, 0);
  }

  leave() {
    this.#silence?.();
    this.#silence = null;
    clearInterval(this.#tick);
    this.#shell = null;
    this.look = null;
    this.#forms.forEach((form) => form.flush());
    this.#forms.clear();
    this.modals.draw();
  }

  enter() {
    this.leave();
    this.#shell = new Shell(this);
    const { team, user } = this.route;
    this.#silence = api.listen(team, user, {
      onchange: (rev) => rev !== this.look?.rev && this.refresh(),
      onlost: () => this.lost(new api.Unreachable(), () => this.refresh()),
      onfound: () => this.found(),
    });
    this.#tick = setInterval(() => document.hidden || this.refresh(), TICK);
  }

  /* Look again and draw. All who call while looking wait for one more look, and for no other, however much happens. */
  refresh() {
    this.#next ??= this.#lookNext();
    return this.#next;
  }

  async #lookNext() {
    await this.#looking?.catch(() => null);
    this.#looking = this.#next;
    this.#next = null;
    await this.lookOnce();
  }

  async lookOnce() {
    const shell = this.#shell;
    const asked = this.route;
    if (!shell) return;
    try {
      let look = await api.look(asked.team, asked.user, asked.channel);
      const channel = look.channel ?? firstChannel(look, asked.channel);
      // Only a channel that is asked for by name counts as read.
      if (channel && channel !== asked.channel) look = await api.look(asked.team, asked.user, channel);
      this.found();
      await nobodyPresses();
      if (shell !== this.#shell || asked !== this.route) return this.lookOnce();
      this.see(look);
    } catch (error) {
      if (error instanceof api.Refused && asked.channel) {
        this.route = { team: asked.team, user: asked.user, channel: null, tab: null, thread: null };
        correct(this.route);
        return this.lookOnce();
      }
      if (error instanceof api.Refused) this.welcome(error.message);
      else this.lost(error, () => this.refresh());
    }
  }

  see(look) {
    this.look = look;
    this.scene = { ...look, known: [...look.channels, ...look.elsewhere], time: { tz: look.me.tz || "UTC", now: new Date(look.now) } };
    this.epoch = JSON.stringify([look.users, look.me.tz, dayKey(this.scene.time.now, this.scene.time.tz)]);
    if (look.channel !== this.route.channel) {
      this.route = { ...this.route, channel: look.channel, tab: null, thread: null };
      correct(this.route);
    }
    if (!this.#shell.node.isConnected) this.#root.replaceChildren(this.#shell.node);
    this.#shell.draw();
    this.modals.draw();
  }

  tab() {
    return this.route.tab ?? (this.look.app.home_tab ? "home" : "messages");
  }

  /* The app hears each time somebody opens its Home or its messages. */
  visitHome() {
    const channel = this.look?.channels.find((one) => one.id === this.route.channel);
    if (channel?.kind === "app") this.act("open_home", { tab: this.tab() });
  }

  openThread(ts) {
    const before = this.route.thread;
    go({ ...this.route, thread: ts });
    if (!ts && before) document.querySelector(`[data-focus="replies/${before}"], [data-focus="tools/${before}"]`)?.focus();
  }

  async switchPerson() {
    const here = this.look.channels.find((one) => one.id === this.route.channel);
    const channel = here?.kind === "app" ? "app" : here?.kind === "channel" ? here.id : null;
    if (await this.loadPeople()) openSwitcher(this.workspaces, { ...this.route, channel });
  }

  /* Do something as this person, and draw what came of it. Null when it did not work, which has then been said. */
  async act(deed, args) {
    const answer = await this.answered(deed, args);
    if (answer) await this.refresh();
    return answer;
  }

  /*
   * The same as far as the answer; whoever waits for it has what came of it drawn. `renamed` gives the arguments under
   * which the same is to be asked for by now, or null if they are the same.
   */
  async answered(deed, args, renamed = () => null) {
    try {
      return await this.quietly(deed, args);
    } catch (error) {
      if (error instanceof api.Refused) {
        await this.refresh();
        const now = renamed(args);
        if (now) return this.answered(deed, now, renamed);
        this.tell(error.message);
      } else this.lost(error, () => this.refresh());
      return null;
    }
  }

  /* The same without a word about what went wrong; as `seat`, who may not be who looks at the page by now. */
  quietly(deed, args, leaving = false, seat = this.route) {
    return api.act(seat.team, seat.user, deed, args, leaving);
  }

  /* What elements on a surface need to know: {view}, {home} or {channel, ts}. */
  placeFor(surface, { form, errors, before, signature } = {}) {
    return {
      form: form ?? this.formFor(JSON.stringify(surface)),
      errors,
      signature,
      scene: () => this.scene,
      press: async (block, element, value) => {
        await before?.();
        const named = () => ({ block_id: block.block_id, action_id: element.action_id });
        const renamed = (args) =>
          block.block_id === args.block_id && element.action_id === args.action_id ? null : { ...args, ...named() };
        // Whoever pressed need not wait for what the app draws: they may press again as soon as this is answered.
        const answer = await this.answered("press", { surface, ...named(), ...(value === undefined ? {} : { value }) }, renamed);
        if (answer) this.refresh();
      },
      suggest: (block, element, query) =>
        this.quietly("suggest", { surface, block_id: block.block_id, action_id: element.action_id, query }),
      upload: async (block, element, file) => {
        const { team, user } = this.route;
        const where = { view_id: surface.view, block_id: block.block_id, action_id: element.action_id };
        return (await api.sendFile(team, user, where, file)).file;
      },
    };
  }

  /* Inputs outside modals: what was chosen there is remembered while this person looks. */
  formFor(key, send) {
    if (!this.#forms.has(key)) this.#forms.set(key, new Form({}, send));
    return this.#forms.get(key);
  }

  homeForm(view) {
    const seat = this.route;
    const form = this.formFor(view.id, (self) => this.quietly("note", { view_id: view.id, values: self.entered(self.blocks) }, false, seat));
    form.known = view.state?.values ?? {};
    form.blocks = view.blocks;
    return form;
  }

  tell(words) {
    if (this.modals.open) return this.modals.tell(words);
    const toast = h("p", { class: "toast" }, words);
    document.getElementById("toasts").replaceChildren(toast);
    setTimeout(() => toast.remove(), 9000);
  }

  lost(error, retry) {
    if (!(error instanceof api.Unreachable)) throw error;
    const bar = document.getElementById("connection");
    bar.hidden = false;
    bar.textContent = GONE;
    if (this.modals.open) this.modals.tell(GONE);
    clearTimeout(this.#lost);
    this.#lost = setTimeout(retry, 2500);
  }

  found() {
    if (!this.#lost) return;
    clearTimeout(this.#lost);
    this.#lost = null;
    this.modals.tell(null);
    document.getElementById("connection").hidden = true;
  }
}

/* Where to begin. `app` as a place means the app, whose conversation has another id for everybody. */
function firstChannel(look, asked) {
  const app = look.channels.find((one) => one.kind === "app");
  if (asked === "app" && app) return app.id;
  const open = look.channels.filter((one) => !one.archived);
  return (open.find((one) => one.name === "general") ?? open.find((one) => one.kind === "channel") ?? open[0])?.id ?? null;
}

const app = new App();
app.start();

/*
 * Talking with the sandbox: JSON over HTTP, and one stream that says when something changed. Two things can go wrong and
 * are told apart: the sandbox answered with a sentence (`Refused`), or it could not be reached at all (`Unreachable`).
 */

export class Unreachable extends Error {}
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Unreachable("The demo cannot be reached.");
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    if (response.ok) throw new Refused("The demo answered with something this page cannot read.", response.status);
  }
  if (!response.ok || body?.ok === false) {
    throw new Refused(body?.error || `The demo answered with status ${response.status}.`, response.status);
  }
  return body;
}

function post(path, body, keepalive = false) {
  return ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), keepalive });
}

const query = (parts) => new URLSearchParams(Object.entries(parts).filter(([, value]) => value)).toString();

export const people = () => ask("/page/people");
export const look = (team, user, channel) => ask(`/page/look?${query({ team, user, channel })}`);
export const act = (team, user, deed, args, keepalive) => post("/page/act", { team, user, do: deed, ...args }, keepalive);
export const sendFile = (team, user, where, file) =>
  ask(`/page/file?${query({ team, user, ...where, name: file.name })}`, {
    method: "POST", headers: { "content-type": file.type || "application/octet-stream" }, body: file,
  });
export const clock = () => ask("/page/clock");
export const moveClock = (seconds) => post("/page/clock", { advance_seconds: seconds });
export const faults = () => ask("/page/faults");
export const addFault = (fault) => post("/page/faults", fault);
export const clearFaults = () => post("/page/faults/clear", {});

/* Listen for changes until the returned function is called. The browser reconnects; when it gives up, we start again. */
export function listen(team, user, { onchange, onlost, onfound }) {
  let source = null;
  let timer = null;
  let over = false;
  const open = () => {
    source = new EventSource(`/page/stream?${query({ team, user })}`);
    source.onopen = onfound;
    source.onmessage = (event) => onchange(JSON.parse(event.data).rev);
    source.onerror = () => {
      onlost();
      if (source.readyState === EventSource.CLOSED && !over) timer = setTimeout(open, 2000);
    };
  };
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    source.close();
  };
}

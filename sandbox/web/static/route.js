/*
 * Where somebody is, kept in the address: `#T1/U2/C3`, `#T1/U2/D9/home`, `#T1/U2/C3/thread/171.2`. A reload, a bookmark and
 * the browser's back button therefore all lead to the same place.
 */

export function readRoute() {
  const [team, user, channel, part, thread] = location.hash.replace(/^#/, "").split("/").map(decodeURIComponent);
  return {
    team: team || null,
    user: user || null,
    channel: channel || null,
    tab: part === "home" || part === "messages" ? part : null,
    thread: part === "thread" ? thread || null : null,
  };
}

export function hashOf({ team, user, channel, tab, thread }) {
  const parts = [team, user, channel];
  if (thread) parts.push("thread", thread);
  else if (tab) parts.push(tab);
  return `#${parts.filter(Boolean).map(encodeURIComponent).join("/")}`;
}

export function go(route) {
  location.hash = hashOf(route);
}

export function correct(route) {
  history.replaceState(null, "", hashOf(route));
}

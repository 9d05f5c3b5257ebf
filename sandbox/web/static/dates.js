/*
 * Times as the current person reads them: always in their own zone, counted from the clock of the workspace and never
 * from the clock of the browser, since the demo may be living in another week.
 */

const LOCALE = "en-GB";
const formats = new Map();

function format(date, tz, options) {
  const key = `${tz}|${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: tz || "UTC", ...options }));
  return formats.get(key).format(date);
}

export const timeOf = (date, tz) => format(date, tz, { hour: "2-digit", minute: "2-digit" });
export const fullOf = (date, tz) => format(date, tz, { dateStyle: "full", timeStyle: "short" });
export const shortOf = (date, tz) =>
  `${format(date, tz, { weekday: "short", day: "numeric", month: "short" })}, ${timeOf(date, tz)}`;
export const dayKey = (date, tz) => format(date, tz, { year: "numeric", month: "2-digit", day: "2-digit" });

export function dayOf(date, now, tz) {
  const near = nearby(date, now, tz);
  if (near) return near[0].toUpperCase() + near.slice(1);
  const sameYear = format(date, tz, { year: "numeric" }) === format(now, tz, { year: "numeric" });
  return format(date, tz, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

function nearby(date, now, tz) {
  const day = 86400000;
  const key = dayKey(date, tz);
  if (key === dayKey(now, tz)) return "today";
  if (key === dayKey(new Date(now.getTime() - day), tz)) return "yesterday";
  if (key === dayKey(new Date(now.getTime() + day), tz)) return "tomorrow";
  return null;
}

function ago(date, now) {
  const minutes = Math.round((date - now) / 60000);
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

/* Slack's date tokens, as in `{date_short_pretty} at {time}`. */
export function slackDate(seconds, pattern, { tz, now }) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const plain = {
    date_num: () => format(date, tz, { year: "numeric" }) + format(date, tz, { month: "2-digit", day: "2-digit" }).split("/").reverse().map((part) => `-${part}`).join(""),
    date_slash: () => format(date, tz, { day: "2-digit", month: "2-digit", year: "numeric" }),
    date: () => format(date, tz, { day: "numeric", month: "long", year: "numeric" }),
    date_long: () => format(date, tz, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    date_long_full: () => format(date, tz, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    date_short: () => format(date, tz, { day: "numeric", month: "short", year: "numeric" }),
    time: () => timeOf(date, tz),
    time_secs: () => format(date, tz, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago: () => ago(date, now),
    day_divider_pretty: () => dayOf(date, now, tz),
  };
  return String(pattern ?? "{date_pretty}").replace(/\{([a-z_]+)\}/g, (whole, token) => {
    const base = token.replace(/_pretty$/, "");
    if (token !== base && base in plain) return nearby(date, now, tz) ?? plain[base]();
    return token in plain ? plain[token]() : whole;
  });
}

export function zoneName(tz) {
  return String(tz ?? "").split("/").pop().replaceAll("_", " ");
}

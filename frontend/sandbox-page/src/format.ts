/** Times, sizes and addresses as the page shows them. */

const DAY_MS = 86_400_000;
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const short = new Intl.DateTimeFormat(undefined, { dateStyle: "short" });
const long = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * DAY_MS],
  ["month", 30 * DAY_MS],
  ["day", DAY_MS],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** "3 minutes ago", "in 2 hours". */
export function fromNow(when: Date, now = Date.now()): string {
  const away = when.getTime() - now;
  for (const [unit, length] of UNITS) {
    if (Math.abs(away) >= length) return relative.format(Math.round(away / length), unit);
  }
  return relative.format(0, "second");
}

/** A Discord timestamp `<t:unix:style>` as text (API reference: Timestamp Styles). */
export function timestamp(when: Date, style: string): string {
  switch (style) {
    case "t":
      return clock.format(when);
    case "T":
      return seconds.format(when);
    case "d":
      return short.format(when);
    case "D":
      return long.format(when);
    case "F":
      return `${full.format(when)} ${clock.format(when)}`;
    case "s":
      return `${short.format(when)} ${clock.format(when)}`;
    case "S":
      return `${short.format(when)} ${seconds.format(when)}`;
    case "R":
      return fromNow(when);
    default:
      return `${long.format(when)} ${clock.format(when)}`;
  }
}

function midnight(when: Date): number {
  return new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
}

/** The time beside a message's author: "Today at 14:03". */
export function messageTime(when: Date, now = new Date()): string {
  const days = Math.round((midnight(now) - midnight(when)) / DAY_MS);
  if (days === 0) return `Today at ${clock.format(when)}`;
  if (days === 1) return `Yesterday at ${clock.format(when)}`;
  return `${short.format(when)} ${clock.format(when)}`;
}

export const clockTime = (when: Date): string => clock.format(when);
export const longDate = (when: Date): string => long.format(when);
export const fullDate = (when: Date): string => `${full.format(when)} ${clock.format(when)}`;
export const sameDay = (a: Date, b: Date): boolean => midnight(a) === midnight(b);

/** Bytes -> "1.4 MB". */
export function size(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  let index = 0;
  let value = bytes;
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index++;
  }
  return `${index ? value.toFixed(1) : value} ${units[index]}`;
}

/**
 * The address under which this page may fetch a file, or undefined when the file lies outside.
 *
 * The sandbox writes absolute addresses ("http://127.0.0.1:8000/cdn/..."); a page opened as
 * "localhost" has another origin, so that only the path is kept. Nothing else is ever fetched.
 */
export function localFile(url: string | undefined | null): string | undefined {
  if (!url) return undefined;
  if (url.startsWith("data:image/")) return url;
  try {
    const parsed = new URL(url, location.href);
    const loopback = ["127.0.0.1", "localhost", "[::1]"];
    const here =
      parsed.origin === location.origin ||
      (loopback.includes(parsed.hostname) &&
        loopback.includes(location.hostname) &&
        parsed.port === location.port);
    return here ? parsed.pathname + parsed.search : undefined;
  } catch {
    return undefined;
  }
}

/** Where a user's avatar is served, or undefined for a drawn one. */
export function avatarUrl(user: { id: string; avatar?: string | null }): string | undefined {
  return user.avatar ? `/cdn/avatars/${user.id}/${user.avatar}.png?size=128` : undefined;
}

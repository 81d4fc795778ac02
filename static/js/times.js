// Keeps "3 h ago" true while a page stays open. The words come from the server, in <meta name="portal-times">.
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const WEEK = 7 * DAY;

/** The words for a distance in seconds (negative: to come), or null where the server's absolute date stands. */
export function relative(seconds, words) {
  const distance = Math.abs(seconds);
  if (distance < MINUTE) return words.now;
  if (distance >= WEEK) return null;
  const [unit, size] = distance < HOUR ? ["minutes", MINUTE] : distance < DAY ? ["hours", HOUR] : ["days", DAY];
  return words[seconds < 0 ? `in_${unit}` : unit].replace("{n}", Math.floor(distance / size));
}

function refresh() {
  const meta = document.querySelector('meta[name="portal-times"]');
  if (!meta) return;
  const words = JSON.parse(meta.content);
  for (const time of document.querySelectorAll("time[data-since]")) {
    const text = relative((Date.now() - Date.parse(time.dateTime)) / 1000, words);
    if (text && text !== time.textContent) time.textContent = text;
  }
}

export function startTimes() {
  setInterval(() => document.hidden || refresh(), 30_000);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}

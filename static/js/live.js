// Keeps the bell and the age of the data true while a page stays open and is looked at; shows moments on the local clock.
const EVERY = 60_000;

const ask = () => document.getElementById("live")?.dispatchEvent(new CustomEvent("live"));

// Dates are written as the server writes them: day before month.
const locale = () => (document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || undefined);

function words(moment, kind) {
  const options = { weekday: "long", day: "numeric", month: "long" };
  if (kind === "day") return moment.toLocaleDateString(locale(), options).replace(",", "");
  const time = moment.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
  if (moment.toDateString() === new Date().toDateString()) return time;
  return `${moment.toLocaleDateString(locale(), { day: "numeric", month: "short" })}, ${time}`;
}

function showLocal() {
  for (const time of document.querySelectorAll("time[data-clock]"))
    time.textContent = words(new Date(time.dateTime), time.dataset.clock);
}

export function startLive() {
  let asked = Date.now();
  const askIfDue = () => {
    if (document.hidden || Date.now() - asked < EVERY - 1000) return;
    asked = Date.now();
    ask();
  };
  setInterval(askIfDue, EVERY);
  document.addEventListener("visibilitychange", askIfDue);
  document.addEventListener("DOMContentLoaded", showLocal);
  document.addEventListener("htmx:afterSettle", showLocal);
  // Whoever was signed out meanwhile is answered with the sign-in page: that is nothing to put into the frame.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "live" && !event.detail.serverResponse.includes('id="live"')) event.detail.shouldSwap = false;
  });
}

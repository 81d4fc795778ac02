// j and k, or the arrows, walk the rows of a list; x selects the row, Enter follows its link (the browser's own doing).
// Whoever comes back to a list goes on at the row that they opened.
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog, details[open]";

const OPENED = "row";

const remember = (link) => sessionStorage.setItem(OPENED, `${location.href} ${link.href}`);
const opened = (links) => links.findIndex((link) => sessionStorage.getItem(OPENED) === `${location.href} ${link.href}`);

export function startRows() {
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.(".row-link");
    if (link) remember(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    const links = [...document.querySelectorAll(".row-link")];
    const at = links.findIndex((link) => link.closest(".row")?.contains(document.activeElement));
    if (event.key === "x" && at >= 0) links[at].closest(".row").querySelector("[data-pick]")?.click();
    if (!(event.key in STEPS) || !links.length) return;
    // Outside of the list the arrows scroll the page, as everywhere.
    if (at < 0 && event.key.startsWith("Arrow")) return;
    const next = at < 0 ? Math.max(0, opened(links)) : Math.min(links.length - 1, Math.max(0, at + STEPS[event.key]));
    event.preventDefault();
    links[next].focus();
    links[next].closest(".row")?.scrollIntoView({ block: "nearest" });
  });
}

// j and k, or the arrows, walk the rows of a list; x selects the row, Enter follows its link (the browser's own doing).
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog, details[open]";

export function startRows() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    const links = [...document.querySelectorAll(".row-link")];
    const at = links.findIndex((link) => link.closest(".row")?.contains(document.activeElement));
    if (event.key === "x" && at >= 0) links[at].closest(".row").querySelector("[data-pick]")?.click();
    if (!(event.key in STEPS) || !links.length) return;
    // Outside of the list the arrows scroll the page, as everywhere.
    if (at < 0 && event.key.startsWith("Arrow")) return;
    const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + STEPS[event.key]));
    event.preventDefault();
    links[next].focus();
    links[next].closest(".row")?.scrollIntoView({ block: "nearest" });
  });
}

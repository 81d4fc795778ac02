// Ctrl-K, Cmd-K, "/" and the field in the top bar open the palette: its field keeps the focus, arrows move, Enter opens.
const TYPING = "input, textarea, select, [contenteditable]";
const get = (id) => document.getElementById(id);
let answered = null; // what the hits below the field were asked for
let hurried = null; // what was typed when Enter came before its hits did

const options = () => [...get("palette-found").querySelectorAll("[role=option]")];
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function choose(option) {
  const field = get("palette-field");
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  field.setAttribute("aria-expanded", String(options().length > 0));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function open(text = "") {
  const field = get("palette-field");
  answered = null;
  hurried = null;
  field.value = text;
  get("palette").showModal();
  field.focus();
  field.select();
  field.dispatchEvent(new Event("palette"));
}

function step(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function onKeyInField(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (answered === event.target.value) chosen()?.click();
    else hurried = event.target.value;
  }
}

function onKey(event) {
  const palette = get("palette");
  if (!palette) return;
  const inField = event.target.id === "palette-field";
  if (inField && palette.open) onKeyInField(event);
  // For a moment after it was closed, its field is still what keys are sent to.
  const typing = inField ? palette.open : event.target.closest?.(TYPING);
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing;
  const chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!slash && !chord) return;
  if (palette.open) {
    if (chord) event.preventDefault();
    get("palette-field").select();
  } else if (!document.querySelector("dialog[open]")) {
    event.preventDefault();
    open();
  }
}

function say(words) {
  get("palette-count").textContent = words;
}

function onAnswer({ detail }) {
  if (detail.requestConfig?.elt?.id !== "palette-field") return;
  answered = detail.requestConfig.parameters.q;
  choose(options()[0]);
  // An answer to less than was typed is not the one that Enter waits for.
  if (answered === hurried && answered === get("palette-field").value) chosen()?.click();
}

// Whoever was signed out meanwhile is sent to the door, not shown the door inside of the palette.
function onBeforeAnswer(event) {
  if (event.detail.requestConfig?.elt?.id !== "palette-field") return;
  const page = new URL(get("palette-field").form.action);
  if (!event.detail.xhr.responseURL || new URL(event.detail.xhr.responseURL).pathname === page.pathname) return;
  event.detail.shouldSwap = false;
  location.assign(`${page.pathname}?${new URLSearchParams({ q: get("palette-field").value })}`);
}

function onFailure({ detail }) {
  if (detail.requestConfig?.elt?.id !== "palette-field") return;
  get("palette-found").replaceChildren();
  choose();
  say(get("palette").dataset.broken);
}

export function startSearch() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const field = event.target.closest?.("form[data-search] input");
    if (field && !document.querySelector("dialog[open]")) open(field.value);
    const option = event.target.closest?.("#palette [role=option]");
    if (option && !event.ctrlKey && !event.metaKey && !event.shiftKey) get("palette").close();
  });
  document.addEventListener("pointermove", (event) => {
    const option = event.target.closest?.("#palette [role=option]");
    if (option && option !== chosen()) choose(option);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("#palette")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", onBeforeAnswer);
  document.addEventListener("htmx:afterSettle", onAnswer);
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, onFailure);
}

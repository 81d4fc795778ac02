// Rows that are selected, also while the list is paged, sorted and filtered; the bar says how many.
// Row: <input data-pick value="12">; head: <input data-pick-page>; all that fit: <input data-pick-all>.
// Whoever opens a project and comes back to the same address finds the rows selected as they were.
const KEPT = "selection";
const chosen = new Set();

const all = (selector) => [...document.querySelectorAll(selector)];
const bar = () => document.getElementById("selection");

function show() {
  const form = bar();
  if (!form) return;
  const picks = all("[data-pick]");
  const everything = document.querySelector("[data-pick-all]")?.checked;
  for (const pick of picks) {
    pick.checked = everything || chosen.has(pick.value);
    pick.disabled = everything;
    pick.closest(".row")?.toggleAttribute("data-picked", pick.checked);
  }
  const head = document.querySelector("[data-pick-page]");
  const here = picks.filter((pick) => pick.checked).length;
  if (head) {
    head.checked = picks.length > 0 && here === picks.length;
    head.indeterminate = here > 0 && here < picks.length;
    head.disabled = everything;
  }
  const count = form.querySelector(".selection-count");
  count.textContent = everything ? "" : chosen.size === 1 ? count.dataset.one : count.dataset.many.replace("{n}", chosen.size);
  form.toggleAttribute("data-on", everything || chosen.size > 0);
}

function pick(box, on) {
  if (on) chosen.add(box.value);
  else chosen.delete(box.value);
}

function changed({ target }) {
  if (target.matches("[data-pick]")) pick(target, target.checked);
  else if (target.matches("[data-pick-page]")) for (const box of all("[data-pick]")) pick(box, target.checked);
  else if (!target.matches("[data-pick-all]")) return;
  show();
}

// Rows on other pages are not in the document; they go along in one field.
function complete(event) {
  const form = event.target;
  if (form.id !== "selection") return;
  form.querySelector("[data-elsewhere]")?.remove();
  const here = new Set(all("[data-pick]").map((box) => box.value));
  const elsewhere = [...chosen].filter((id) => !here.has(id));
  if (!elsewhere.length) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "ids", value: elsewhere.join(",") });
  field.dataset.elsewhere = "";
  form.append(field);
}

function clear(event) {
  if (event.target.id !== "selection") return;
  chosen.clear();
  const whole = document.querySelector("[data-pick-all]");
  if (whole) whole.checked = false;
  setTimeout(show);
}

function keep() {
  if (bar()) sessionStorage.setItem(KEPT, JSON.stringify({ address: location.href, ids: [...chosen] }));
}

function comeBack(event) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  // A page out of the browser's own memory still knows.
  if (!event.persisted && bar() && kept?.address === location.href) for (const id of kept.ids) chosen.add(id);
  show();
}

export function startSelection() {
  document.addEventListener("change", changed);
  document.addEventListener("submit", complete);
  document.addEventListener("reset", clear);
  document.addEventListener("htmx:afterSettle", show);
  addEventListener("pagehide", keep);
  addEventListener("pageshow", comeBack);
}

// The board: arrows walk its cards, a card can be dragged or moved by its menu. Both send the form of the dialog; for
// who may not move projects, and where none can go, a card returns to its place and the page says why.
import { aim, hand, tell } from "./moving.js";

const NEAR = 6; // pixels that a finger or mouse may tremble
const HOLD = 300; // a finger that rests this long drags, a quicker one scrolls
const BACK = 150;
let drag = null;

const columnOf = (node) => node?.closest?.(".board-column");
const stopsOf = (column) => [...column.querySelectorAll("[data-card], .board-more a")];

// Tab goes from column to column; inside a column the arrows do.
function settle() {
  for (const board of document.querySelectorAll("[data-board]")) {
    for (const column of board.children) {
      const stops = stopsOf(column);
      rove(stops.find((stop) => stop === document.activeElement) ?? stops[0]);
    }
    if (board.dataset.touch) continue;
    board.dataset.touch = "1";
    board.addEventListener("touchmove", (event) => drag?.ghost && event.preventDefault(), { passive: false });
  }
}

function rove(chosen) {
  if (!chosen) return;
  for (const stop of stopsOf(columnOf(chosen))) {
    stop.tabIndex = stop === chosen ? 0 : -1;
    const button = stop.closest(".board-card")?.querySelector("[data-move]");
    if (button) button.tabIndex = stop.tabIndex;
  }
}

function target(event, stop) {
  const column = columnOf(stop);
  const stops = stopsOf(column);
  const at = stops.indexOf(stop);
  if (event.key === "ArrowDown") return stops[at + 1];
  if (event.key === "ArrowUp") return stops[at - 1];
  if (event.key === "Home") return stops[0];
  if (event.key === "End") return stops.at(-1);
  const side = event.key === "ArrowRight" ? "nextElementSibling" : event.key === "ArrowLeft" ? "previousElementSibling" : "";
  let next = side && column[side];
  while (next && !stopsOf(next).length) next = next[side];
  const there = next ? stopsOf(next) : [];
  return there[Math.min(at, there.length - 1)];
}

function walk(event) {
  if (event.key === "Escape" && drag?.ghost) return end();
  const stop = event.target.closest?.("[data-card], .board-more a");
  if (!stop || !columnOf(stop) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const next = target(event, stop);
  if (!next && !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  event.stopPropagation(); // the arrows of a list would go on in the next column
  if (!next) return;
  next.focus({ preventScroll: true });
  (next.closest(".board-card") ?? next).scrollIntoView({ block: "nearest", inline: "nearest" });
}

function press(event) {
  const card = event.target.closest?.(".board-card");
  if (!card || drag || event.button || !event.isPrimary || event.target.closest("[data-move]")) return;
  drag = { card, id: event.pointerId, touch: event.pointerType !== "mouse", x: event.clientX, y: event.clientY };
  if (drag.touch) drag.timer = setTimeout(lift, HOLD);
}

function lift() {
  const { card } = drag;
  drag.from = card.getBoundingClientRect();
  drag.ghost = card.cloneNode(true);
  drag.ghost.classList.add("board-ghost");
  drag.ghost.inert = true;
  for (const side of ["left", "top", "width", "height"]) drag.ghost.style[side] = `${drag.from[side]}px`;
  document.body.append(drag.ghost);
  card.classList.add("board-lifted");
}

function move(event) {
  if (event.pointerId !== drag?.id) return;
  const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.ghost) {
    if (Math.hypot(x, y) < NEAR) return;
    if (drag.touch) return end();
    lift();
  }
  drag.ghost.style.translate = `${x}px ${y}px`;
}

function drop(event) {
  if (event.pointerId !== drag?.id) return;
  if (!drag.ghost) return end();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  const column = columnOf(document.elementFromPoint(event.clientX, event.clientY));
  end(column === columnOf(drag.card) ? null : column);
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

function end(column = null) {
  const { card, ghost, timer } = drag;
  drag = null;
  clearTimeout(timer);
  if (!ghost) return;
  ghost.classList.add("board-returns");
  ghost.style.translate = "0 0";
  setTimeout(() => {
    ghost.remove();
    card.classList.remove("board-lifted");
  }, BACK);
  if (column) hand(card, column);
}

export function startBoard() {
  addEventListener("DOMContentLoaded", settle);
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("focusin", (event) => event.target.matches("[data-card]") && rove(event.target));
  document.addEventListener("keydown", walk, { capture: true });
  document.addEventListener("click", (event) => {
    const card = event.target.closest("[data-move]")?.closest(".board-card");
    if (!card) return;
    const dialog = tell(document.getElementById("move"), card);
    const form = dialog.querySelector("[data-moves]");
    if (form) aim(form, card);
    dialog.showModal();
  });
  document.addEventListener("pointerdown", press);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", (event) => event.pointerId === drag?.id && end());
  for (const own of ["dragstart", "contextmenu"])
    document.addEventListener(own, (event) => drag && (own === "dragstart" || drag.touch) && event.preventDefault());
}

// <details class="menu">: one open at a time, closed by Escape, by a click outside and by leaving with Tab.
const open = () => document.querySelectorAll("details.menu[open]");

function closeAllBut(kept) {
  for (const menu of open()) if (!menu.contains(kept)) menu.open = false;
}

export function startMenus() {
  document.addEventListener("click", (event) => closeAllBut(event.target));
  document.addEventListener("focusin", (event) => closeAllBut(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape")
      for (const menu of open()) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const menu = event.target.closest?.("details.menu[open]");
    if (!menu || event.target.matches("input, select, textarea")) return;
    const items = [...menu.querySelectorAll(".menu-item")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = items[(items.indexOf(document.activeElement) + step + items.length) % items.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

// <button data-fold="id" aria-expanded="false"> shows and hides what small screens fold away; CSS decides where.
export function startFolds() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.dataset.fold)?.toggleAttribute("data-unfolded", open);
  });
}

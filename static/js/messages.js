// Messages go when dismissed; toasts that only say "done" go by themselves, the rest stays until read.
const STAY = 6000;

export function startMessages() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    button?.closest(".callout")?.remove();
  });
  addEventListener("DOMContentLoaded", () => {
    const toasts = document.getElementById("toasts");
    if (!toasts) return;
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes)
          if (node.dataset?.tone === "well") setTimeout(() => node.remove(), STAY);
    }).observe(toasts, { childList: true });
  });
}

// <button data-copy-text="…" data-copied="Copied"> puts a text on the clipboard and says so in a toast.
export function startTexts() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-text]");
    if (!button) return;
    const toast = document.createElement("div");
    toast.className = "callout";
    try {
      await navigator.clipboard.writeText(button.dataset.copyText);
      toast.dataset.tone = "well";
      toast.textContent = button.dataset.copied;
    } catch {
      toast.dataset.tone = "info"; // not allowed here: the text is shown, to be taken by hand
      toast.textContent = button.dataset.copyText;
      setTimeout(() => toast.remove(), 20_000);
    }
    document.getElementById("toasts")?.append(toast);
  });
}

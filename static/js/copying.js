// <button data-copy="id" data-copied="Copied"> copies the text of a field and says so for a moment.
const SAID = 2000;

export function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const field = button && document.getElementById(button.dataset.copy);
    if (!field) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // not allowed: the text is selected, Ctrl-C does the rest
    }
    const words = button.querySelector("span");
    const before = words.textContent;
    if (before === button.dataset.copied) return;
    words.textContent = button.dataset.copied;
    setTimeout(() => (words.textContent = before), SAID);
  });
}

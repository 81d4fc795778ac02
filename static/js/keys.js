// "?" shows the keys of a page that has a <dialog id="keys">.
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
    const dialog = document.getElementById("keys");
    if (!dialog || dialog.open || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
    event.preventDefault();
    dialog.showModal();
  });
}

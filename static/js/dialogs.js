// <button data-dialog="id"> opens <dialog id="id">; <button data-close> or a click on the veil closes it.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    else if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    else if (event.target.matches?.("dialog[open]")) event.target.close();
  });
}

// A select with data-submit sends its form; a form sent once is not sent again by a second click.
export function startForms() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form?.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const act = event.submitter?.value || "1"; // another button of the form is another act
    if (form.dataset.sent === act) event.preventDefault();
    form.dataset.sent = act;
    setTimeout(() => delete form.dataset.sent, 5000); // a download leaves the page standing
  });
  // Coming back with the browser's button finds the page as it was left.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

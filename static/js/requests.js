// htmx sends the page's whole address along as a header. Nobody here reads it, and with a pasted search in it the header
// would be longer than a server takes: the page could not ask for anything any more.
export function startRequests() {
  document.addEventListener("htmx:configRequest", (event) => delete event.detail.headers["HX-Current-URL"]);
}

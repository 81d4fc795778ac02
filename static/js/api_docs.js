// The API's page, beside Swagger's own script: what it shows gets the names and landmarks it lacks. Not part of the bundle.
window.readableByAll = () => ({
  wrapComponents: {
    InfoContainer: (Original, { React }) => (props) => React.createElement("div", { role: "banner" }, React.createElement(Original, props)),
    CloseIcon: (Original, { React }) => (props) =>
      React.createElement("span", { role: "img", "aria-label": "Close" }, React.createElement(Original, props)),
  },
});

const set = (element, names) => Object.entries(names).forEach(([name, value]) => element.setAttribute(name, value));

function nameAll(root) {
  for (const field of root.querySelectorAll("tr[data-param-name] :is(select, input, textarea):not([aria-label])"))
    set(field, { "aria-label": field.closest("tr").dataset.paramName });
  // Every call has such a table: one landmark each would be too many to find a way by.
  for (const table of root.querySelectorAll("table[role=region]")) table.removeAttribute("role");
  for (const box of root.querySelectorAll(".modal-ux:not([role])"))
    set(box, { role: "dialog", "aria-modal": "true", "aria-label": box.querySelector("h3")?.textContent ?? "" });
}

const page = document.getElementById("swagger-ui");
new MutationObserver(() => nameAll(page)).observe(page, { childList: true, subtree: true });

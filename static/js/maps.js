// Brings the map's own script and styles once a map is about to be seen: they weigh more than the rest of the page.

let asked = false;

function bring({ style, script }) {
  if (asked) return;
  asked = true;
  document.head.append(
    Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }),
    Object.assign(document.createElement("script"), { src: script }),
  );
}

export function startMaps() {
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => bring(entry.target.dataset)),
    { rootMargin: "200px" },
  );
  const watch = (root) => root.querySelectorAll("[data-map]").forEach((box) => near.observe(box));
  document.addEventListener("DOMContentLoaded", () => watch(document));
  document.addEventListener("htmx:load", (event) => watch(event.target.parentElement ?? document));
}

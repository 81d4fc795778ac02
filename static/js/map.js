// The place of a project: a point on the tiles of MAP_TILES_URL or, without any, on plain ground with distances.
// Its styles are bundled with it into static/vendor/map.css.
import "leaflet/dist/leaflet.css";
import "../css/map.css";
import { Circle, CircleMarker, Control, Map as Chart, TileLayer, Tooltip } from "leaflet/dist/leaflet-src.esm.js";

const CLOSE = 18; // a roof fills the view
const RINGS = [10, 25, 50, 100]; // metres around the point, where no tiles tell how far things are

function ground(chart, point, data) {
  if (data.tiles) {
    new TileLayer(data.tiles, { maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(chart);
    return;
  }
  for (const radius of RINGS) {
    new Circle(point, { radius, className: "map-ring", fill: false, interactive: false }).addTo(chart);
    const above = [point[0] + radius / 111_320, point[1]];
    new Tooltip(above, { permanent: true, direction: "center", className: "map-ring-label", content: `${radius} m` }).addTo(chart);
  }
}

function start(box) {
  const data = box.dataset;
  if (data.started) return;
  data.started = "1";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const point = [Number(data.lat), Number(data.lon)];
  const chart = new Chart(box, {
    center: point,
    zoom: CLOSE,
    maxZoom: 19,
    minZoom: 3,
    attributionControl: false,
    zoomControl: false,
    // A page is scrolled with wheel and thumb; the map is moved by mouse, two fingers, arrows, + and −.
    scrollWheelZoom: false,
    dragging: matchMedia("(pointer: fine)").matches,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
  });
  new Control.Zoom({ zoomInTitle: data.nearer, zoomOutTitle: data.further }).addTo(chart);
  new Control.Scale({ imperial: data.imperial === "yes", metric: true }).addTo(chart);
  ground(chart, point, data);
  new CircleMarker(point, { radius: 8, className: "map-point", interactive: false }).addTo(chart);
}

const startAll = (root) => root.querySelectorAll("[data-map]").forEach(start);

startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target.parentElement ?? document));

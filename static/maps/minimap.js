// A small still map of one mark: our base, its shape, its sign.
import { layGround, nameSource } from "./ground.js";
import L from "./leaflet.js";
import { PinLayer } from "./pins.js";

const box = document.getElementById("minimap");
const shape = JSON.parse(document.getElementById("minimap-shape").textContent);
const map = L.map(box, {
  zoomControl: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false,
  touchZoom: false, keyboard: false, boxZoom: false, attributionControl: false, maxZoom: 20,
});
const outline = L.geoJSON(shape, {
  interactive: false,
  style: { color: "#0b6b5f", weight: 3, fillOpacity: 0.15 },
  pointToLayer: () => L.layerGroup(),
});
if (shape.type === "Point") map.setView([shape.coordinates[1], shape.coordinates[0]], 18);
else map.fitBounds(outline.getBounds().pad(0.4), { maxZoom: 18 });
outline.addTo(map);
if (shape.type === "Point") {
  const pins = new PinLayer();
  pins.setItems([{ lon: shape.coordinates[0], lat: shape.coordinates[1], kind: box.dataset.kind }]);
  pins.addTo(map);
}
const { base, source } = JSON.parse(document.getElementById("minimap-ground").textContent);
nameSource(map, source);
await layGround(map, base, source);
document.body.dataset.ready = "1";

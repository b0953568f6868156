// Names as DOM labels: streets along their direction (upright when they run north–south), places at their
// point; a label that would cover another one stays away until there is room.
import L from "./leaflet.js";

const WEIGHT = { road: 1, green: 2, plaza: 2, water: 3, "building-school": 2, "building-market": 2, parking: 3, "building-office": 4 };
const FROM_ZOOM = { road: 15, green: 16, plaza: 16, "building-school": 17, "building-market": 17, water: 16, parking: 17, "building-office": 18 };

// A street cut into pieces by the edge of the map is named along its longest piece.
function lineOf({ type, coordinates }) {
  if (type === "LineString") return coordinates;
  if (type !== "MultiLineString") return null;
  return coordinates.reduce((best, line) => (reach(line) > reach(best) ? line : best));
}

function reach(line) {
  const [a, b] = [line[0], line[line.length - 1]];
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

function middle(geometry) {
  const { type, coordinates } = geometry;
  if (type === "Point") return { point: coordinates, vertical: false };
  const line = lineOf(geometry);
  if (!line) {
    const ring = type === "Polygon" ? coordinates[0] : coordinates[0]?.[0] ?? [];
    const xs = ring.map((p) => p[0]);
    const ys = ring.map((p) => p[1]);
    return { point: [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2], vertical: false };
  }
  const [a, b] = [line[0], line[line.length - 1]];
  return { line, vertical: Math.abs(b[1] - a[1]) > Math.abs(b[0] - a[0]) };
}

// Several spots along a street, so that a long one is named wherever one looks.
function spots(line) {
  const [a, b] = [line[0], line[line.length - 1]];
  return [0.36, 0.5, 0.64].map((t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
}

export function labelLayer(map, collection) {
  const pane = map.createPane("names");
  pane.style.zIndex = 350;
  pane.style.pointerEvents = "none";
  const wanted = [];
  const seen = new Set();
  for (const { properties, geometry } of collection.features) {
    const { k, n } = properties ?? {};
    if (!n || !(k in WEIGHT) || (k !== "road" && seen.has(n))) continue;
    seen.add(n);
    const at = middle(geometry);
    for (const point of at.line ? spots(at.line) : [at.point]) {
      wanted.push({ name: n, kind: k, vertical: at.vertical, point });
    }
  }
  wanted.sort((one, other) => WEIGHT[one.kind] - WEIGHT[other.kind]);
  const group = L.layerGroup().addTo(map);

  function place() {
    group.clearLayers();
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.05);
    const taken = [];
    for (const item of wanted) {
      if (zoom < FROM_ZOOM[item.kind]) continue;
      const latlng = L.latLng(item.point[1], item.point[0]);
      if (!view.contains(latlng)) continue;
      const at = map.latLngToContainerPoint(latlng);
      const long = item.name.length * (item.kind === "road" ? 15 : 12.5) + 10;
      const [w, h] = item.vertical ? [18, long] : [long, 18];
      const box = [at.x - w / 2, at.y - h / 2, at.x + w / 2, at.y + h / 2];
      if (taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) continue;
      taken.push(box);
      group.addLayer(label(item, latlng, w, h));
    }
  }
  map.on("zoomend moveend", place);
  place();
  return group;
}

function label(item, latlng, w, h) {
  const text = document.createElement("span");
  text.textContent = item.name;
  const classes = ["map-label", item.kind.split("-")[0]];
  if (item.vertical) classes.push("vertical");
  if (item.kind.startsWith("building")) classes.push("strong");
  return L.marker(latlng, {
    pane: "names",
    interactive: false,
    keyboard: false,
    icon: L.divIcon({ className: classes.join(" "), html: text, iconSize: [w, h] }),
  });
}

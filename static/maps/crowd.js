// Everybody's marks under the page's filters: single ones when near or few, counts per cell when far.
import L from "./leaflet.js";
import { PinLayer } from "./pins.js";

const FEW = 150; // so many are fetched at once and kept
const NEAR_ZOOM = 18;
const LIMIT = 1000;
const STROKE = { like: "#0a7672", dislike: "#c0400f", improve: "#b9820a" };

export class Crowd {
  constructor(map, config, { onPick, onFailure }) {
    Object.assign(this, { map, config, onFailure, loaded: null, wanted: null });
    this.pins = new PinLayer(onPick);
    this.shapes = L.layerGroup();
    this.setShown(true);
    map.on("moveend", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), 180);
    });
  }

  setShown(isShown) {
    for (const layer of [this.shapes, this.pins]) {
      if (isShown) layer.addTo(this.map);
      else layer.remove();
    }
  }

  // Fetch what the view needs; an answer that came too late is dropped.
  async refresh(force = false) {
    const view = this.view();
    if (!force && this.loaded && covers(this.loaded, view)) return;
    this.wanted = view;
    try {
      const { body, seen } = await this.load(view);
      if (this.wanted !== view) return;
      this.loaded = seen.far === view.far ? view : null;
      this.pins.setItems(seen.far ? body.cells.map(counted) : body.features.map(pinOf));
      this.drawShapes(seen.far ? [] : body.features);
    } catch {
      this.onFailure();
    }
  }

  // The answer for a view; more marks than can be sent singly come as cells after all.
  async load(seen) {
    const answer = await fetch(this.address(seen), { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const body = await answer.json();
    if (!seen.far && body.total > body.features.length) {
      return this.load({ ...seen, far: true, zoom: this.map.getZoom() });
    }
    return { body, seen };
  }

  view() {
    const zoom = this.map.getZoom();
    const few = this.config.total <= FEW;
    const far = !few && zoom < NEAR_ZOOM;
    const box = few ? this.config.box : this.boxAround();
    return { far, zoom: far ? zoom : null, box, few };
  }

  // The view with a margin, never beyond the filters' own box.
  boxAround() {
    const around = this.map.getBounds().pad(0.35);
    const box = [around.getWest(), around.getSouth(), around.getEast(), around.getNorth()];
    const kept = this.config.box;
    if (!kept) return box;
    return [Math.max(box[0], kept[0]), Math.max(box[1], kept[1]), Math.min(box[2], kept[2]), Math.min(box[3], kept[3])];
  }

  address({ far, zoom, box }) {
    const { urls, filters } = this.config;
    const query = new URLSearchParams(filters);
    if (box) query.set("bbox", box.map((part) => part.toFixed(6)).join(","));
    if (far) query.set("zoom", zoom);
    else query.set("limit", LIMIT);
    return `${far ? urls.cells : urls.marks}?${query}`;
  }

  drawShapes(features) {
    this.shapes.clearLayers();
    for (const { geometry, properties } of features) {
      if (geometry.type === "Point") continue;
      const style = { color: STROKE[properties.kind], weight: 4, opacity: 0.75, fillOpacity: 0.14, interactive: false };
      this.shapes.addLayer(L.geoJSON(geometry, { style, interactive: false }));
    }
  }

  // Topics of the marks within some metres of a place, the most frequent first; for ranking reasons.
  topicsNear({ lon, lat }, reach = 120) {
    const counts = new Map();
    for (const item of this.pins.items) {
      if (item.topic && this.map.distance([item.lat, item.lon], [lat, lon]) <= reach) {
        counts.set(item.topic, (counts.get(item.topic) ?? 0) + 1);
      }
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([topic]) => topic);
  }
}

function covers(had, view) {
  if (had.zoom !== view.zoom) return false;
  if (had.few || !had.box) return true;
  const inner = view.box;
  const slack = 0.2;
  const [w, h] = [(inner[2] - inner[0]) * slack, (inner[3] - inner[1]) * slack];
  return had.box[0] <= inner[0] + w && had.box[1] <= inner[1] + h && had.box[2] >= inner[2] - w && had.box[3] >= inner[3] - h;
}

function counted(cell) {
  const kind = ["like", "dislike", "improve"].find((each) => cell[each]);
  return { ...cell, kind, total: cell.like + cell.dislike + cell.improve };
}

function pinOf({ geometry, properties }) {
  const [lon, lat] = middle(geometry);
  return { lon, lat, ...properties };
}

function middle({ type, coordinates }) {
  if (type === "Point") return coordinates;
  if (type === "LineString") return coordinates[Math.floor(coordinates.length / 2)];
  const ring = coordinates[0];
  const sum = ring.slice(1).reduce(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / (ring.length - 1), sum[1] / (ring.length - 1)];
}

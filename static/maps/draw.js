// Draw a line or an area with the fixed pin or by taps; length and area are shown against their caps.
import { areaOf, lengthOf, metres } from "./boundary.js";
import L from "./leaflet.js";
import { amount, fill, say } from "./sheet.js";

const MOST_POINTS = 200;
const TOO_CLOSE = 0.5; // metres

export class Draw {
  constructor(map, config, { aim, onDone }) {
    Object.assign(this, { map, config, aim, onDone, mode: "line", points: [], isOn: false });
    this.layer = L.layerGroup().addTo(map);
    map.on("click", (event) => {
      if (this.isOn) this.add([event.latlng.lng, event.latlng.lat]);
    });
    for (const button of document.querySelectorAll("[data-draw]")) {
      button.addEventListener("click", () => this.press(button.dataset.draw));
    }
  }

  start() {
    this.isOn = true;
    this.clear();
  }

  stop() {
    this.isOn = false;
  }

  clear() {
    this.points = [];
    this.paint();
  }

  press(what) {
    if (what === "add") {
      const { lon, lat } = this.aim.at();
      this.add([lon, lat]);
    } else if (what === "undo") {
      this.points.pop();
      this.paint();
    } else if (what === "done") {
      this.finish();
    } else {
      this.mode = what;
      for (const mode of ["line", "area"]) {
        document.querySelector(`[data-draw=${mode}]`).setAttribute("aria-pressed", String(mode === what));
      }
      this.paint();
    }
  }

  add(point) {
    const last = this.points.at(-1);
    if (last && metres(last, point) < TOO_CLOSE) return;
    if (this.points.length < MOST_POINTS) this.points.push(point.map((part) => Number(part.toFixed(6))));
    this.paint();
  }

  get size() {
    return this.mode === "line" ? lengthOf(this.points) : areaOf(this.points);
  }

  // "一段路，约 120 米".
  get words() {
    return fill(this.config.words[this.mode], { n: amount(this.size) });
  }

  get shape() {
    if (this.mode === "line") return { type: "LineString", coordinates: this.points };
    return { type: "Polygon", coordinates: [[...this.points, this.points[0]]] };
  }

  get isTooLarge() {
    return this.size > this.config.limits[this.mode];
  }

  finish() {
    const least = this.mode === "line" ? 2 : 3;
    if (this.points.length >= least && !this.isTooLarge) this.onDone(this.shape, this.words);
  }

  paint() {
    this.layer.clearLayers();
    const path = this.points.map(([lon, lat]) => [lat, lon]);
    const style = { color: "#0b6b5f", weight: 4, fillOpacity: 0.16, interactive: false };
    if (path.length > 1) this.layer.addLayer(this.mode === "line" ? L.polyline(path, style) : L.polygon(path, style));
    for (const at of path) {
      this.layer.addLayer(L.circleMarker(at, { radius: 5, color: "#0b6b5f", weight: 3, fillColor: "#fff", fillOpacity: 1, interactive: false }));
    }
    this.tell(path.length);
  }

  tell(count) {
    const { words, limits } = this.config;
    const cap = fill(words[`${this.mode}Cap`], { n: amount(limits[this.mode]) });
    const least = this.mode === "line" ? 2 : 3;
    const now = count < least ? fill(words.points, { n: count }) : this.words;
    document.getElementById("draw-size").textContent = `${now} · ${cap}`;
    say("draw-error", this.isTooLarge ? cap : "");
    document.querySelector("[data-draw=undo]").disabled = !count;
    document.querySelector("[data-draw=done]").disabled = count < least || this.isTooLarge;
  }
}

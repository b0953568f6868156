// What the mark will be about: the point under the pin, or a drawn shape; its name in the bubble and aloud.
import { beyond } from "./boundary.js";
import { fill } from "./sheet.js";

const CLOSE_UP = 18;
const QUIET = 700; // milliseconds of rest before the name is read aloud

export class Placing {
  constructor(parts) {
    Object.assign(this, parts, { shape: null });
    this.origin = this.config.poster ? "poster" : "map";
    this.map.on("movestart", () => this.stage.classList.add("moving"));
    this.map.on("moveend", () => {
      this.stage.classList.remove("moving");
      this.show();
    });
    this.map.on("dragstart", () => { if (this.origin !== "poster") this.origin = "map"; });
  }

  get geometry() {
    const { lon, lat } = this.aim.at();
    return this.shape?.geometry ?? { type: "Point", coordinates: [lon, lat] };
  }

  get name() {
    const { words, boundary, tolerance } = this.config;
    if (this.shape) return this.shape.words;
    const { lon, lat } = this.aim.at();
    if (beyond(boundary, [lon, lat]) > tolerance) return words.outside;
    return this.gazetteer.nameAt(lon, lat) ?? words.here;
  }

  show() {
    const { name, config: { words } } = this;
    document.getElementById("bubble").textContent = name;
    document.getElementById("reason-place").textContent = name;
    this.stage.classList.toggle("outside", name === words.outside);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      document.getElementById("spoken").textContent = fill(words.moved, { name });
    }, QUIET);
  }

  goTo(place, origin) {
    this.aim.goTo([place.lat, place.lon], Math.max(this.map.getZoom(), CLOSE_UP));
    this.origin = origin;
  }

  // A drawn line or area with its size in words; null is the point again.
  setShape(geometry, words) {
    this.shape = geometry && { geometry, words };
    this.stage.classList.toggle("drawn", Boolean(geometry));
    document.getElementById("shape-size").textContent = words ?? "";
    for (const line of document.querySelectorAll(".of-shape")) line.hidden = !geometry;
    for (const line of document.querySelectorAll(".of-point")) line.hidden = Boolean(geometry);
    this.show();
  }
}

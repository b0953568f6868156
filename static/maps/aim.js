// The fixed pin: where it stands on the screen, which place lies under it, and how to bring a place there.
// The map moves beneath, so that no precise tap is needed and the arrow keys work.
import L from "./leaflet.js";

const WIDE = matchMedia("(min-width: 62rem)");
const PIN_HEIGHT = 6.9; // pin and bubble above the spot, in rem

export class Aim {
  constructor(map, stage, sheet, topline) {
    Object.assign(this, { map, stage, sheet, topline, spot: L.point(0, 0), place: map.getCenter() });
    // Zooming by key, button or double click keeps the place under the pin.
    map.setZoom = (zoom, options) => map.setZoomAround(this.spot, zoom, options);
    // Only people's own moves change the place; ours would shift it by parts of a pixel.
    map.on("moveend", () => {
      if (!this.isOurs) this.place = map.containerPointToLatLng(this.spot);
    });
  }

  // Measure what the sheet leaves free; the aimed place stays under the pin.
  layout() {
    const { width, height } = this.stage.getBoundingClientRect();
    const sheet = this.sheet.getBoundingClientRect();
    const top = this.topline.getBoundingClientRect().bottom;
    const pin = PIN_HEIGHT * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const free = Math.min(height, sheet.top);
    this.spot = WIDE.matches
      ? L.point((sheet.right + width) / 2, height * 0.52)
      : L.point(width / 2, Math.max(top + pin, Math.min(free - 28, top + (free - top) * 0.58)));
    this.stage.style.setProperty("--aim-x", `${this.spot.x}px`);
    this.stage.style.setProperty("--aim-y", `${this.spot.y}px`);
    this.stage.style.setProperty("--free", `${WIDE.matches ? height : free}px`);
    this.goTo(this.place);
  }

  at() {
    const { lat, lng } = this.place;
    return { lon: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)) };
  }

  goTo(place, zoom = this.map.getZoom()) {
    this.isOurs = true;
    this.map.invalidateSize({ pan: false });
    this.place = L.latLng(place);
    const point = this.map.project(this.place, zoom);
    const centre = point.subtract(this.spot).add(this.map.getSize().divideBy(2));
    this.map.setView(this.map.unproject(centre, zoom), zoom, { animate: false });
    this.isOurs = false;
  }
}

// Marks on the map: drawn on one canvas, told apart by colour and by shape, hit-tested for taps.
// An item with a total stands for the marks of a cell.
import { cellRadius, drawCell } from "./cells.js";
import L from "./leaflet.js";

const STYLE = {
  like: { fill: "#0a7672", rim: "#fff", shape: "circle" },
  dislike: { fill: "#c0400f", rim: "#fff", shape: "square" },
  improve: { fill: "#f0b429", rim: "#7a5300", shape: "hexagon" },
};

function outline(ctx, shape, x, y, r) {
  ctx.beginPath();
  if (shape === "circle") ctx.arc(x, y, r, 0, 7);
  else if (shape === "square") ctx.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
  else {
    for (let i = 0; i < 6; i += 1) {
      const angle = Math.PI / 6 + (i * Math.PI) / 3;
      ctx.lineTo(x + r * 1.08 * Math.cos(angle), y + r * 1.08 * Math.sin(angle));
    }
    ctx.closePath();
  }
}

export function drawGlyph(ctx, kind, x, y, r) {
  const style = STYLE[kind];
  ctx.fillStyle = "#fff";
  outline(ctx, style.shape, x, y, r + 1.8);
  ctx.shadowColor = "rgb(32 48 47 / .35)";
  ctx.shadowBlur = 3;
  ctx.shadowOffsetY = 1;
  ctx.fill();
  ctx.shadowColor = "transparent";
  outline(ctx, style.shape, x, y, r);
  ctx.fillStyle = style.fill;
  ctx.fill();
  if (style.rim !== "#fff") { ctx.strokeStyle = style.rim; ctx.lineWidth = 1.3; ctx.stroke(); }
}

// items: [{ lon, lat, kind, … }] or cells; onPick(item) after a tap within reach of the nearest one.
export const PinLayer = L.Layer.extend({
  initialize(onPick) {
    this.items = [];
    this.onPick = onPick;
  },
  setItems(items) {
    this.items = items;
    if (this.canvas) this.redraw();
  },
  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide");
    this.canvas.setAttribute("aria-hidden", "true");
    map.getPanes().overlayPane.append(this.canvas);
    map.on("moveend zoomend resize", this.redraw, this);
    map.on("click", this.pick, this);
    this.redraw();
  },
  onRemove(map) {
    map.off("moveend zoomend resize", this.redraw, this);
    map.off("click", this.pick, this);
    this.canvas.remove();
  },
  redraw() {
    const map = this._map;
    const size = map.getSize();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const pad = 80;
    const corner = map.containerPointToLayerPoint([-pad, -pad]);
    L.DomUtil.setPosition(this.canvas, corner);
    this.canvas.width = (size.x + 2 * pad) * ratio;
    this.canvas.height = (size.y + 2 * pad) * ratio;
    this.canvas.style.width = `${size.x + 2 * pad}px`;
    this.canvas.style.height = `${size.y + 2 * pad}px`;
    const ctx = this.canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const radius = map.getZoom() >= 17 ? 6.5 : map.getZoom() >= 15 ? 5 : 3.5;
    for (const item of this.items) {
      const at = map.latLngToContainerPoint([item.lat, item.lon]);
      const [x, y] = [at.x + pad, at.y + pad];
      if (x > -20 && y > -20 && x < size.x + 2 * pad + 20 && y < size.y + 2 * pad + 20) {
        if (item.total > 1) drawCell(ctx, item, x, y);
        else drawGlyph(ctx, item.kind, x, y, radius);
      }
    }
  },
  pick(event) {
    let best = null;
    let nearest = Infinity;
    for (const item of this.items) {
      const gap = this._map.latLngToContainerPoint([item.lat, item.lon]).distanceTo(event.containerPoint);
      const reach = item.total > 1 ? cellRadius(item) + 4 : 22;
      if (gap < reach && gap < nearest) { nearest = gap; best = item; }
    }
    if (best && this.onPick) this.onPick(best);
  },
});

// Our own vector base painted on canvas: offline, handsome, no tile server.
// Features carry k (class), n (name), w (width in metres), r (radius in metres).
import L from "./leaflet.js";

const EARTH = 40_075_016.686;
const ORDER = [
  "block", "green", "plaza", "sport", "parking", "water", "path", "road",
  "building", "tree", "boundary",
];
const FILL = {
  block: "#f8f5ee", green: "#d3e6c8", plaza: "#efe6d2", sport: "#cfe3c4", parking: "#d9e4f2",
  water: "#b5d7e6",
};
const BUILDING = {
  home: ["#eadfce", "#cdbea5"], heritage: ["#e2bfa6", "#b98a6c"], school: ["#f3d9a8", "#d3ad66"],
  office: ["#dcdde0", "#b5b9c0"], market: ["#f1d3c0", "#cf9f83"], other: ["#e6ddcd", "#c9bda8"],
};

function mercator([lon, lat]) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

function ringsOf(geometry) {
  switch (geometry?.type) {
    case "Point": return [[geometry.coordinates]];
    case "MultiPoint": return geometry.coordinates.map((point) => [point]);
    case "LineString": return [geometry.coordinates];
    case "MultiLineString": case "Polygon": return geometry.coordinates;
    case "MultiPolygon": return geometry.coordinates.flat();
    default: return [];
  }
}

// One feature as flat unit-Mercator rings with their box; painted many times, projected once.
function prepared(feature) {
  const { k = "block", w, r } = feature.properties ?? {};
  const [layer, kind] = k.split("-");
  const box = [2, 2, -1, -1];
  const rings = ringsOf(feature.geometry).map((ring) => {
    const flat = new Float64Array(ring.length * 2);
    ring.forEach((point, i) => {
      const [x, y] = mercator(point);
      flat[2 * i] = x;
      flat[2 * i + 1] = y;
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    });
    return flat;
  });
  const lat = feature.geometry?.coordinates ? firstLat(feature.geometry.coordinates) : 0;
  const metre = 1 / (EARTH * Math.cos((lat * Math.PI) / 180));
  const isArea = /Polygon/.test(feature.geometry?.type ?? "");
  return { layer, kind, rings, box, isArea, metre, width: w, radius: r };
}

function firstLat(value) {
  return typeof value[0] === "number" ? value[1] : firstLat(value[0]);
}

function trace(ctx, item, view) {
  ctx.beginPath();
  for (const flat of item.rings) {
    for (let i = 0; i < flat.length; i += 2) {
      const x = (flat[i] - view.x) * view.scale;
      const y = (flat[i + 1] - view.y) * view.scale;
      if (i) ctx.lineTo(x, y); else ctx.moveTo(x, y);
    }
    if (item.isArea) ctx.closePath();
  }
}

function fill(ctx, item, view, colour, edge) {
  if (!item.isArea) return;
  trace(ctx, item, view);
  ctx.fillStyle = colour;
  ctx.fill("evenodd");
  if (edge) { ctx.strokeStyle = edge; ctx.lineWidth = 0.8; ctx.stroke(); }
}

function stroke(ctx, item, view, colour, metres, extra = 0) {
  trace(ctx, item, view);
  ctx.strokeStyle = colour;
  ctx.lineWidth = Math.max(0.8, metres * item.metre * view.scale) + extra;
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.stroke();
}

const PAINT = {
  road(ctx, items, view) {
    for (const item of items) stroke(ctx, item, view, "#dcd2bf", item.width ?? 7, 2.2);
    for (const item of items) stroke(ctx, item, view, "#fff", item.width ?? 7);
  },
  path(ctx, items, view) {
    for (const item of items) stroke(ctx, item, view, "#f7f1e3", item.width ?? 2.4, 0.6);
  },
  water(ctx, items, view) {
    for (const item of items) {
      if (item.isArea) fill(ctx, item, view, FILL.water, "#9cc6d8");
      else stroke(ctx, item, view, FILL.water, item.width ?? 6);
    }
  },
  parking(ctx, items, view) {
    for (const item of items) {
      ctx.setLineDash([4, 3]);
      fill(ctx, item, view, FILL.parking, "#9db6d6");
      ctx.setLineDash([]);
    }
  },
  sport(ctx, items, view) {
    for (const item of items) fill(ctx, item, view, "#c3ddb6", "#d98f6c");
  },
  building(ctx, items, view) {
    for (const item of items) {
      const shift = 2.6 * item.metre * view.scale;
      ctx.save();
      ctx.translate(shift * 0.7, shift);
      fill(ctx, item, view, "rgb(74 60 40 / .16)");
      ctx.restore();
    }
    for (const item of items) {
      const [colour, edge] = BUILDING[item.kind] ?? BUILDING.other;
      fill(ctx, item, view, colour, edge);
    }
  },
  tree(ctx, items, view) {
    for (const item of items) {
      for (const flat of item.rings) {
        const radius = Math.max(1, (item.radius ?? 2.4) * item.metre * view.scale);
        const x = (flat[0] - view.x) * view.scale;
        const y = (flat[1] - view.y) * view.scale;
        disc(ctx, x, y, radius, "rgb(159 196 146 / .85)");
        disc(ctx, x - radius * 0.22, y - radius * 0.22, radius * 0.62, "#b9d7ab");
      }
    }
  },
  boundary(ctx, items, view) {
    ctx.setLineDash([9, 6]);
    for (const item of items) {
      trace(ctx, item, view);
      ctx.strokeStyle = "rgb(11 107 95 / .55)";
      ctx.lineWidth = 2;
      ctx.stroke();
    }
    ctx.setLineDash([]);
  },
};

function disc(ctx, x, y, radius, colour) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 7);
  ctx.fillStyle = colour;
  ctx.fill();
}

function paint(ctx, layers, view, box) {
  for (const name of ORDER) {
    const near = (layers.get(name) ?? []).filter(
      ({ box: b }) => b[0] <= box[2] && b[2] >= box[0] && b[1] <= box[3] && b[3] >= box[1],
    );
    if (!near.length) continue;
    if (PAINT[name]) PAINT[name](ctx, near, view);
    else for (const item of near) fill(ctx, item, view, FILL[name] ?? FILL.block);
  }
}

export function basemapLayer(collection, options = {}) {
  const layers = new Map();
  for (const feature of collection.features) {
    const item = prepared(feature);
    if (!layers.has(item.layer)) layers.set(item.layer, []);
    layers.get(item.layer).push(item);
  }
  const Painted = L.GridLayer.extend({
    createTile(coords) {
      const size = this.getTileSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const tile = document.createElement("canvas");
      tile.width = size.x * ratio;
      tile.height = size.y * ratio;
      const ctx = tile.getContext("2d");
      ctx.scale(ratio, ratio);
      ctx.fillStyle = "#efe9dc";
      ctx.fillRect(0, 0, size.x, size.y);
      const world = 256 * 2 ** coords.z;
      const view = { x: (coords.x * size.x) / world, y: (coords.y * size.y) / world, scale: world };
      const pad = 30 / world;
      paint(ctx, layers, view, [
        view.x - pad, view.y - pad, view.x + size.x / world + pad, view.y + size.y / world + pad,
      ]);
      return tile;
    },
  });
  return new Painted({ attribution: options.attribution ?? "", maxZoom: 21, updateWhenZooming: false });
}

// What lies beneath everything: our own painted base, or the online tiles the installation names.
import { basemapLayer } from "./basemap.js";
import { labelLayer } from "./labels.js";
import L from "./leaflet.js";

// source: { tiles, attribution, review_number }; resolves when the ground is laid, quietly without network.
export async function layGround(map, url, source) {
  if (source.tiles) {
    L.tileLayer(source.tiles, { maxNativeZoom: 18, maxZoom: 20 }).addTo(map);
    return;
  }
  const answer = await fetch(url);
  if (!answer.ok) return;
  const collection = await answer.json();
  basemapLayer(collection).addTo(map);
  labelLayer(map, collection);
}

// Leaflet writes its attribution as markup; ours is words that somebody typed, so it stands beside as text.
export function nameSource(map, source) {
  const control = L.control.attribution({ position: "bottomleft" }).addTo(map);
  const words = [source.attribution, source.review_number].filter(Boolean).join(" ");
  if (words) control.getContainer().append(` | ${words}`);
}

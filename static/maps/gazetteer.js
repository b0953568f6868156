// The neighborhood's own names: loaded once, then searched and asked for the nearest without network.
import { metres } from "./boundary.js";

const NAMED_WITHIN = 60;

export class Gazetteer {
  constructor() {
    this.places = [];
  }

  async load(url) {
    const answer = await fetch(url);
    if (!answer.ok) return;
    this.places = (await answer.json()).map(([name, kind, aliases, lon, lat]) => ({
      name, kind, lon, lat, folded: fold(`${name} ${aliases}`),
    }));
  }

  // The name people would use for this point, or null when none is near.
  nameAt(lon, lat) {
    let best = null;
    let reach = NAMED_WITHIN;
    for (const place of this.places) {
      const gap = metres([lon, lat], [place.lon, place.lat]);
      if (gap < reach) { reach = gap; best = place; }
    }
    return best?.name ?? null;
  }

  // Places whose name or alias has all the words; those that begin with the first word come first.
  search(words, limit = 40) {
    const wanted = fold(words).split(" ").filter(Boolean);
    const found = this.places.filter(({ folded }) => wanted.every((word) => folded.includes(word)));
    if (wanted.length) {
      found.sort((a, b) => b.folded.startsWith(wanted[0]) - a.folded.startsWith(wanted[0]));
    }
    return found.slice(0, limit);
  }
}

function fold(text) {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();
}

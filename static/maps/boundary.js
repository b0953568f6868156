// Plane geometry of a small neighborhood, in metres; points are [lon, lat] in WGS84. Pure, no page.
const METRES = 111_320; // of one degree of latitude

export function metres([lon, lat], [lon2, lat2]) {
  const shrink = Math.cos((((lat + lat2) / 2) * Math.PI) / 180);
  return Math.hypot((lon2 - lon) * shrink, lat2 - lat) * METRES;
}

export function lengthOf(points) {
  return points.slice(1).reduce((sum, point, i) => sum + metres(points[i], point), 0);
}

export function areaOf(points) {
  if (points.length < 3) return 0;
  const shrink = Math.cos((points[0][1] * Math.PI) / 180);
  let twice = 0;
  points.forEach(([x, y], i) => {
    const [x2, y2] = points[(i + 1) % points.length];
    twice += (x - points[0][0]) * (y2 - points[0][1]) - (x2 - points[0][0]) * (y - points[0][1]);
  });
  return Math.abs(twice / 2) * shrink * METRES ** 2;
}

function ringsOf(boundary) {
  return boundary.type === "MultiPolygon" ? boundary.coordinates.flat() : boundary.coordinates;
}

// Even–odd over all rings, so that holes are outside.
export function contains(boundary, [x, y]) {
  let inside = false;
  for (const ring of ringsOf(boundary)) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

// How far a point lies beyond the boundary: 0 inside.
export function beyond(boundary, point) {
  if (contains(boundary, point)) return 0;
  let least = Infinity;
  for (const ring of ringsOf(boundary)) {
    for (let i = 1; i < ring.length; i += 1) {
      least = Math.min(least, metres(point, nearestOn(ring[i - 1], ring[i], point)));
    }
  }
  return least;
}

function nearestOn([ax, ay], [bx, by], [x, y]) {
  const shrink = Math.cos((y * Math.PI) / 180) ** 2;
  const along = (x - ax) * (bx - ax) * shrink + (y - ay) * (by - ay);
  const t = along / ((bx - ax) ** 2 * shrink + (by - ay) ** 2 || 1);
  const part = Math.max(0, Math.min(1, t));
  return [ax + (bx - ax) * part, ay + (by - ay) * part];
}

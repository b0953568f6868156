// Covering: dragging on the photo fills the next free row of numbers; a canvas shows what will be covered.
const stage = document.getElementById("cover-stage");
const photo = stage.querySelector("img");
const rows = [...document.querySelectorAll(".cover-row")].map((row) => [...row.querySelectorAll("input")]);
const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d");
let start = null;

function share(event) {
  const box = photo.getBoundingClientRect();
  const part = (at, from, size) => Math.min(100, Math.max(0, ((at - from) / size) * 100));
  return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
}

// Left, top, width, height in whole percent, outward.
function between([x, y], [u, v]) {
  const [left, top] = [Math.floor(Math.min(x, u)), Math.floor(Math.min(y, v))];
  return [left, top, Math.ceil(Math.max(x, u)) - left, Math.ceil(Math.max(y, v)) - top];
}

function paint(drawn = null) {
  canvas.width = photo.clientWidth;
  canvas.height = photo.clientHeight;
  const typed = rows.map((row) => row.map((input) => input.value.trim())).filter((row) => row.every(Boolean));
  for (const box of [...typed.map((row) => row.map(Number)), ...(drawn ? [drawn] : [])]) {
    const [x, y, w, h] = box.map((part, i) => (part / 100) * (i % 2 ? canvas.height : canvas.width));
    pen.fillStyle = "#626e6b";
    pen.fillRect(x, y, w, h);
  }
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  start = share(event);
});
canvas.addEventListener("pointermove", (event) => { if (start) paint(between(start, share(event))); });
canvas.addEventListener("pointercancel", () => { start = null; paint(); });
canvas.addEventListener("pointerup", (event) => {
  if (!start) return;
  const box = between(start, share(event));
  start = null;
  const free = rows.find((row) => row.every((input) => !input.value)) ?? rows.at(-1);
  if (box[2] > 1 && box[3] > 1) free.forEach((input, i) => { input.value = box[i]; });
  paint();
});
document.getElementById("cover").addEventListener("input", () => paint());
addEventListener("resize", () => paint());

canvas.setAttribute("aria-hidden", "true");
stage.append(canvas);
document.getElementById("cover-draw").hidden = false;
if (photo.complete) paint();
else photo.addEventListener("load", () => paint());

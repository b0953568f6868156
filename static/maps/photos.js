// Photos of the reason step: chosen, made small on the phone, shown as tiles, ready to be sent.
import { newKey } from "./send.js";
import { fill, say } from "./sheet.js";

const LONGEST = 1600; // pixels of the longer side
const QUALITY = 0.82;
const MOST_BYTES = 6 * 1024 * 1024;
const TYPES = { heic: "image/heic", heif: "image/heif", webp: "image/webp", png: "image/png" };

// A JPEG drawn anew: upright, at most LONGEST, without place or camera. What this browser cannot open (HEIC)
// goes as it is; the server draws it anew.
export async function shrunk(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return asItIs(file);
  }
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
}

function asItIs(file) {
  const ending = file.name.split(".").pop().toLowerCase();
  const type = TYPES[ending];
  return type && file.size <= MOST_BYTES ? new Blob([file], { type }) : null;
}

export class Photos {
  constructor({ limits, urls, words }) {
    Object.assign(this, { most: limits.photos, marks: urls.marks, words, chosen: [] });
    this.tiles = document.getElementById("photo-tiles");
    this.input = document.getElementById("photo-input");
    this.add = document.getElementById("photo-add");
    this.agreed = document.getElementById("photo-public");
    this.submit = document.getElementById("submit");
    this.input?.addEventListener("change", () => this.take([...this.input.files]));
  }

  async take(files) {
    const room = this.most - this.chosen.length;
    say("error-photo", files.length > room ? fill(this.words.photosMost, { n: this.most }) : "");
    this.input.value = "";
    this.submit.disabled = true;
    for (const file of files.slice(0, room)) {
      const blob = await shrunk(file);
      if (blob) this.keep(blob);
      else say("error-photo", this.words.photoBad);
    }
    this.submit.disabled = false;
  }

  keep(blob) {
    const photo = { blob, url: URL.createObjectURL(blob) };
    this.chosen.push(photo);
    const tile = document.createElement("li");
    tile.className = "photo-tile";
    const picture = document.createElement("img");
    picture.alt = fill(this.words.photoAlt, { n: this.chosen.length });
    picture.src = photo.url;
    // A HEIC photo has no preview in most browsers; its tile says so.
    picture.addEventListener("error", () => picture.replaceWith(this.words.photoTaken));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "×";
    remove.setAttribute("aria-label", fill(this.words.photoRemove, { n: this.chosen.length }));
    remove.addEventListener("click", () => {
      tile.remove();
      this.drop(photo);
      this.input.focus();
    });
    tile.append(picture, remove);
    this.tiles.insertBefore(tile, this.add);
    this.update();
  }

  drop(photo) {
    URL.revokeObjectURL(photo.url);
    this.chosen = this.chosen.filter((each) => each !== photo);
    say("error-photo", "");
    this.update();
  }

  update() {
    this.add.hidden = this.chosen.length >= this.most;
    document.getElementById("photo-consent").hidden = !this.chosen.length;
  }

  clear() {
    for (const photo of this.chosen) URL.revokeObjectURL(photo.url);
    this.chosen = [];
    if (!this.input) return;
    for (const tile of this.tiles.querySelectorAll(".photo-tile")) tile.remove();
    this.agreed.checked = false;
    this.update();
  }

  // One request for each photo, sent after the mark with this UUID and secret was taken.
  parts(mark, secret) {
    const query = this.agreed?.checked ? "?public=1" : "";
    return this.chosen.map(({ blob }) => {
      const id = newKey();
      const headers = { "Content-Type": blob.type, "Planner-Secret": secret };
      return { id, url: `${this.marks}/${mark}/photos/${id}${query}`, method: "PUT", headers, body: blob };
    });
  }

  // Photos of a mark that was refused, to be sent with it again.
  refill(parts) {
    this.clear();
    if (!this.input) return;
    for (const { body } of parts.filter((part) => part.body)) this.keep(body);
    this.agreed.checked = parts.some(({ url }) => url.endsWith("?public=1"));
  }
}

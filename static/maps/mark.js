// The marking page: puts map, pin, sheet and everybody's marks together and leads from question to receipt.
import { Aim } from "./aim.js";
import { Crowd } from "./crowd.js";
import { dropDraft, keepDraft, readDraft } from "./draft.js";
import { Draw } from "./draw.js";
import { Find } from "./find.js";
import { Gazetteer } from "./gazetteer.js";
import { layGround, nameSource } from "./ground.js";
import L from "./leaflet.js";
import { Near } from "./near.js";
import { showPeek } from "./peek.js";
import { Photos } from "./photos.js";
import { Placing } from "./placing.js";
import { Reasons } from "./reasons.js";
import { entryOf } from "./send.js";
import { Sheet } from "./sheet.js";
import { stepsOf } from "./steps.js";
import { submitForm } from "./submit.js";
import { showThanks } from "./thanks.js";
import { Tools } from "./tools.js";
import { Waiting } from "./waiting.js";

const el = (id) => document.getElementById(id);
const config = JSON.parse(el("map-config").textContent);
const { words, limits } = config;
const stage = el("stage");
const draft = readDraft();
const state = { kind: null, step: "kinds" };

const map = L.map("map", {
  zoomControl: false, attributionControl: false, maxZoom: 20, minZoom: 14, keyboardPanDelta: 60,
  maxBounds: L.latLngBounds([config.bounds[1], config.bounds[0]], [config.bounds[3], config.bounds[2]]).pad(3),
});
nameSource(map, config.source);
map.setView(config.start.slice(0, 2), config.start[2]);

const aim = new Aim(map, stage, el("main"), stage.querySelector(".topline"));
const gazetteer = new Gazetteer();
const sheet = new Sheet(stage, el("main"), () => aim.layout());
const crowd = new Crowd(map, config, { onPick: pick, onFailure: () => tools.toast(words.noMarks) });
const placing = new Placing({ map, aim, stage, config, gazetteer });
const draw = new Draw(map, config, {
  aim,
  onDone(geometry, size) {
    placing.setShape(geometry, size);
    go("back");
  },
});
const reasons = new Reasons(config, (isChosen) => { el("error-chips").hidden = isChosen; keep(); near.ask(feature()); });
const photos = new Photos(config);
const near = new Near(config, sheet, finished);
const waiting = new Waiting(config, sheet, { onEdit, tell: (text) => tools.toast(text) });
const find = new Find(gazetteer, words, (place) => choosePlace(place, "list"));
const tools = new Tools({ map, aim, crowd, config, go, onLocated: (place) => choosePlace(place, "located") });

function choosePlace(place, origin) {
  dropShape();
  placing.goTo(place, origin);
  go("back");
}

function dropShape() {
  draw.clear();
  placing.setShape(null);
}

const steps = stepsOf({ sheet, draw, find, waiting, dropShape, choose, first: () => state.step });

function go(where) {
  if (where === "back" && sheet.step === "reason") choose(null);
  steps[where]();
}

function choose(kind) {
  state.kind = kind;
  state.step = kind ? "reason" : "kinds";
  stage.dataset.kind = kind ?? "";
  if (kind) el("reason-title").textContent = words[kind];
  keep();
}

function openReason(kind, chosen = []) {
  choose(kind);
  el("step-reason").dataset.kind = kind;
  reasons.offer(kind, crowd.topicsNear(aim.at()), chosen);
  placing.show();
  sheet.open("reason");
}

function pick(item) {
  if (sheet.step === "draw") return;
  if (item.total) {
    aim.goTo([item.lat, item.lon], Math.min(map.getZoom() + 2, 19));
  } else {
    showPeek(item, config);
    sheet.open("peek");
  }
}

// What stands in the sheet: kept as draft, and with a mark that waits, so that it can be written anew.
function written() {
  const { lon, lat } = aim.at();
  const at = [lat, lon, map.getZoom()];
  return { kind: state.kind, chosen: reasons.chosen, words: el("reason").value, at, shape: placing.shape };
}

function keep() {
  if (state.kind) keepDraft(written());
}

function refill(kept) {
  el("reason").value = kept.words ?? "";
  if (kept.shape) placing.setShape(kept.shape.geometry, kept.shape.words);
  openReason(kept.kind, kept.chosen);
}

function onEdit({ about, problem, attachments }) {
  dropShape();
  photos.refill(attachments);
  aim.goTo(about.at.slice(0, 2), about.at[2]);
  refill(about);
  refuse(problem);
}

function feature() {
  const text = el("reason").value.trim();
  return {
    type: "Feature",
    geometry: placing.geometry,
    properties: {
      kind: state.kind, chips: reasons.codesFor(text), reason: text, origin: placing.origin,
      ...(config.poster && { poster: config.poster }),
    },
  };
}

function finished() {
  dropDraft();
  photos.clear();
  el("reason").value = "";
  state.step = "kinds";
  state.kind = null;
  crowd.refresh(true);
}

function thanked(made) {
  config.total += 1;
  finished();
  showThanks(made, config);
  sheet.open("thanks");
}

function entry() {
  return entryOf(config.urls.marks, feature(), { ...written(), place: placing.name }, (...made) => photos.parts(...made));
}

function onWaiting() {
  finished();
  choose(null);
  waiting.open();
}

const refuse = submitForm({ config, limits, reasons, outbox: waiting.outbox, near, feature, entry, onMade: thanked, onWaiting });

// --- what people press

stage.querySelector(".kinds")?.addEventListener("submit", (event) => {
  event.preventDefault();
  openReason(event.submitter?.value ?? "improve", draft.chosen);
});
stage.addEventListener("click", (event) => {
  const where = event.target.closest("[data-go]")?.dataset.go;
  if (!where) return;
  event.preventDefault();
  go(where);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || sheet.step === "kinds") return;
  go({ thanks: "again", joined: "again", draw: "undraw" }[sheet.step] ?? "back");
});
el("reason").addEventListener("input", keep);
map.on("moveend", keep);
addEventListener("resize", () => aim.layout());

// --- the first look

aim.layout();
const first = draft.at ?? config.start;
if (config.box) map.fitBounds([[config.box[1], config.box[0]], [config.box[3], config.box[2]]]);
else aim.goTo(first.slice(0, 2), first[2]);
el("crosshair").hidden = !config.isOpen;
el("tools").hidden = false;
if (draft.kind && config.isOpen) refill(draft);

await Promise.allSettled([
  layGround(map, config.urls.base, config.source), gazetteer.load(config.urls.places), crowd.refresh(true),
]);
placing.show();
document.body.dataset.ready = "1";
waiting.start();

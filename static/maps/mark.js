// The marking page: puts map, pin, sheet and everybody's marks together and leads from question to receipt.
import { Aim } from "./aim.js";
import { Crowd } from "./crowd.js";
import { dropDraft, keepDraft, readDraft } from "./draft.js";
import { Draw } from "./draw.js";
import { Find } from "./find.js";
import { Gazetteer } from "./gazetteer.js";
import { layGround, nameSource } from "./ground.js";
import L from "./leaflet.js";
import { showPeek } from "./peek.js";
import { Placing } from "./placing.js";
import { Reasons } from "./reasons.js";
import { Sender } from "./send.js";
import { Sheet } from "./sheet.js";
import { submitForm } from "./submit.js";
import { showThanks } from "./thanks.js";
import { Tools } from "./tools.js";

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
const reasons = new Reasons(config, (isChosen) => { el("error-chips").hidden = isChosen; keep(); });
const sender = new Sender(config.urls.marks, draft.pending);
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

// --- from step to step

const GO = {
  back() {
    draw.stop();
    sheet.open(state.step);
  },
  again() {
    dropShape();
    choose(null);
    sheet.open(state.step);
  },
  unshape: dropShape,
  undraw() {
    dropShape();
    GO.back();
  },
  find() {
    sheet.open("find");
    find.input.value = "";
    find.show();
    find.input.focus();
  },
  draw() {
    dropShape();
    draw.start();
    sheet.open("draw");
  },
};

function go(where) {
  if (where === "back" && sheet.step === "reason") choose(null);
  GO[where]();
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

function keep() {
  if (!state.kind) return;
  const { lon, lat } = aim.at();
  keepDraft({
    kind: state.kind, chosen: reasons.chosen, words: el("reason").value, at: [lat, lon, map.getZoom()],
    shape: placing.shape, pending: sender.pending,
  });
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

function thanked(answer) {
  dropDraft();
  el("reason").value = "";
  state.step = "kinds";
  state.kind = null;
  config.total += 1;
  crowd.refresh(true);
  showThanks(answer, config);
  sheet.open("thanks");
}

submitForm({ config, limits, reasons, sender, feature, onMade: thanked, onLost: keep });

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
  go({ thanks: "again", draw: "undraw" }[sheet.step] ?? "back");
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
if (draft.kind && config.isOpen) {
  el("reason").value = draft.words ?? "";
  if (draft.shape) placing.setShape(draft.shape.geometry, draft.shape.words);
  openReason(draft.kind, draft.chosen);
}

await Promise.allSettled([
  layGround(map, config.urls.base, config.source), gazetteer.load(config.urls.places), crowd.refresh(true),
]);
placing.show();
document.body.dataset.ready = "1";

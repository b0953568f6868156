// Before sending: similar marks close by, which one may join instead of handing in the same once more.
import { fill, say } from "./sheet.js";

const SHOWN = 3;
const PATIENCE = 4_000;

const el = (id) => document.getElementById(id);

export class Near {
  constructor(config, sheet, onJoined) {
    Object.assign(this, { config, sheet, onJoined, asked: null, passed: null });
    el("near-own").addEventListener("click", () => {
      this.passed = this.asked?.key ?? null;
      sheet.open("reason");
      el("step-reason").requestSubmit();
    });
  }

  // Ask early, so that the answer is there when 提交 is pressed. Without a chip that names a topic, no question.
  ask({ geometry, properties: { kind, chips } }) {
    const chip = this.config.chips.find(({ code, helps }) => code === chips[0] && !helps);
    if (!chip || !navigator.onLine) return null;
    const [lon, lat] = middle(geometry).map((degrees) => degrees.toFixed(6));
    const key = new URLSearchParams({ kind, chip: chip.code, lon, lat }).toString();
    if (this.asked?.key !== key) this.asked = { key, chip, answer: this.fetch(key) };
    return this.asked;
  }

  // Open the step when there is something to join; false: go on and send.
  async offer(feature) {
    const asked = this.ask(feature);
    if (!asked || asked.key === this.passed) return false;
    const answer = await asked.answer;
    if (!answer) this.asked = null;
    if (!answer?.total) return false;
    this.show(asked.chip, answer);
    return true;
  }

  async fetch(query) {
    try {
      const answer = await fetch(`${this.config.urls.near}?${query}`, { signal: timeout(PATIENCE) });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  show(chip, { within_m, total, marks }) {
    const { words, topics } = this.config;
    el("step-near").dataset.kind = chip.kind;
    el("near-title").textContent = fill(words.nearTitle, { m: within_m, n: total, what: topics[chip.topic] ?? chip.text });
    say("near-error");
    el("near-list").replaceChildren(...marks.slice(0, SHOWN).map((mark) => this.card(mark)));
    this.sheet.open("near");
  }

  // Everything a resident wrote goes in as text.
  card(mark) {
    const { words } = this.config;
    const item = el("near-item").content.firstElementChild.cloneNode(true);
    const facts = [mark.distance_m < 2 ? words.nearHere : fill(words.nearAway, { n: mark.distance_m })];
    if (mark.supporters) facts.push(fill(words.alsoSaid, { n: mark.supporters }));
    item.querySelector(".said").textContent = mark.reason;
    item.querySelector(".where").textContent = facts.join(" · ");
    if (mark.photo) {
      const picture = Object.assign(document.createElement("img"), { src: mark.photo, alt: "", loading: "lazy" });
      item.prepend(picture);
    }
    const button = item.querySelector("button");
    button.setAttribute("aria-label", fill(words.joinThis, { what: mark.reason.slice(0, 40) }));
    button.addEventListener("click", () => this.join(mark));
    return item;
  }

  async join(mark) {
    const buttons = [...el("step-near").querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    const answer = await this.send(mark);
    for (const button of buttons) button.disabled = false;
    if (answer.error) say("near-error", answer.error);
    else this.thank(answer.made);
  }

  // How many say so now, and the way to the mark.
  thank({ code, supporters }) {
    const { urls, words } = this.config;
    this.onJoined();
    el("joined-count").textContent = fill(words.alsoSaid, { n: supporters });
    el("joined-open").href = urls.mark.replace("CODE", encodeURIComponent(code));
    this.sheet.open("joined");
  }

  async send(mark) {
    const { urls, words } = this.config;
    try {
      const url = urls.endorse.replace("00000000-0000-0000-0000-000000000000", mark.id);
      const answer = await fetch(url, { method: "POST", signal: timeout(PATIENCE * 5) });
      const body = await answer.json();
      return answer.ok ? { made: body } : { error: body.detail ?? body.title };
    } catch {
      return { error: navigator.onLine ? words.joinLost : words.joinOffline };
    }
  }
}

// A point inside, or in the middle of, what was set or drawn.
export function middle({ type, coordinates }) {
  if (type === "Point") return coordinates;
  const corners = type === "Polygon" ? coordinates[0].slice(0, -1) : coordinates;
  return [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
}

function timeout(milliseconds) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), milliseconds);
  return stop.signal;
}

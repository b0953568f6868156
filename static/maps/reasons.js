// The ready reasons: about eight that fit the place, the rest by topic, and 请帮我归类.
const SHOWN = 8;
const MOST = 6;

// Topics met nearby first, then one reason of every topic in turn; 请帮我归类 closes the row.
export function ranked(chips, nearTopics) {
  const groups = new Map();
  for (const topic of nearTopics) groups.set(topic, []);
  for (const chip of chips) {
    if (chip.helps) continue;
    if (!groups.has(chip.topic)) groups.set(chip.topic, []);
    groups.get(chip.topic).push(chip);
  }
  const queues = [...groups.values()];
  const found = [];
  for (const near of queues.slice(0, Math.min(2, nearTopics.length))) found.push(...near.splice(0, 2));
  while (found.length < SHOWN - 1 && queues.some((queue) => queue.length)) {
    for (const queue of queues) {
      if (queue.length && found.length < SHOWN - 1) found.push(queue.shift());
    }
  }
  return [...found, ...chips.filter((chip) => chip.helps).slice(0, 1)];
}

export class Reasons {
  constructor(config, onChange) {
    Object.assign(this, { config, onChange, chosen: [] });
    this.row = document.getElementById("chips");
    this.groups = document.getElementById("chip-groups");
    this.more = document.getElementById("more-chips");
  }

  // Offer the reasons of a kind; those chosen before stay chosen.
  offer(kind, nearTopics, chosen = []) {
    const chips = this.config.chips.filter((chip) => chip.kind === kind);
    this.chips = new Map(chips.map((chip) => [chip.code, chip]));
    this.chosen = chosen.filter((code) => this.chips.has(code));
    const first = ranked(chips, nearTopics);
    const shown = new Set(first.map(({ code }) => code));
    for (const code of this.chosen) {
      if (!shown.has(code)) { first.unshift(this.chips.get(code)); shown.add(code); }
    }
    this.row.replaceChildren(...first.map((chip) => this.chip(chip)));
    this.groups.replaceChildren(...this.rest(chips.filter(({ code }) => !shown.has(code))));
    this.more.open = false;
    this.more.hidden = chips.length === shown.size;
  }

  rest(chips) {
    return Object.entries(this.config.topics).flatMap(([topic, label]) => {
      const own = chips.filter((chip) => chip.topic === topic);
      if (!own.length) return [];
      const title = document.createElement("h2");
      title.textContent = label;
      const row = document.createElement("div");
      row.className = "chips";
      row.append(...own.map((chip) => this.chip(chip)));
      return [title, row];
    });
  }

  chip({ code, text }) {
    const label = document.createElement("label");
    label.className = "chip";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = "chips";
    box.value = code;
    box.checked = this.chosen.includes(code);
    const words = document.createElement("span");
    words.textContent = text;
    box.addEventListener("change", () => {
      if (box.checked && this.chosen.length >= MOST) box.checked = false;
      else if (box.checked) this.chosen.push(code);
      else this.chosen = this.chosen.filter((each) => each !== code);
      this.onChange(box.checked);
    });
    label.append(box, words);
    return label;
  }

  // The codes to send. Words without a reason go in as 请帮我归类: nobody has to know our classes.
  codesFor(words) {
    if (this.chosen.length || !words) return this.chosen;
    const helping = [...this.chips.values()].find((chip) => chip.helps);
    return helping ? [helping.code] : [];
  }

  get needsWords() {
    return !this.chosen.some((code) => !this.chips.get(code).helps);
  }
}

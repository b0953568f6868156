// One step of the sheet at a time: which is open, where the keyboard stands, and when its size changes.
export class Sheet {
  constructor(stage, sheet, onResize) {
    this.stage = stage;
    this.sheet = sheet;
    this.steps = new Map([...sheet.querySelectorAll(".step")].map((step) => [step.id.slice(5), step]));
    new ResizeObserver(onResize).observe(sheet);
  }

  get step() {
    return this.stage.dataset.step;
  }

  // Show a step; the heading gets the focus so that the screen reader reads the new question.
  open(name) {
    for (const [key, step] of this.steps) step.hidden = key !== name;
    this.stage.dataset.step = name;
    this.sheet.scrollTop = 0;
    this.steps.get(name).querySelector("h1").focus({ preventScroll: true });
  }
}

// A message beside its field, or none.
export function say(id, text) {
  const line = document.getElementById(id);
  line.hidden = !text;
  line.textContent = text ?? "";
}

// "{n} 米" with values.
export function fill(words, values) {
  return words.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function amount(number) {
  return Math.round(number).toLocaleString("en");
}

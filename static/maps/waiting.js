// What waits on this device: how many, which, what became of them; send now, write anew, throw away, wipe all.
import { Outbox } from "../app/outbox.js";
import { forgetShells, keepShell } from "../app/shell.js";
import { fill, say } from "./sheet.js";

const el = (id) => document.getElementById(id);

export class Waiting {
  constructor(config, sheet, { onEdit, tell }) {
    Object.assign(this, { config, words: config.words, sheet, onEdit, tell, known: new Map() });
    this.outbox = new Outbox(location.pathname);
    this.outbox.addEventListener("change", () => this.show());
    el("waiting-send").addEventListener("click", () => this.sendNow());
    el("wipe").addEventListener("click", () => this.askToWipe(true));
    el("wipe-not").addEventListener("click", () => this.askToWipe(false));
    el("wipe-yes").addEventListener("click", () => this.wipe());
  }

  start() {
    this.show();
    this.outbox.start();
    keepShell(this.config.shell);
    if (location.hash === "#waiting") this.open();
  }

  async open() {
    this.askToWipe(false);
    await this.show();
    this.sheet.open("waiting");
  }

  async show() {
    const entries = await this.outbox.list();
    const waiting = entries.filter((entry) => entry.state === "waiting").length;
    const refused = entries.filter((entry) => entry.state === "refused").length;
    const { words } = this;
    const all = [waiting && fill(words.toSend, { n: waiting }), refused && fill(words.toMend, { n: refused })];
    say("waiting-count", all.filter(Boolean).join(" · "));
    say("waiting-lead", this.leadFor(waiting, entries));
    el("waiting-send").hidden = !waiting;
    el("waiting-list").replaceChildren(...entries.reverse().map((entry) => this.item(entry)));
    this.announce(entries);
  }

  leadFor(waiting, entries) {
    const { words } = this;
    if (waiting && !this.outbox.isLasting) return words.notLasting;
    if (waiting) return navigator.onLine ? words.waitingOnline : words.waitingOffline;
    return entries.length ? words.allHandled : words.nothingKept;
  }

  // Say aloud what changed since the list was last shown.
  announce(entries) {
    for (const { id, state } of entries) {
      if (this.known.get(id) === "waiting" && state !== "waiting") {
        this.tell(state === "sent" ? this.words.arrived : this.words.wasRefused);
      }
      this.known.set(id, state);
    }
  }

  item(entry) {
    const { about, state } = entry;
    const { words, urls } = this.config;
    const item = el("waiting-item").content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    item.dataset.kind = about.kind;
    part("what").textContent = about.words.trim() || about.chosen.map((code) => this.chipText(code)).join("；");
    part("where").textContent = [about.place, new Date(entry.made_at).toLocaleString(document.documentElement.lang, {
      month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
    })].join(" · ");
    part("state").textContent = words[{ waiting: "isWaiting", sent: "isSent", refused: "isRefused" }[state]];
    part("state").classList.add({ waiting: "warn", sent: "good", refused: "bad" }[state]);
    part("why").textContent = this.why(entry);
    part("receipt").textContent = entry.made ? fill(words.receiptOf, { code: entry.made.receipt_code }) : "";
    part("open").hidden = state !== "sent";
    if (entry.made) part("open").href = urls.mark.replace("CODE", encodeURIComponent(entry.made.properties.code));
    part("mend").hidden = state !== "refused" || !this.config.isOpen;
    part("mend").addEventListener("click", async () => {
      await this.outbox.remove(entry.id);
      this.onEdit(entry);
    });
    part("drop").addEventListener("click", () => this.drop(entry, part("drop")));
    return item;
  }

  chipText(code) {
    return this.config.chips.find((chip) => chip.code === code)?.text ?? "";
  }

  why({ problem, attachments }) {
    const refusedParts = attachments.filter((part) => part.problem).map((part) => part.problem);
    return [problem, ...refusedParts].filter(Boolean).map((said) => {
      const fields = Object.values(said.errors ?? {}).map(({ message }) => message);
      return fields.join(" ") || said.detail || said.title;
    }).join(" ");
  }

  // What has not arrived is thrown away by the second press only.
  async drop(entry, button) {
    if (entry.state !== "sent" && !button.dataset.sure) {
      button.dataset.sure = "1";
      button.textContent = this.words.dropSure;
      return;
    }
    await this.outbox.remove(entry.id);
    el("step-waiting").querySelector("h1").focus({ preventScroll: true });
  }

  async sendNow() {
    const button = el("waiting-send");
    button.disabled = true;
    await this.outbox.sendAll({ byHand: true });
    button.disabled = false;
    const left = (await this.outbox.list()).some((entry) => entry.state === "waiting");
    if (left) this.tell(this.words.stillWaiting);
  }

  askToWipe(isAsked) {
    el("wipe-ask").hidden = !isAsked;
    el("wipe").hidden = isAsked;
    if (isAsked) el("wipe-yes").focus();
  }

  // Queue, drafts, receipts and pages kept here; then the cookies, which only the server can take back.
  async wipe() {
    await this.outbox.clear();
    await forgetShells();
    for (const kept of ["sessionStorage", "localStorage"]) {
      try {
        globalThis[kept].clear();
      } catch {
        // Storage may be forbidden; then nothing lies in it.
      }
    }
    const isForgotten = await fetch(this.config.urls.forget, { method: "POST" }).then((answer) => answer.ok, () => false);
    if (isForgotten) location.replace(location.pathname);
    else this.askToWipe(false);
    this.tell(isForgotten ? this.words.wiped : this.words.wipedHere);
  }
}

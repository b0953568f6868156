// Requests that must arrive exactly once: kept here until answered, tried again when network returns.
// An entry is { id, group, url, method, headers, body, attachments, made_at, state, about }:
// `id` is the UUID the server knows it by; `attachments` (the same four request fields each) are sent in
// order after the request itself was taken; `about` is the page's own and never leaves the device.
import { alone } from "./alone.js";
import { deliver } from "./deliver.js";
import { Store } from "./store.js";

const EVERY = 15_000;
const KEPT = 50; // delivered entries that stay for their receipts

export class Outbox extends EventTarget {
  constructor(group, store = new Store()) {
    super();
    Object.assign(this, { group, store, notBefore: 0, running: null });
    this.others = globalThis.BroadcastChannel && new BroadcastChannel("outbox");
    this.others?.addEventListener("message", () => this.dispatchEvent(new Event("change")));
  }

  // Try again on every sign of network, and by the clock where no sign comes.
  start() {
    addEventListener("online", () => this.sendAll());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.sendAll(); });
    setInterval(() => this.sendAll(), EVERY);
    this.sendAll();
  }

  changed() {
    this.others?.postMessage("change");
    this.dispatchEvent(new Event("change"));
  }

  async list() {
    return (await this.store.all()).filter((entry) => entry.group === this.group);
  }

  get isLasting() {
    return this.store.isLasting;
  }

  // Keep an entry and try it at once; gives the answer to its first request as soon as it is there.
  // What somebody watched arriving or saw refused is theirs to handle and does not stay in the list.
  async submit(entry) {
    await this.store.put({ ...entry, group: this.group, state: "waiting" });
    const answer = await new Promise((resolve) => {
      const sending = this.send(entry.id, resolve);
      sending.then((isDone) => isDone && this.forgetSeen(entry.id)).finally(() => resolve({ lost: true, wait: 0 }));
    });
    if (answer.problem) await this.remove(entry.id);
    return answer;
  }

  async forgetSeen(id) {
    const entry = await this.store.get(id);
    if (entry?.state === "sent" && !entry.attachments.some((part) => part.problem)) await this.remove(id);
  }

  // One pass at a time; a pass asked for by hand comes after the one that is under way.
  sendAll({ byHand = false } = {}) {
    if (this.running) return byHand ? this.running.then(() => this.sendAll({ byHand })) : this.running;
    if (!byHand && Date.now() < this.notBefore) return Promise.resolve();
    this.running = this.pass().finally(() => { this.running = null; });
    return this.running;
  }

  // In order, until the network is found missing; entries that another tab is sending are left to it.
  async pass() {
    for (const { id, state } of await this.list()) {
      if (state === "waiting" && !(await this.send(id))) break;
    }
  }

  // Gives false when there is no use in going on.
  async send(id, onAnswer = () => {}) {
    const gotThrough = await alone(this.store, id, async () => {
      const entry = await this.store.get(id);
      if (entry?.state !== "waiting") return true;
      const isTaken = entry.made || await this.first(entry, onAnswer);
      return isTaken ? this.attach(entry) : entry.state === "refused";
    });
    return gotThrough ?? true;
  }

  async first(entry, onAnswer) {
    const answer = await deliver(entry);
    if (answer.made) entry.made = answer.made;
    else if (answer.problem) Object.assign(entry, { state: "refused", problem: answer.problem });
    else this.notBefore = Date.now() + answer.wait * 1000;
    await this.keep(entry);
    onAnswer(answer);
    return Boolean(answer.made);
  }

  async attach(entry) {
    for (const part of entry.attachments.filter((each) => !each.state)) {
      const answer = await deliver(part);
      if (answer.lost) {
        this.notBefore = Date.now() + answer.wait * 1000;
        return false;
      }
      Object.assign(part, { state: answer.made ? "sent" : "refused", problem: answer.problem, body: null });
      await this.keep(entry);
    }
    await this.keep(Object.assign(entry, { state: "sent", body: null, headers: null }));
    return true;
  }

  async keep(entry) {
    await this.store.change(entry);
    if (entry.state === "sent") await this.prune();
    this.changed();
  }

  async prune() {
    const sent = (await this.store.all()).filter((entry) => entry.state === "sent");
    for (const { id } of sent.slice(0, -KEPT)) await this.store.remove(id);
  }

  async remove(id) {
    await this.store.remove(id);
    this.changed();
  }

  async clear() {
    await this.store.clear();
    this.changed();
  }
}

// What must outlive the tab, in IndexedDB; where that is forbidden, in memory as long as the tab is open.
const NAME = "planner";
const QUEUE = "queue";
const LEASES = "leases";

function answered(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
    request.addEventListener("blocked", () => reject(new Error("blocked")));
  });
}

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(QUEUE, { keyPath: "id" });
    request.result.createObjectStore(LEASES, { keyPath: "id" });
  });
  const base = await answered(request);
  // Another tab wipes or renews the store: let go, the next call opens it again.
  base.addEventListener("versionchange", () => base.close());
  return base;
}

export class Store {
  memory = null;

  // Whether what is kept survives closing the tab.
  get isLasting() {
    return !this.memory;
  }

  // One transaction over one table; `work` gets it and gives the request whose result is wanted.
  async within(table, mode, work) {
    this.base ??= open();
    const base = await this.base;
    const transaction = base.transaction(table, mode);
    const done = new Promise((resolve, reject) => {
      transaction.addEventListener("complete", resolve);
      for (const end of ["error", "abort"]) transaction.addEventListener(end, () => reject(transaction.error));
    });
    const [result] = await Promise.all([work(transaction.objectStore(table)), done]);
    return result;
  }

  async use(mode, work, instead) {
    if (this.memory) return instead(this.memory);
    try {
      return await this.within(QUEUE, mode, work);
    } catch {
      // A base closed by a wipe in another tab is opened once more before memory takes over.
      this.base = null;
      try {
        return await this.within(QUEUE, mode, work);
      } catch {
        this.memory = new Map();
        return instead(this.memory);
      }
    }
  }

  // Oldest first.
  async all() {
    const found = await this.use("readonly", (table) => answered(table.getAll()), (kept) => [...kept.values()]);
    return found.sort((one, other) => one.made_at.localeCompare(other.made_at));
  }

  get(id) {
    return this.use("readonly", (table) => answered(table.get(id)), (kept) => kept.get(id));
  }

  put(entry) {
    return this.use("readwrite", (table) => answered(table.put(entry)), (kept) => kept.set(entry.id, entry));
  }

  // Keep a change, unless the entry was taken away meanwhile: what is wiped stays wiped.
  change(entry) {
    return this.use(
      "readwrite",
      async (table) => { if (await answered(table.get(entry.id))) await answered(table.put(entry)); },
      (kept) => { if (kept.has(entry.id)) kept.set(entry.id, entry); },
    );
  }

  remove(id) {
    return this.use("readwrite", (table) => answered(table.delete(id)), (kept) => kept.delete(id));
  }

  clear() {
    return this.use("readwrite", (table) => answered(table.clear()), (kept) => kept.clear());
  }

  // True for one tab only, until `until` (milliseconds) or `release`.
  async lease(id, now, until) {
    if (this.memory) return true;
    return this.within(LEASES, "readwrite", async (table) => {
      const held = await answered(table.get(id));
      if (held && held.until > now && held.until <= until) return false;
      await answered(table.put({ id, until }));
      return true;
    });
  }

  async release(id) {
    if (!this.memory) await this.within(LEASES, "readwrite", (table) => answered(table.delete(id)));
  }
}

// Send one mark exactly once: the same key and body until an answer came, however often one presses.
const PATIENCE = 20_000;

function randomHex(bytes) {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((part) => part.toString(16).padStart(2, "0")).join("");
}

// crypto.randomUUID exists only on HTTPS and localhost; a festival laptop may have neither.
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = randomHex(16);
  const variant = "89ab"[Number.parseInt(hex[16], 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export class Sender {
  constructor(url, pending = null) {
    this.url = url;
    // What went out and was not answered: { key, secret, feature }.
    this.pending = pending;
  }

  // Gives { made, isEarlier } or { problem } or { lost }; never throws.
  async send(feature) {
    const key = this.pending?.key ?? newKey();
    const secret = this.pending?.secret ?? randomHex(16);
    const first = this.pending?.feature;
    this.pending ??= { key, secret, feature };
    const answer = await this.post(key, secret, feature);
    if (answer.problem?.code === "body_differs" && first) {
      const earlier = await this.post(key, secret, first);
      return this.settle(earlier.made ? { ...earlier, isEarlier: true } : earlier);
    }
    return this.settle(answer);
  }

  settle(answer) {
    if (!answer.lost) this.pending = null;
    return answer;
  }

  async post(key, secret, feature) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify({ ...feature, properties: { ...feature.properties, secret } }),
        signal: stop.signal,
      });
      const body = await answer.json();
      if (answer.ok) return { made: body };
      return answer.status >= 500 ? { lost: true, problem: body } : { problem: body };
    } catch {
      return { lost: true };
    } finally {
      clearTimeout(clock);
    }
  }
}

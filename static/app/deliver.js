// Send one kept request once. Gives { made } or { problem } or { lost, wait }; never throws.
const PATIENCE = 20_000;
const UPLOAD_PATIENCE = 60_000;
const LATER = new Set([408, 425, 429]);
const LONGEST_WAIT = 600;

export async function deliver({ url, method, headers, body }) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), body instanceof Blob ? UPLOAD_PATIENCE : PATIENCE);
  try {
    const answer = await fetch(url, { method, headers, body, signal: stop.signal });
    if (answer.status >= 500 || LATER.has(answer.status)) return { lost: true, wait: waitOf(answer) };
    // A page that a foreign network puts before ours is no answer: it is not JSON, and all is tried again.
    const said = await answer.json();
    return answer.ok ? { made: said } : { problem: said };
  } catch {
    return { lost: true, wait: 0 };
  } finally {
    clearTimeout(clock);
  }
}

// Seconds the server asks for before the next try.
function waitOf(answer) {
  const asked = Number.parseInt(answer.headers.get("Retry-After") ?? "0", 10);
  return Math.min(Math.max(asked || 0, 0), LONGEST_WAIT);
}

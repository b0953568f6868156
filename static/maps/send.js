// A mark as an entry of the outbox: one key and one secret for good, so that sending it twice makes one mark.

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

// `about` shows the mark in the list and fills the sheet again; `partsOf(id, secret)` gives what follows it.
export function entryOf(url, feature, about, partsOf = () => []) {
  const id = newKey();
  const secret = randomHex(16);
  const made_at = new Date().toISOString();
  return {
    id, url, method: "POST", made_at, about,
    headers: { "Content-Type": "application/json", "Idempotency-Key": id },
    body: JSON.stringify({ ...feature, properties: { ...feature.properties, made_at, secret } }),
    attachments: partsOf(id, secret),
  };
}

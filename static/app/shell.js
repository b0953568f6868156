// Let this page open without network: hand the service worker its address and what it is made of.
// Without a worker (plain http, WeChat on iPhone, blocked) nothing is lost but opening anew while offline.

const STATIC = /^\/static\//;
const QUIET = 3_000; // milliseconds after which the network is surely free

function parts(data) {
  const named = [...document.querySelectorAll("link[href], script[src]")].map((node) => node.href || node.src);
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const paths = [...named, ...loaded].map((address) => new URL(address, location.href))
    .filter((url) => url.origin === location.origin && STATIC.test(url.pathname)).map((url) => url.pathname);
  return [...new Set([...paths, ...data])];
}

// `shell` is { page, data }: the address of the page as anybody gets it, and data it needs besides.
export async function keepShell({ page, data }) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    const { active } = await navigator.serviceWorker.ready;
    await new Promise((resolve) => { setTimeout(resolve, QUIET); });
    const day = new Date().toISOString().slice(0, 10);
    active.postMessage({ path: location.pathname, page, parts: parts(data), day });
  } catch {
    // Blocked by the browser: an open tab still keeps and sends what it has.
  }
}

export async function forgetShells() {
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) await caches.delete(name);
}

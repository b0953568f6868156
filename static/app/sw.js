// The service worker: opens the marking page without network. It never touches the API, sign-in or staff pages,
// and keeps only what is the same for everybody: the page is fetched for it without cookies.
const CACHE = "shell-1";
const MOST_SHELLS = 3;
const MOST_PARTS = 90;
const PATIENCE = 6_000;
const SHELL = /^\/n\/[\w-]+\/$/;
const PART = /^\/static\/|^\/n\/[\w-]+\/(base\.geojson|places\.json)$/;

const listOf = (path) => `${path}?parts`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
));

self.addEventListener("message", (event) => {
  const { path, page, parts, day } = event.data ?? {};
  const own = parts?.filter((part) => PART.test(part)).slice(0, MOST_PARTS);
  if (own && SHELL.test(path)) event.waitUntil(keep(path, page, { page, day, parts: own }));
});

// All of a page or nothing, once a day and after each change: a half-kept page would open and then fail.
async function keep(path, page, list) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(listOf(path));
  const said = JSON.stringify(list);
  if (known && (await known.text()) === said) return;
  const shell = await fetch(page, { credentials: "omit" });
  if (!shell.ok) return;
  const missing = [];
  for (const part of list.parts) if (!part.startsWith("/static/") || !(await cache.match(part))) missing.push(part);
  await cache.addAll(missing);
  await cache.put(path, shell);
  await cache.put(listOf(path), new Response(said));
  await tidy(cache, path);
}

// Drop the oldest pages above the limit, and every part that no kept page names: old versions leave this way.
async function tidy(cache, newest) {
  const lists = (await cache.keys()).filter(({ url }) => url.endsWith("?parts"));
  const paths = lists.map(({ url }) => new URL(url).pathname).filter((path) => path !== newest);
  const kept = [...paths.slice(-(MOST_SHELLS - 1)), newest];
  const named = new Set(kept.flatMap((path) => [path, listOf(path)]));
  for (const path of kept) {
    const { parts } = await (await cache.match(listOf(path))).json();
    for (const part of parts) named.add(part);
  }
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!named.has(pathname + search)) await cache.delete(request);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && SHELL.test(pathname)) event.respondWith(networkFirst(request, pathname, PATIENCE));
  else if (pathname.startsWith("/static/")) event.respondWith(kept(request));
  else if (PART.test(pathname)) event.respondWith(networkFirst(request, pathname, PATIENCE));
});

// Files under a hash never change.
async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

async function networkFirst(request, path, patience) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(path);
  if (!stored) return fetch(request);
  const late = new Promise((resolve) => { setTimeout(() => resolve(stored), patience); });
  return Promise.race([late, fetch(request).catch(() => stored)]);
}

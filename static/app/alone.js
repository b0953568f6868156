// Do something in one tab only: a Web Lock, or where there is none (plain http) a lease in the store.
const LONGEST = 120_000; // milliseconds; a tab that died holds no longer than this

export async function alone(store, id, work) {
  if (navigator.locks) {
    return navigator.locks.request(`send:${id}`, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
  }
  const now = Date.now();
  if (!(await store.lease(id, now, now + LONGEST))) return undefined;
  try {
    return await work();
  } finally {
    await store.release(id);
  }
}

// Keeps the shell, the engine and the fonts on the device, so that the portal opens without a network.
// Rules: /api is never cached; a page asks the network first and falls back to the kept shell;
// release files are immutable and come from the cache; a new release waits until the old pages are closed.
const CACHE = "site-{{RELEASE}}";
const PRECACHE = "{{PRECACHE}}";
const SHELL = "/";
const PATIENCE_MS = 4000;
// As in worker-entry.js: only the engine that this browser uses is kept.
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);
const UNUSED = WebAssembly.validate(SIMD) ? /\/worker-plain(\.js|_bg\.wasm)$/ : /\/worker(\.js|_bg\.wasm)$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(PRECACHE.filter((file) => !UNUSED.test(file)))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith("site-") && name !== CACHE).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else event.respondWith(kept(request));
});

async function page(request) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(request.url, { signal: stop.signal, credentials: "same-origin", headers: { accept: "text/html" } });
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(SHELL)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const fresh = await fetch(request);
  // Tables for East Asian files are many and seldom needed: kept once they were used.
  if (fresh.ok && request.url.includes("/pack/")) await cache.put(request, fresh.clone());
  return fresh;
}

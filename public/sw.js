// Keeps the shell, the engine, the fonts and the catalogue on the device, so that the portal opens and works without a network.
// Rules: a page asks the network first and falls back to the kept shell; release files are immutable and come from the cache;
// of /api only what is the same for everybody is kept, and used when the network does not answer; nothing personal ever is.
// A new release waits until the person asks for it, or until the old pages are closed; the release before stays for pages that are open.
const CACHE = "site-{{RELEASE}}";
const PRECACHE = "{{PRECACHE}}";
// What stands in for a page without a network, by language: the home has its words, all others the same calm frame.
const SHELL = { vi: ["/home.html", "/index.html"], en: ["/home.en.html", "/index.en.html"] };
// Where the language of the last page that came is kept.
const LANGUAGE = "/language";
let language;
const PATIENCE_MS = 4000;
// What everybody gets the same: the catalogue, units, providers, trusted roots, news. Survives releases.
const CATALOGUE = "catalogue-1";
const PUBLIC = /^\/api\/(procedures|units|events|providers|trust|news|evidence|conversions)(\/[^?]*)?$/;
// Asked for at once, so that they are there without having been looked at.
const FIRST = ["/api/trust", "/api/procedures", "/api/units", "/api/events", "/api/providers", "/api/news"];
const CATALOGUE_MAX = 400;
// As in worker-entry.js: only the engine that this browser uses is kept.
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);
const UNUSED = WebAssembly.validate(SIMD) ? /\/worker-plain(\.js|_bg\.wasm)$/ : /\/worker(\.js|_bg\.wasm)$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(PRECACHE.filter((file) => !UNUSED.test(file)))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const releases = (await caches.keys()).filter((name) => name.startsWith("site-") && name !== CACHE);
      await Promise.all(releases.slice(0, -1).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
  if (event.data === "keep-catalogue") event.waitUntil(keepCatalogue());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/")) {
    if (PUBLIC.test(url.pathname)) event.respondWith(catalogue(event, request));
    return;
  }
  if (request.mode === "navigate") event.respondWith(page(event, request));
  else event.respondWith(kept(request));
});

async function noteLanguage(tag) {
  if (!(tag in SHELL) || tag === language) return;
  language = tag;
  const cache = await caches.open(CACHE);
  await cache.put(LANGUAGE, new Response(tag));
}

async function page(event, request) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const fresh = await fetch(request.url, { signal: stop.signal, credentials: "same-origin", headers: { accept: "text/html" } });
    event.waitUntil(noteLanguage(fresh.headers.get("content-language")));
    return fresh;
  } catch {
    const cache = await caches.open(CACHE);
    const known = language ?? (await (await cache.match(LANGUAGE))?.text());
    const [home, other] = SHELL[known] ?? SHELL.vi;
    return (await cache.match(new URL(request.url).pathname === "/" ? home : other)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  // A page of the release before finds its own files.
  const found = (await cache.match(request)) ?? (await caches.match(request));
  if (found) return found;
  const fresh = await fetch(request);
  // Tables for East Asian files and pictures of the guidance are many and seldom needed: kept once they were used.
  if (fresh.ok && /\/(pack|help)\//.test(request.url)) await cache.put(request, fresh.clone());
  return fresh;
}

// The network first; when it does not answer in time, the copy of the last time, marked as one.
async function catalogue(event, request) {
  const cache = await caches.open(CATALOGUE);
  const asked = fetch(request).then(async (fresh) => {
    if (fresh.ok) await keep(cache, request, fresh.clone());
    return fresh;
  });
  event.waitUntil(asked.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  try {
    const fresh = await Promise.race([asked, late]);
    if (fresh) return fresh;
  } catch {
    // No network.
  }
  const copy = await cache.match(request);
  if (!copy) return asked;
  const headers = new Headers(copy.headers);
  headers.set("x-kept", "1");
  return new Response(copy.body, { status: copy.status, headers });
}

async function keep(cache, request, fresh) {
  await cache.put(request, fresh);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - CATALOGUE_MAX)).map((old) => cache.delete(old)));
}

// The whole catalogue, one after the other: nobody waits for it.
async function keepCatalogue() {
  const cache = await caches.open(CATALOGUE);
  const take = async (address) => {
    const fresh = await fetch(address);
    if (fresh.ok) await cache.put(address, fresh.clone());
    return fresh;
  };
  try {
    for (const address of FIRST) await take(address);
    const list = await (await cache.match("/api/procedures"))?.json();
    for (const { code } of Array.isArray(list) ? list : []) {
      const address = `/api/procedures/${encodeURIComponent(code)}`;
      if (!(await cache.match(address))) await take(address);
    }
  } catch {
    // What is missing is taken the next time.
  }
}

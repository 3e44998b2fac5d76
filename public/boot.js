// Starts the page: first what stands in the document is painted, then the program comes over it, then the service worker keeps it
// for offline use.

// Where browsers know Trusted Types, nothing becomes a script but the portal's own files, and no markup that could run one becomes a
// part of the page. Only the program's own, fixed markup comes this way; what people wrote is set as text.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (markup) => (/<(script|iframe|object|embed|base|link|meta|style)\b|javascript:|\son[a-z]+\s*=/i.test(markup) ? null : markup),
  createScriptURL: (address) => {
    const { origin, pathname } = new URL(address, location.href);
    return origin === location.origin && /^\/(pkg\/[\w./-]+\.js|sw\.js)$/.test(pathname) ? address : null;
  },
});

const beside = (name) => new URL(name, import.meta.url).href;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Whether the document has the words of this address already: see public/page.
const worded = !document.querySelector("#skeleton .skeleton");

// The server gives the document in the language that was chosen; it knows by a cookie, and browsers that chose before there was one tell it now.
try {
  const language = localStorage.getItem("language");
  if (language && language !== document.documentElement.lang) document.cookie = `language=${language}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
} catch {
  // A browser that keeps nothing reads Vietnamese.
}

// What was pressed before it could answer is pressed again as soon as the program has the same.
let asked = false;
document.addEventListener("click", (event) => {
  const pressed = event.target instanceof Element && event.target.closest("[data-again]");
  if (!pressed) return;
  const wanted = `:is(${pressed.dataset.again}):not([data-again])`;
  pressed.setAttribute("aria-busy", "true");
  if (asked) return;
  asked = true;
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  // Who waited half a minute has gone on to something else.
  setTimeout(() => observer.disconnect(), 30_000);
  function look() {
    const now = document.querySelector(wanted);
    if (!now || document.getElementById("skeleton")) return;
    observer.disconnect();
    asked = false;
    // Once what the program still had to do at its start is done: it closes menus then.
    setTimeout(() => now.click());
  }
});

// A word that an input method is still putting together would be torn if its box were replaced.
let composing = false;
let typed = 0;
document.addEventListener("compositionstart", () => (composing = true));
document.addEventListener("compositionend", () => (composing = false));
document.addEventListener("input", () => (typed = performance.now()));

// The program stands beside what was there before: focus, caret and place in the page go over, then that goes.
window.addEventListener(
  "page-mounted",
  () => {
    const before = document.getElementById("skeleton");
    if (!before) return;
    const held = before.contains(document.activeElement) ? document.activeElement : null;
    const place = { left: scrollX, top: scrollY, behavior: "instant" };
    if (held) {
      const href = held.getAttribute("href");
      const selector = held.dataset.again ?? (held.id ? `#${CSS.escape(held.id)}` : href && `a[href="${CSS.escape(href)}"]`);
      const same = selector && [...document.querySelectorAll(selector)].find((one) => !before.contains(one));
      same?.focus({ preventScroll: true });
      if (same instanceof HTMLInputElement) {
        same.value = held.value;
        same.setSelectionRange(held.selectionStart, held.selectionEnd, held.selectionDirection);
      }
    }
    before.remove();
    if (place.top > 0) scrollTo(place);
  },
  { once: true },
);

function ask(name, as) {
  const link = document.createElement("link");
  link.rel = as ? "preload" : "stylesheet";
  if (as) Object.assign(link, { as, crossOrigin: "anonymous" });
  link.href = name;
  document.head.append(link);
}

// On a slow network the program would take its share of the line from the styles that the first picture waits for.
function painted() {
  if (!worded || document.hidden) return;
  const seen = new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").length > 0 && resolve());
    observer.observe({ type: "paint", buffered: true });
  });
  return Promise.race([pause(1000), seen]);
}

try {
  await painted();
  const compiling = WebAssembly.compileStreaming(fetch(beside("./app_bg.wasm")));
  compiling.catch(() => {});
  // What only later screens are drawn with does not hold up a screen that has its words.
  if (!worded) ask(beside("./later.css"));
  const { default: init } = await import("./app.js");
  const module = await compiling;
  while (composing && performance.now() - typed < 1500) await pause(50);
  await init({ module_or_path: module });
  if (worded) ask(beside("./later.css"));
  if ("serviceWorker" in navigator) pause(1000).then(keepOffline).catch(() => {});
} catch (error) {
  console.error(error);
  const trouble = document.getElementById("boot-trouble");
  if (trouble) trouble.hidden = false;
}

// A new release waits until the person asks for it: the page is told (`site-update`) and answers (`site-update-now`).
async function keepOffline() {
  const workers = navigator.serviceWorker;
  const registration = await workers.register("/sw.js");
  let asked = false;
  const tell = () => {
    document.documentElement.dataset.update = "ready";
    window.dispatchEvent(new Event("site-update"));
  };
  const watch = (worker) => {
    const look = () => {
      if (worker.state === "installed" && workers.controller) tell();
    };
    worker.addEventListener("statechange", look);
    look();
  };
  if (registration.waiting) watch(registration.waiting);
  if (registration.installing) watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  let before = workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    // Asked for in another window: this one may go on and load it anew when its person likes.
    else if (before) tell();
    before = workers.controller;
  });
  window.addEventListener("site-update-now", () => {
    asked = true;
    if (registration.waiting) registration.waiting.postMessage("take-over");
    else location.reload();
  });
  setInterval(() => registration.update().catch(() => {}), 3_600_000);
  const { active } = await workers.ready;
  active.postMessage("keep-catalogue");
}

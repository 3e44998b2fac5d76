// One page in which all three engines run, so that nothing but the engine differs.
import { thumbnail } from "./canvas.js";
import * as ours from "./ours.js";
import * as pdfium from "./pdfium.js";
import * as pdfjs from "./pdfjs.js";

const engines = { ours, pdfjs, pdfium };
let last = { path: undefined, bytes: undefined };

/** The bytes of a file, fetched before any clock runs. */
async function fetched(path) {
  if (last.path !== path) {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    last = { path, bytes: await response.arrayBuffer() };
  }
  return last.bytes.slice(0);
}

/** Opens a file and draws a page; milliseconds for each, and what went wrong. */
async function look(name, path, { page = 0, scale = 1.5, glance = false } = {}) {
  const engine = engines[name];
  const bytes = await fetched(path);
  const canvas = document.getElementById(name);
  canvas.width = canvas.height = 1;
  globalThis.gc?.();
  const told = {};
  const from = performance.now();
  try {
    told.pages = await engine.open(bytes);
    const opened = performance.now();
    told.open = opened - from;
    await engine.draw(canvas, page, scale);
    told.draw = performance.now() - opened;
    told.total = told.open + told.draw;
    told.size = [canvas.width, canvas.height];
    if (glance) told.glance = thumbnail(canvas);
  } catch (error) {
    told.error = String(error?.message ?? error);
  }
  await engine.close().catch(() => {});
  return told;
}

/** Opens a file and searches it. */
async function find(name, path, text) {
  const engine = engines[name];
  const bytes = await fetched(path);
  globalThis.gc?.();
  const pages = await engine.open(bytes);
  const from = performance.now();
  const hits = await engine.search(text, pages);
  const time = performance.now() - from;
  const again = performance.now();
  await engine.search(text, pages);
  const told = { hits, time, again: performance.now() - again, pages };
  await engine.close();
  return told;
}

/** Opens a file, draws every page one after another and leaves the last one there. */
async function leaf(name, path, { pages = Infinity, scale = 1.5 } = {}) {
  const engine = engines[name];
  const canvas = document.getElementById(name);
  const count = Math.min(await engine.open(await fetched(path)), pages);
  const times = [];
  for (let page = 0; page < count; page++) {
    const from = performance.now();
    await engine.draw(canvas, page, scale);
    times.push(performance.now() - from);
  }
  return times;
}

globalThis.bench = {
  start: (name, base) => engines[name].start(base),
  look,
  find,
  leaf,
};

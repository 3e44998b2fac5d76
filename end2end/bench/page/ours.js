// Our engine: the worker of the built site, asked as the page asks it (contract::worker).
import { show } from "./canvas.js";

let worker, next = 0;
const waiting = new Map();

export function ask(body, buffers = []) {
  return new Promise((resolve, reject) => {
    const id = ++next;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, body, buffers }, buffers);
  });
}

export async function start(base) {
  worker = new Worker(`${base}/worker-entry.js`, { type: "module" });
  worker.onmessage = ({ data: { id, body, buffers } }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (body?.answer === "failed") reject?.(new Error(JSON.stringify(body.problem)));
    else resolve?.({ body, buffers });
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(`the worker crashed: ${event.message}`));
    waiting.clear();
  };
}

const document = 1;

export async function open(bytes) {
  const { body } = await ask({ ask: "open", document }, [bytes]);
  return body.facts.pages.length;
}

export async function draw(canvas, page, scale) {
  const { buffers } = await ask({ ask: "render", document, page, scale, urgency: "seen" });
  show(canvas, buffers[0]);
}

/** Hits of a text, 25 pages at a time, as the page asks. */
export async function search(text, pages) {
  let hits = 0;
  for (let first = 0; first < pages; first += 25) {
    const { body } = await ask({ ask: "find", document, query: text, first, count: Math.min(25, pages - first) });
    hits += body.hits.length;
  }
  return hits;
}

export const close = () => ask({ ask: "close", document });

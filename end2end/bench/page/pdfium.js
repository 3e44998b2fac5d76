// pdfium in a worker of its own, asked the way ours is.
import { show } from "./canvas.js";

let worker, next = 0;
const waiting = new Map();

function ask(body, transfer = []) {
  return new Promise((resolve, reject) => {
    const id = ++next;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, ...body }, transfer);
  });
}

export async function start() {
  worker = new Worker(new URL("pdfium-worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data: { id, error, answer } }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(new Error(error));
    else resolve?.(answer);
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(`the worker crashed: ${event.message}`));
    waiting.clear();
  };
  await ask({ ask: "start" });
}

export const open = (bytes) => ask({ ask: "open", bytes }, [bytes]);
export const draw = async (canvas, page, scale) => show(canvas, await ask({ ask: "draw", page, scale }));
export const search = (text, pages) => ask({ ask: "search", text, pages });
export const close = () => ask({ ask: "close" });

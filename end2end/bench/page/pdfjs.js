// pdf.js with its worker, `intent: "print"`: it does not wait for animation frames, which is its best case.
import * as pdfjs from "/npm/pdfjs-dist/build/pdf.min.mjs";
import { settle } from "./canvas.js";

const home = "/npm/pdfjs-dist";
let worker, task, opened;

export async function start() {
  pdfjs.GlobalWorkerOptions.workerSrc = `${home}/build/pdf.worker.min.mjs`;
  worker = new pdfjs.PDFWorker();
  await worker.promise;
}

export async function open(bytes) {
  task = pdfjs.getDocument({
    data: new Uint8Array(bytes),
    worker,
    cMapUrl: `${home}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${home}/standard_fonts/`,
    wasmUrl: `${home}/wasm/`,
    iccUrl: `${home}/iccs/`,
    verbosity: 0,
  });
  opened = await task.promise;
  return opened.numPages;
}

export async function draw(canvas, number, scale) {
  const page = await opened.getPage(number + 1);
  const viewport = page.getViewport({ scale });
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  await page.render({ canvas, viewport, intent: "print" }).promise;
  settle(canvas);
}

/** Hits of a text in the text of every page: less than pdf.js's own find controller does. */
export async function search(text, pages) {
  const wanted = text.normalize("NFC").toLowerCase();
  let hits = 0;
  for (let number = 1; number <= pages; number++) {
    const { items } = await (await opened.getPage(number)).getTextContent();
    const page = items.map((item) => item.str + (item.hasEOL ? " " : "")).join("").normalize("NFC").toLowerCase();
    for (let at = page.indexOf(wanted); at >= 0; at = page.indexOf(wanted, at + wanted.length)) hits++;
  }
  return hits;
}

export const close = async () => {
  await task?.destroy();
  task = opened = undefined;
};

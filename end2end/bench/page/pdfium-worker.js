// Runs pdfium: open, draw with annotations and form fields, search.
import { init } from "/npm/@embedpdf/pdfium/dist/index.browser.js";

const ANNOTATIONS = 0x01;
const REVERSE_BYTE_ORDER = 0x10;
const BGRA = 4;
let pdfium, file, document, form, info;

const errors = { 1: "unknown", 2: "file", 3: "format", 4: "password", 5: "security", 6: "page" };

async function start() {
  const wasmBinary = await (await fetch("/npm/@embedpdf/pdfium/dist/pdfium.wasm")).arrayBuffer();
  pdfium = await init({ wasmBinary });
  pdfium.PDFiumExt_Init();
}

function open(bytes) {
  file = pdfium.pdfium.wasmExports.malloc(bytes.byteLength);
  pdfium.pdfium.HEAPU8.set(new Uint8Array(bytes), file);
  document = pdfium.FPDF_LoadMemDocument(file, bytes.byteLength, "");
  if (!document) {
    const code = pdfium.FPDF_GetLastError();
    close();
    throw new Error(errors[code] ?? `error ${code}`);
  }
  info = pdfium.PDFiumExt_OpenFormFillInfo();
  form = pdfium.PDFiumExt_InitFormFillEnvironment(document, info);
  return pdfium.FPDF_GetPageCount(document);
}

function draw(number, scale) {
  const page = pdfium.FPDF_LoadPage(document, number);
  if (!page) throw new Error("the page cannot be loaded");
  const width = Math.max(1, Math.round(pdfium.FPDF_GetPageWidthF(page) * scale));
  const height = Math.max(1, Math.round(pdfium.FPDF_GetPageHeightF(page) * scale));
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, BGRA, 0, 0);
  if (!bitmap) throw new Error("no memory for the picture");
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, ANNOTATIONS | REVERSE_BYTE_ORDER);
  if (form) pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, ANNOTATIONS | REVERSE_BYTE_ORDER);
  const at = pdfium.FPDFBitmap_GetBuffer(bitmap);
  const pixels = new Uint8ClampedArray(pdfium.pdfium.HEAPU8.slice(at, at + width * height * 4).buffer);
  pdfium.FPDFBitmap_Destroy(bitmap);
  pdfium.FPDF_ClosePage(page);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.transferToImageBitmap();
}

function search(text, pages) {
  const wanted = pdfium.pdfium.wasmExports.malloc(text.length * 2 + 2);
  pdfium.pdfium.stringToUTF16(text, wanted, text.length * 2 + 2);
  let hits = 0;
  for (let number = 0; number < pages; number++) {
    const page = pdfium.FPDF_LoadPage(document, number);
    const letters = pdfium.FPDFText_LoadPage(page);
    const finding = pdfium.FPDFText_FindStart(letters, wanted, 0, 0);
    while (pdfium.FPDFText_FindNext(finding)) hits++;
    pdfium.FPDFText_FindClose(finding);
    pdfium.FPDFText_ClosePage(letters);
    pdfium.FPDF_ClosePage(page);
  }
  pdfium.pdfium.wasmExports.free(wanted);
  return hits;
}

function close() {
  if (form) pdfium.PDFiumExt_ExitFormFillEnvironment(form);
  if (info) pdfium.PDFiumExt_CloseFormFillInfo(info);
  if (document) pdfium.FPDF_CloseDocument(document);
  if (file) pdfium.pdfium.wasmExports.free(file);
  form = info = document = file = 0;
}

const answers = {
  start,
  open: ({ bytes }) => open(bytes),
  draw: ({ page, scale }) => draw(page, scale),
  search: ({ text, pages }) => search(text, pages),
  close,
};

self.onmessage = async ({ data }) => {
  try {
    const answer = await answers[data.ask](data);
    self.postMessage({ id: data.id, answer }, answer instanceof ImageBitmap ? [answer] : []);
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error?.message ?? error) });
  }
};

// pdf.js's own viewer component with its text layer, as its documentation sets it up.
import * as pdfjs from "/npm/pdfjs-dist/build/pdf.min.mjs";

// The component asks for the library there.
globalThis.pdfjsLib = pdfjs;
const { EventBus, PDFLinkService, PDFViewer } = await import("/npm/pdfjs-dist/web/pdf_viewer.mjs");
pdfjs.GlobalWorkerOptions.workerSrc = "/npm/pdfjs-dist/build/pdf.worker.min.mjs";

const eventBus = new EventBus();
const linkService = new PDFLinkService({ eventBus });
const container = document.getElementById("container");
const viewer = new PDFViewer({ container, eventBus, linkService });
linkService.setViewer(viewer);

globalThis.show = async (path, width) => {
  const ready = new Promise((resolve) => eventBus.on("pagesinit", resolve, { once: true }));
  const opened = await pdfjs.getDocument({
    url: path,
    cMapUrl: "/npm/pdfjs-dist/cmaps/",
    cMapPacked: true,
    standardFontDataUrl: "/npm/pdfjs-dist/standard_fonts/",
    wasmUrl: "/npm/pdfjs-dist/wasm/",
  }).promise;
  viewer.setDocument(opened);
  linkService.setDocument(opened, null);
  await ready;
  const page = await opened.getPage(1);
  viewer.currentScale = width / (page.getViewport({ scale: 1 }).width * pdfjs.PixelsPerInch.PDF_TO_CSS_UNITS);
};

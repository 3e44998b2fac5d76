// What has to be fetched, in bytes of brotli.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { basePath } from "./surroundings.mjs";

const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
// The release build has packed its own files already.
const packed = (file) => (existsSync(`${file}.br`) ? statSync(`${file}.br`).size : brotliCompressSync(readFileSync(file), quality).length);

function below(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && !/\.(br|gz|map)$/.test(file));
}

/** Every file of a release by its part, and the other engines' files. */
export function weights(site, here) {
  const release = join(site, basePath(site));
  const ours = below(release).map((file) => ({ name: file.slice(release.length + 1), raw: statSync(file).size, brotli: packed(file) }));
  const npm = (name) => {
    const file = join(here, "node_modules", name);
    return { name, raw: statSync(file).size, brotli: packed(file) };
  };
  return {
    ours,
    pdfjs: ["pdfjs-dist/build/pdf.min.mjs", "pdfjs-dist/build/pdf.worker.min.mjs"].map(npm),
    pdfjsLater: ["cmaps", "standard_fonts", "wasm", "iccs"].map((name) => {
      const files = below(join(here, "node_modules/pdfjs-dist", name));
      return { name: `pdfjs-dist/${name}`, raw: files.reduce((sum, file) => sum + statSync(file).size, 0), brotli: files.reduce((sum, file) => sum + packed(file), 0) };
    }),
    pdfium: ["@embedpdf/pdfium/dist/pdfium.wasm", "@embedpdf/pdfium/dist/index.browser.js"].map(npm),
  };
}

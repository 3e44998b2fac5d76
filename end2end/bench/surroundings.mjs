// When, where and with what was measured.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;
const git = (...words) => execFileSync("git", words, { cwd: here, encoding: "utf8" }).trim();
// Only some measurements have peers that are npm packages.
const version = (name) => {
  const told = join(here, "node_modules", name, "package.json");
  return existsSync(told) ? JSON.parse(readFileSync(told, "utf8")).version : undefined;
};

/** The path before the release's own files, as `index.html` names it. */
export function basePath(site) {
  const html = readFileSync(join(site, "index.html"), "utf8");
  const found = html.match(/\/pkg\/[0-9a-f]+/);
  if (!found) throw new Error("index.html names no release");
  return found[0];
}

export function surroundings() {
  const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    commit: git("rev-parse", "--short", "HEAD") + (changed ? " and changes not committed" : ""),
    machine: `${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    load: loadavg()[0].toFixed(1),
    pdfjs: version("pdfjs-dist"),
    pdfium: version("@embedpdf/pdfium"),
    hayro: readFileSync(join(here, "../../Cargo.lock"), "utf8").match(/name = "hayro"\nversion = "([^"]+)"/)[1],
  };
}

// Measures our engine against pdf.js and pdfium in one Chromium, file by file, turn by turn. Run by `cargo xtask bench preview`.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright";
import { memory } from "./memory.mjs";
import { picture } from "./picture.mjs";
import { report } from "./report.mjs";
import { scroll } from "./scroll.mjs";
import { serve } from "./server.mjs";
import { basePath, surroundings } from "./surroundings.mjs";
import { weights } from "./weights.mjs";

const here = import.meta.dirname;
const site = resolve(process.env.SITE ?? join(here, "../../target/site"));
const publicFiles = resolve(process.env.FILES ?? join(here, "../../../shared/corpus/pages"));
const results = join(here, "results");
const engines = ["ours", "pdfjs", "pdfium"];
const rounds = Number(process.env.ROUNDS ?? 3);
const only = process.env.ONLY?.split(",");
const wanted = (part) => !only || only.includes(part);
/** How long one engine may take for one file, in milliseconds. */
const patience = 40_000;

const haveFiles = existsSync(publicFiles);
const folder = haveFiles ? publicFiles : join(here, "../fixture/made");
const names = readdirSync(folder).filter((name) => name.endsWith(".pdf")).sort();
const files = names.slice(0, Number(process.env.FIRST ?? names.length));
if (!haveFiles) console.log(`${publicFiles} is not here: the fixtures of the tests take its place`);

const server = await serve({ "": site, bench: join(here, "page"), npm: join(here, "node_modules"), file: folder, made: join(here, "made") });
const base = basePath(site);
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--js-flags=--expose-gc", "--disable-background-timer-throttling", "--disable-renderer-backgrounding"],
  });

/** A page with engines that have started and are warm. */
async function contest(browser, who = engines) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("console", (message) => process.env.LOUD && console.log(`  ${message.text()}`));
  await page.goto(`${server.origin}/bench/bench.html`);
  await page.waitForFunction(() => globalThis.bench);
  for (const engine of who) await page.evaluate(([name, from]) => globalThis.bench.start(name, from), [engine, base]);
  return page;
}

/** The same, with the machine code of what every file needs made: three looks at a page of each kind. */
async function warm(page, who = engines) {
  for (let turn = 0; turn < 3; turn++) {
    for (const name of who) {
      for (const at of [0, 1, 2]) await page.evaluate(([engine, options]) => globalThis.bench.look(engine, "/made/pages100.pdf", options), [name, { page: at }]);
    }
  }
}

class Field {
  constructor(browser) {
    this.browser = browser;
  }

  async ready() {
    if (!this.page) {
      this.page = await contest(this.browser);
      await warm(this.page);
    }
    return this.page;
  }

  /** Asks the page; one that does not come back is given up, and told so. */
  async run(work, ...given) {
    return this.within(patience, work, ...given);
  }

  async within(limit, work, ...given) {
    const page = await this.ready();
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve({ error: `no answer within ${limit / 1000} s` }), limit);
    });
    const told = await Promise.race([page.evaluate(work, given).catch((error) => ({ error: String(error).slice(0, 200) })), late]);
    clearTimeout(timer);
    if (told.error?.startsWith("no answer") || page.isClosed()) {
      this.page = undefined;
      // A page that is stuck does not close by itself.
      await Promise.race([page.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 3000))]);
    }
    return told;
  }
}

/** Open and first page, all files, all engines in turn; the least of all rounds counts. */
async function firstPages(field) {
  const table = files.map((name) => ({ name }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, row] of table.entries()) {
      const turn = (round + index) % engines.length;
      for (const engine of [...engines.slice(turn), ...engines.slice(0, turn)]) {
        const before = row[engine];
        // Who failed twice in the same way fails.
        if (before?.error && round > 1) continue;
        const told = await field.run(([name, path, options]) => globalThis.bench.look(name, path, options), engine, `/file/${encodeURIComponent(row.name)}`, {
          glance: round === 0,
        });
        const glance = told.glance ?? before?.glance;
        row[engine] = !before || before.error || (!told.error && told.total < before.total) ? { ...told, glance } : before;
      }
    }
    console.log(`  round ${round + 1} of ${rounds}`);
  }
  return table;
}

/** One page in the middle of a long document, opened afresh each time. */
async function middle(field) {
  const told = {};
  for (let round = 0; round < rounds; round++) {
    for (const engine of engines) {
      const one = await field.run(([name, options]) => globalThis.bench.look(name, "/made/pages100.pdf", options), engine, { page: 49 });
      if (!told[engine] || one.total < told[engine].total) told[engine] = one;
    }
  }
  return told;
}

const query = "hồ sơ";

async function searching(field) {
  const told = {};
  for (let round = 0; round < 2; round++) {
    for (const engine of engines) {
      const one = await field.within(90_000, ([name, text]) => globalThis.bench.find(name, "/made/pages500.pdf", text), engine, query);
      if (!told[engine] || one.time < told[engine].time) told[engine] = one;
    }
  }
  // Our own, asked without accents: the others find nothing then.
  told.plain = await field.within(90_000, ([name, text]) => globalThis.bench.find(name, "/made/pages500.pdf", text), "ours", "ho so");
  return told;
}

mkdirSync(results, { recursive: true });
const told = { surroundings: surroundings(), files: files.length, publicFiles: haveFiles, rounds, query };
const step = async (name, work) => {
  if (!wanted(name)) return;
  const from = Date.now();
  console.log(`▸ ${name}`);
  try {
    told[name] = await work();
  } catch (error) {
    told[name] = { error: String(error?.message ?? error) };
    console.error(error);
  }
  console.log(`  ${((Date.now() - from) / 1000).toFixed(0)} s`);
};

await step("weights", () => weights(site, here));
const browser = await launch();
told.surroundings.browser = `Chromium ${browser.version()}`;
const field = new Field(browser);
await step("first", () => firstPages(field));
await step("middle", () => middle(field));
await step("search", () => searching(field));
await browser.close();
await step("memory", () => memory({ launch, contest, engines }));
await step("scroll", () => scroll({ launch, origin: server.origin }));
server.close();

writeFileSync(join(results, "preview.json"), JSON.stringify(told));
if (!only || process.env.REPORT) {
  writeFileSync(join(here, "preview.svg"), picture(told));
  writeFileSync(join(here, "preview.md"), report(told));
  console.log("end2end/bench/preview.md and preview.svg are written");
}
process.exit(0);

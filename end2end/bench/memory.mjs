// Most memory the page's process and its workers ever held, each engine in a browser of its own.
import { readFileSync, readdirSync } from "node:fs";

/** Kilobytes of a line of /proc/PID/status. */
function status(pid, line) {
  const found = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${line}:\\s+(\\d+)`, "m"));
  return found ? Number(found[1]) : 0;
}

/** Chromium's processes that pages and their workers live in, by what they were started as: all below the browser's own. */
function renderers() {
  const own = new Map();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const [, parent] = readFileSync(`/proc/${name}/status`, "utf8").match(/^PPid:\s+(\d+)/m);
      own.set(Number(name), { parent: Number(parent), command: readFileSync(`/proc/${name}/cmdline`, "utf8") });
    } catch {
      // It has ended meanwhile.
    }
  }
  const ours = (pid) => pid === process.pid || (own.has(pid) && own.get(pid).parent > 1 && ours(own.get(pid).parent));
  return [...own].filter(([pid, { command }]) => command.includes("--type=renderer") && ours(pid)).map(([pid]) => pid);
}

/** The one of them that ever held most. */
const largest = () => renderers().sort((a, b) => status(b, "VmHWM") - status(a, "VmHWM"))[0];

/** Megabytes of a fresh page, and at most while 100 pages are drawn one after another. */
export async function memory({ launch, contest, engines }) {
  const told = {};
  for (const engine of engines) {
    const browser = await launch();
    try {
      const page = await contest(browser, [engine]);
      const before = new Map(renderers().map((pid) => [pid, status(pid, "VmRSS")]));
      const times = await page.evaluate((name) => globalThis.bench.leaf(name, "/made/pages100.pdf", { scale: 1.5 }), engine);
      const pid = largest();
      const first = times[0];
      times.sort((a, b) => a - b);
      told[engine] = {
        before: Math.round((before.get(pid) ?? 0) / 1024),
        peak: Math.round(status(pid, "VmHWM") / 1024),
        after: Math.round(status(pid, "VmRSS") / 1024),
        first,
        median: times[50],
        slowest: times.at(-1),
        sum: times.reduce((sum, time) => sum + time, 0),
      };
    } finally {
      await browser.close();
    }
  }
  return told;
}

// Most memory the page's process and its workers ever held, each engine in a browser of its own.
import { readFileSync } from "node:fs";

/** Kilobytes of a line of /proc/PID/status. */
function status(pid, line) {
  const found = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${line}:\\s+(\\d+)`, "m"));
  return found ? Number(found[1]) : 0;
}

/** The renderer of the page: the one that has worked most. Workers live in it. */
async function renderer(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter((process) => process.type === "renderer");
  return renderers.sort((a, b) => b.cpuTime - a.cpuTime)[0].id;
}

/** Megabytes of a fresh page, and at most while 100 pages are drawn one after another. */
export async function memory({ launch, contest, engines }) {
  const told = {};
  for (const engine of engines) {
    const browser = await launch();
    try {
      const page = await contest(browser, [engine]);
      const pid = await renderer(browser);
      const before = status(pid, "VmRSS");
      const times = await page.evaluate((name) => globalThis.bench.leaf(name, "/made/pages100.pdf", { scale: 1.5 }), engine);
      const first = times[0];
      times.sort((a, b) => a - b);
      told[engine] = {
        before: Math.round(before / 1024),
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

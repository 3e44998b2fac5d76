// Lighthouse on the built site, as a phone with a slow network sees it: performance, accessibility, best practices; and whether
// the portal can be installed. `cargo xtask bench lighthouse` starts the portal; PORTAL_URL says where it is.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { chromium } from "@playwright/test";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const portal = process.env.PORTAL_URL ?? "http://localhost:8080";
const chromePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Name, address, and whether strangers come here first: those have to be quick (issue 6). */
const screens = [
  ["Trang chủ", "/", true],
  ["Một thủ tục", "/thu-tuc/1.001193", true],
  ["Thủ tục hành chính", "/thu-tuc", false],
  ["Đăng nhập", "/dang-nhap", false],
  ["Kiểm tra chữ ký", "/kiem-tra", false],
];
const wanted = { performance: 95, accessibility: 100, "best-practices": 100 };
/** Milliseconds until a first screen answers. */
const INTERACTIVE_MS = 3000;
/** The median of so many runs counts: one of them may share the machine with something else. */
const runs = Number(process.env.RUNS ?? 3);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** A run that a busy machine broke (no trace, no navigation) is made again. */
async function look(address) {
  for (let tries = 0; ; tries += 1) {
    const lhr = await once(address);
    if (!lhr.runtimeError) return lhr;
    if (tries === 11) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  }
}

async function once(address) {
  const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"] });
  try {
    const { lhr } = await lighthouse(portal + address, { port: chrome.port, onlyCategories: Object.keys(wanted), logLevel: "error" });
    return lhr;
  } finally {
    await chrome.kill();
  }
}

/** What keeps a browser from offering to install the portal; nothing, one hopes. */
async function installable() {
  const browser = await chromium.launch({ executablePath: chromePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    await page.goto(portal, { waitUntil: "networkidle" });
    const session = await page.context().newCDPSession(page);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // A window without a profile cannot install anything, whatever the site is.
    return installabilityErrors.map((error) => error.errorId).filter((id) => id !== "in-incognito");
  } finally {
    await browser.close();
  }
}

let short = false;
const rows = [];
for (const [name, address, first] of screens) {
  const seen = [];
  for (let run = 0; run < runs; run += 1) seen.push(await look(address));
  const scores = Object.keys(wanted).map((category) => Math.round(100 * median(seen.map((lhr) => lhr.categories[category].score))));
  const times = ["first-contentful-paint", "largest-contentful-paint", "interactive", "total-blocking-time"].map((audit) => Math.round(median(seen.map((lhr) => lhr.audits[audit].numericValue))));
  const shift = median(seen.map((lhr) => lhr.audits["cumulative-layout-shift"].numericValue));
  const bytes = median(seen.map((lhr) => lhr.audits["total-byte-weight"].numericValue));
  rows.push(`| ${name} \`${address}\` | ${scores.join(" | ")} | ${times.join(" | ")} | ${shift.toFixed(3)} | ${Math.round(bytes / 1000)} |`);
  console.log(rows.at(-1));
  Object.entries(wanted).forEach(([category, least], at) => (short ||= scores[at] < least && (first || category !== "performance")));
  short ||= first && times[2] > INTERACTIVE_MS;
  for (const lhr of seen.slice(0, 1))
    for (const category of Object.keys(wanted))
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const audit = lhr.audits[id];
        if (weight > 0 && audit.score !== null && audit.score < (category === "performance" ? 0.9 : 1)) console.log(`    ${category} ${id}: ${audit.score} ${audit.displayValue ?? ""} ${JSON.stringify(audit.details?.items?.slice(0, 3) ?? [])}`.slice(0, 600));
      }
}
const hindrances = await installable();
console.log(hindrances.length === 0 ? "installable" : `not installable: ${hindrances.join(", ")}`);
short ||= hindrances.length > 0;
const git = (...words) => execFileSync("git", words, { encoding: "utf8" }).trim();
const commit = git("log", "-1", "--format=%h of %cs") + (git("status", "--porcelain", "--untracked-files=no") ? ", with changes that were not committed" : "");
writeFileSync(
  new URL("lighthouse.md", import.meta.url),
  `# Lighthouse

${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${loadavg()[1].toFixed(1)} processes at work on average (with others on the machine figures are worse than they are). Median of ${runs} runs a page, mobile profile (a phone four times slower than this machine, 1.6 Mbit/s with 150 ms), written by \`cargo xtask bench lighthouse\`.
Wanted: performance ${wanted.performance} and interactive within ${INTERACTIVE_MS} ms on the first two, where strangers come in; accessibility ${wanted.accessibility}, best practices ${wanted["best-practices"]}. Installable: ${hindrances.length === 0 ? "yes" : hindrances.join(", ")}.

| page | performance | accessibility | best practices | first paint ms | largest paint ms | interactive ms | blocked ms | shift | KB |
|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`,
);
process.exitCode = short ? 1 : 0;

// Measures signing in Chromium and puts the three measurements side by side. Run by `cargo xtask bench sign`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { serve } from "./server.mjs";
import { basePath, surroundings } from "./surroundings.mjs";

const here = import.meta.dirname;
const { SITE: site, FILES: files } = process.env;
const read = (name) => JSON.parse(readFileSync(join(files, name), "utf8"));
const [action] = process.argv.slice(2);

/** Milliseconds of each file in Chromium, and what was looked at. */
async function measure() {
  const [turns, material] = [read("native-before.json"), read("material.json")];
  const server = await serve({ "": site, bench: join(here, "page"), sign: files });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--js-flags=--expose-gc", "--disable-background-timer-throttling", "--disable-renderer-backgrounding"],
  });
  const page = await browser.newPage();
  await page.goto(`${server.origin}/bench/sign.html`);
  await page.waitForFunction(() => globalThis.bench);
  await page.evaluate((base) => globalThis.bench.start(base), basePath(site));
  const rows = [];
  for (const { name, turns: count } of turns) {
    const row = await page.evaluate((given) => globalThis.bench.measure(...given), [name, Math.min(count, 15), material]);
    console.log(" ", JSON.stringify(row));
    rows.push(row);
  }
  const told = { ...surroundings(), browser: `Chromium ${browser.version()}` };
  await browser.close();
  server.close();
  writeFileSync(join(files, "wasm.json"), JSON.stringify({ told, rows }));
}

if (action === "measure") {
  await measure();
  process.exit();
}

// The mean of both measurements that stand around the others.
const [before, after] = [read("native-before.json"), read("native-after.json")];
const native = before.map((row, at) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === "number" ? (value + after[at][key]) / 2 : value])),
);
const pyhanko = read("pyhanko.json");
const { told, rows: wasm } = read("wasm.json");

const of = (rows, name) => rows.find((row) => row.name === name);
const ms = (value) => (value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3));
const times = (value) => `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} ×`;
const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const verdict = (good) => (good ? "reached" : "**missed**");

const rows = native.map((ours) => {
  const [theirs, browser_] = [of(pyhanko.rows, ours.name), of(wasm, ours.name)];
  return [
    `${ours.name}.pdf`, ms(ours.hash), ms(ours.values), ms(ours.values_two), ms(ours.prepare), ms(ours.reopen), ms(ours.embed), ms(ours.complete), ms(ours.validate), ms(ours.validate_two),
    ms(browser_.hash), ms(browser_.prepare), ms(browser_.finish), ms(browser_.validate), ms(browser_.validate_two),
    ms(theirs.sign), ms(theirs.validate), ms(theirs.validate_two),
  ];
});
const ratios = native.map((ours) => {
  const [theirs, browser_] = [of(pyhanko.rows, ours.name), of(wasm, ours.name)];
  return {
    name: `${ours.name}.pdf`,
    sign: theirs.sign / (ours.prepare + ours.embed),
    validate: theirs.validate / ours.validate,
    two: theirs.validate_two / ours.validate_two,
    // Every byte has to be hashed once to prepare, once to embed what comes later, once to validate.
    signMost: theirs.sign / (2 * ours.hash),
    validateMost: theirs.validate / (ours.hash + ours.values),
    twoMost: theirs.validate_two / (ours.hash + ours.values_two),
    hash: ours.prepare / ours.hash,
    wasmPrepare: browser_.prepare / (ours.prepare + ours.reopen),
    wasmFinish: browser_.finish / ours.complete,
    wasmValidate: browser_.validate / ours.validate,
    wasmTwo: browser_.validate_two / ours.validate_two,
    wasmTwoLeast: (2 * browser_.hash) / ours.validate_two,
  };
});
const large = ratios.find(({ name }) => name === "20mb.pdf");
const least = (key) => Math.min(...ratios.map((row) => row[key]));
// The files that miss a target; where hashing and verifying values alone take longer than the target allows, nothing can reach it.
const missed = (key, limit) => {
  const slow = ratios.filter((row) => row[key] < 20);
  if (!slow.length) return "reached";
  return slow.map((row) => `**missed** at ${row.name}${row[limit] < 20 ? ` (${times(row[key])}; hashing and arithmetic alone allow ${times(row[limit])})` : ` (${times(row[key])})`}`).join(", ");
};
// What takes more than three times as long in Chromium; where its hash alone does, nothing can help.
const slow = [["prepare", "wasmPrepare"], ["finish", "wasmFinish"], ["validate", "wasmValidate"], ["two", "wasmTwo"]].flatMap(([what, key]) =>
  ratios.filter((row) => row[key] > 3).map((row) => {
    const hash = key === "wasmTwo" && row.wasmTwoLeast > 3 ? `; hashing what both cover alone takes ${times(row.wasmTwoLeast)}` : "";
    return `**missed** at ${row.name}, ${what} (${times(row[key])}${hash})`;
  }),
);
const most = (...keys) => Math.max(...ratios.flatMap((row) => keys.map((key) => row[key])));

const text = `# Signing and validating, measured

Made by \`cargo xtask bench sign\` on ${told.date}, commit ${told.commit}: ${told.machine}, load ${told.load} in its last minute, ${told.browser}, pyHanko ${pyhanko.version}.
Milliseconds, medians; RSA-2048, a visible box, PAdES B-B, the same signed files for all. pyHanko's \`sign\` holds the key and so makes the value too;
in Chromium the times are those of the page that asks the worker: messages included. \`finish\` is embedding and the validation of the result,
which share one hash; natively, \`embed\` is embedding alone. What is measured natively takes turns, so that a busy moment falls on all of it;
it is measured before the others and behind them, and the mean is told.
\`prepare\` gives the whole file with its digest, of a file that was read with room behind it (\`signature::ROOM\`). In Chromium what comes out is
opened again by the reader that draws, as the worker does before anybody is asked for a PIN; natively that is \`reopen\`, and added when the two are compared.
"Values" is the arithmetic alone: each
signature value and each certificate once (RSA-2048 or P-256 signers beneath P-256 issuers), with no file around them; "at most" is what hashing the file
once for each pass and that arithmetic alone would allow. In Chromium, as in the portal, signature values are verified by the browser
(\`crypto.subtle\`), and so are files of 512 KiB and more hashed when they are validated. A document of that length which is to be signed is hashed by wasm
while the person looks at the box (a second here, before the clock): what \`prepare\` and \`finish\` hash in Chromium is the new revision alone. The
browser's hash takes all of its input at once and keeps no state: what two signatures cover is hashed twice, what stands in both as well. Natively it is
hashed once.
\`6kb\`, \`1mb\` and \`20mb\` are one page and noise, \`objects60k\` has 60,000 objects. "Two" is both signatures of a file that two people signed.

${table(
    ["file", "SHA-256 of the file", "values of one", "values of two", "prepare", "reopen", "embed", "finish", "validate", "two", "Chromium's SHA-256", "wasm prepare", "wasm finish", "wasm validate", "wasm two", "pyHanko sign", "pyHanko validate", "pyHanko two"],
    rows,
  )}

How many times faster than pyHanko, and how much slower than native the browser is:

${table(
    ["file", "prepare + embed", "at most", "validate", "at most", "validate two", "at most", "prepare by hash alone", "wasm prepare", "wasm finish", "wasm validate", "wasm two"],
    ratios.map((row) => [row.name, ...["sign", "signMost", "validate", "validateMost", "two", "twoMost", "hash", "wasmPrepare", "wasmFinish", "wasmValidate", "wasmTwo"].map((key) => times(row[key]))]),
  )}

${table(
    ["target", "measured", ""],
    [
      ["native 20 times faster than pyHanko, signing", times(least("sign")), missed("sign", "signMost")],
      ["the same, validating one signature", times(least("validate")), missed("validate", "validateMost")],
      ["the same, validating two", times(least("two")), missed("two", "twoMost")],
      ["20 MB: prepare within 1.5 of hashing alone", times(large.hash), verdict(large.hash <= 1.5)],
      ["wasm within 3 times of native", times(most("wasmPrepare", "wasmFinish", "wasmValidate", "wasmTwo")), slow.join(", ") || "reached"],
    ],
  )}

The least favourable file counts.
`;
writeFileSync(join(here, "sign.md"), text);
console.log("end2end/bench/sign.md is written");

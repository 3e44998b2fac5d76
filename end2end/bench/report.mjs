// The measurements in words and tables: preview.md.

const names = { ours: "ours", pdfjs: "pdf.js", pdfium: "pdfium" };
const ms = (value) => (value === undefined ? "–" : value >= 100 ? value.toFixed(0) : value.toFixed(1));
const kb = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;
const sum = (list) => list.reduce((total, value) => total + value, 0);
const quantile = (list, part) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))];
const geometric = (list) => Math.exp(sum(list.map(Math.log)) / list.length);
const row = (...cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");

/** Our time by another's, file by file, where both drew something. */
export function ratios(first, other, filter = () => true) {
  const pairs = first.filter((file) => file.ours?.total && file[other]?.total && filter(file));
  const list = pairs.map((file) => file.ours.total / file[other].total);
  return {
    count: list.length,
    mean: list.length ? geometric(list) : undefined,
    faster: list.length ? list.filter((ratio) => ratio < 1).length / list.length : undefined,
    list,
  };
}

export const heavy = (file) => file.pdfjs?.total >= 60;

/** How different two glances are: mean distance of gray, 0 to 255. */
const distance = (a, b) => (a && b ? sum(a.map((value, n) => Math.abs(value - b[n]))) / a.length : undefined);
const isBlank = (glance) => glance && Math.max(...glance) - Math.min(...glance) < 2;

const verdict = (value, target) => (value === undefined ? "not measured" : value <= target ? `reached (≤ ${target})` : `**missed** (≤ ${target})`);

function targets({ first, weights, scroll }) {
  const rows = [];
  if (Array.isArray(first)) {
    const [pdfjs, pdfium, hard] = [ratios(first, "pdfjs"), ratios(first, "pdfium"), ratios(first, "pdfjs", heavy)];
    rows.push(
      ["open + first page, of pdf.js's time", pdfjs.mean?.toFixed(2), verdict(pdfjs.mean, 0.3)],
      [`the same where pdf.js needs 60 ms (${hard.count} files)`, hard.mean?.toFixed(2) ?? "–", verdict(hard.mean, 0.2)],
      ["open + first page, of pdfium's time", pdfium.mean?.toFixed(2), verdict(pdfium.mean, 0.7)],
    );
    const slow = first.filter((file) => file.ours.total > 2000).length;
    rows.push(["first pages over 2 s without a picture", String(slow), slow ? "**missed** (0)" : "reached (0)"]);
    const refused = first.filter((file) => file.ours.error && (!file.pdfjs.error || !file.pdfium.error)).length;
    rows.push(["files that only we do not show", String(refused), refused ? "**missed** (0), see below" : "reached (0)"]);
  }
  if (weights?.ours) {
    const { page, engine } = parts(weights.ours);
    rows.push(
      ["engine, brotli", kb(engine), engine <= 1.5 * 1024 * 1024 ? "reached (≤ 1.5 MB)" : "**missed** (≤ 1.5 MB)"],
      ["first load of the app, brotli", kb(page), page <= 250 * 1024 ? "reached (≤ 250 KB)" : "**missed** (≤ 250 KB)"],
    );
  }
  return table(["what", "measured", "target"], rows);
}

/** What the first screen needs, and what the engine needs to draw a page: scripts and wasm, without fonts and packs. */
export function parts(files) {
  const of = (test) => sum(files.filter(({ name }) => test(name)).map(({ brotli }) => brotli));
  return {
    page: of((name) => /^(app(_bg\.wasm|\.js)|boot\.js|main\.css|__wasm_split.*main.*)$/.test(name)),
    engine: of((name) => /^worker(_bg\.wasm|\.js|-entry\.js)$/.test(name)),
  };
}

function firstPages({ first, rounds }) {
  if (!Array.isArray(first)) return "Not measured.";
  const rows = ["ours", "pdfjs", "pdfium"].map((name) => {
    const times = first.map((file) => file[name]?.total).filter((time) => time !== undefined);
    return [names[name], times.length, ...[0.5, 0.9, 0.99].map((part) => ms(quantile(times, part))), ms(Math.max(...times)), first.length - times.length];
  });
  const against = ["pdfjs", "pdfium"].flatMap((name) =>
    [["all files", () => true], ["pdf.js ≥ 60 ms", heavy]].map(([what, filter]) => {
      const { count, mean, faster } = ratios(first, name, filter);
      return [names[name], what, count, mean?.toFixed(3) ?? "–", faster === undefined ? "–" : `${(100 * faster).toFixed(0)} %`];
    }),
  );
  const lost = first
    .filter((file) => file.ours.total && ["pdfjs", "pdfium"].some((name) => file[name].total && file.ours.total > file[name].total * 1.1))
    .sort((a, b) => worst(b) - worst(a));
  return [
    `Milliseconds from the bytes in the page to the pixels on its canvas, at 1.5 pixels a point; the least of ${rounds} rounds, the order of the engines changing.`,
    table(["engine", "files drawn", "median", "90 %", "99 %", "slowest", "failed"], rows),
    "Our time divided by theirs, file by file (geometric mean), and the share of files where ours is the faster:",
    table(["against", "files", "pairs", "ratio", "faster"], against),
    `### Where we lose\n\n${lost.length} files in which another engine is more than a tenth faster; the ${Math.min(20, lost.length)} largest losses:`,
    table(["file", "ours", "pdf.js", "pdfium"], lost.slice(0, 20).map((file) => [file.name, ...["ours", "pdfjs", "pdfium"].map((name) => ms(file[name].total))])),
  ].join("\n\n");
}

const worst = (file) => Math.max(...["pdfjs", "pdfium"].map((name) => (file[name].total ? file.ours.total / file[name].total : 0)));

function failures({ first }) {
  if (!Array.isArray(first)) return "Not measured.";
  const failed = first.filter((file) => ["ours", "pdfjs", "pdfium"].some((name) => file[name].error));
  const cell = (told) => (told.error ? told.error.replaceAll("|", "/").slice(0, 80) : "drawn");
  const odd = first
    .filter((file) => file.ours.glance && file.pdfjs.glance && file.pdfium.glance)
    .map((file) => ({
      name: file.name,
      blank: ["ours", "pdfjs", "pdfium"].filter((name) => isBlank(file[name].glance)),
      toPdfjs: distance(file.ours.glance, file.pdfjs.glance),
      toPdfium: distance(file.ours.glance, file.pdfium.glance),
      others: distance(file.pdfjs.glance, file.pdfium.glance),
    }));
  const empty = odd.filter((file) => file.blank.length > 0 && file.blank.length < 3);
  const alone = odd.filter((file) => Math.min(file.toPdfjs, file.toPdfium) > 4 && file.others < 2).sort((a, b) => b.toPdfjs - a.toPdfjs);
  const slow = first.filter((file) => file.ours.total > 2000);
  return [
    failed.length ? table(["file", "ours", "pdf.js", "pdfium"], failed.map((file) => [file.name, cell(file.ours), cell(file.pdfjs), cell(file.pdfium)])) : "Every engine opened every file.",
    slow.length ? `More than 2 s until our picture: ${slow.map((file) => `${file.name} (${ms(file.ours.total)} ms)`).join(", ")}.` : "No first page of ours took 2 s.",
    empty.length ? `Drawn as nothing by some, as something by others: ${empty.map((file) => `${file.name} (nothing: ${file.blank.map((name) => names[name]).join(", ")})`).join("; ")}.` : "No engine drew nothing where another drew something.",
    alone.length ? `Ours looks unlike the two others while they agree: ${alone.map((file) => file.name).join(", ")}.` : "Nowhere does ours look unlike the two others while they agree (glances of 32 × 32 pixels).",
  ].join("\n\n");
}

function long({ middle, search, memory, query }) {
  const out = [];
  const who = ["ours", "pdfjs", "pdfium"];
  if (middle && !middle.error) {
    out.push("### Page 50 of 100", "Opened afresh, then that page, in milliseconds:", table(["engine", "open", "draw", "together"], who.map((name) => [names[name], ms(middle[name].open), ms(middle[name].draw), ms(middle[name].total)])));
  }
  if (search && !search.error) {
    const rows = who.map((name) => (search[name].error ? [names[name], search[name].error, "", ""] : [names[name], ms(search[name].time), ms(search[name].again), search[name].hits]));
    if (search.plain) rows.push(["ours, asked without accents", ms(search.plain.time), ms(search.plain.again), search.plain.hits ?? search.plain.error]);
    out.push(
      "### Search in 500 pages",
      `“${query}” through all pages of an open document, in milliseconds; the second time is the same search again. For pdf.js this is reading the text of every page and comparing it, less than its viewer does. Ours ignores accents and line ends, so it finds more. It keeps the text it has read, as the viewer of pdf.js would; here neither pdf.js nor pdfium keeps any.`,
      table(["engine", "first", "again", "hits"], rows),
    );
  }
  if (memory && !memory.error) {
    out.push(
      "### Memory",
      "A browser for each engine; the process of the page with its workers, in megabytes: before, at most and after 100 pages were drawn one by one at 1.5. Times in milliseconds.",
      table(["engine", "before", "peak", "after", "all 100 pages", "median page", "slowest page"], who.map((name) => [names[name], memory[name].before, memory[name].peak, memory[name].after, ms(memory[name].sum), ms(memory[name].median), ms(memory[name].slowest)])),
    );
  }
  return out.join("\n\n");
}

function scrolling({ scroll }) {
  if (!scroll || scroll.error) return "Not measured.";
  const rows = ["ours", "pdfjs"].flatMap((name) =>
    [["leafing", "10 pages a second"], ["looking", "2.5 pages a second"]].map(([speed, what]) => {
      const told = scroll[name]?.[speed];
      if (!told || told.error) return [names[name], what, told?.error ?? "not measured", "", "", "", ""];
      return [names[name], what, told.frames, told.late, ms(told.longest), `${((100 * told.blank) / told.time).toFixed(0)} %`, ms(told.settle)];
    }),
  );
  return [
    "Ten seconds of steady scrolling in each viewer, text layer and all: ours on its screen of the built site, pdf.js's `pdf_viewer.mjs` with pages of the same width. A frame is late when it comes more than 50 ms after the last one; the window lacks something while more than a tenth of it shows a page without a picture.",
    table(["viewer", "speed", "frames", "late", "longest, ms", "time something lacked", "until all was there, ms"], rows),
    `Height of the window onto the pages: ours ${scroll.ours?.window?.toFixed(0) ?? "–"} px, pdf.js ${scroll.pdfjs?.window?.toFixed(0) ?? "–"} px.`,
  ].join("\n\n");
}

function weight({ weights }) {
  if (!weights?.ours) return "Not measured.";
  const { page, engine } = parts(weights.ours);
  const total = (list) => sum(list.map(({ brotli }) => brotli));
  const group = (name) => (name.includes("/") ? `${name.split("/")[0]}/` : name);
  const groups = grouped(weights.ours, ({ name }) => group(name));
  const rows = [...groups].map(([name, files]) => [name, files.length, kb(sum(files.map(({ raw }) => raw))), kb(total(files))]);
  return [
    table(
      ["what must arrive before the first page is drawn", "brotli"],
      [
        ["ours: the page", kb(page)],
        ["ours: the engine (with SIMD)", kb(engine)],
        ["pdf.js: library and worker", kb(total(weights.pdfjs))],
        ["pdf.js: tables, fonts and decoders fetched when needed, all of them", kb(total(weights.pdfjsLater))],
        ["pdfium: wasm and script", kb(total(weights.pdfium))],
      ],
    ),
    "Every part of our release:",
    table(["part", "files", "raw", "brotli"], rows),
  ].join("\n\n");
}

function grouped(list, key) {
  const groups = new Map();
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

export function report(told) {
  const { surroundings: s } = told;
  return `# Preview, measured against pdf.js and pdfium

Made by \`cargo xtask bench preview\` on ${s.date} UTC, commit ${s.commit}. ${s.machine}, load ${s.load} at the start; ${s.browser}, headless, software canvas.
hayro ${s.hayro} behind our worker (release build, SIMD), pdfjs-dist ${s.pdfjs} (\`intent: "print"\`, its own worker), @embedpdf/pdfium ${s.pdfium} (in a worker of its own).
${told.files} files of ${told.publicFiles ? "the public collection `../shared/corpus/pages`" : "our own fixtures (the public collection was not at hand)"}.

![Our time as a share of theirs](preview.svg)

## Targets

${targets(told)}

## Open and first page

${firstPages(told)}

## Failures

${failures(told)}

## Long documents

${long(told)}

## Scrolling through 100 pages

${scrolling(told)}

## Bytes

${weight(told)}

## What this does not say

One machine, no graphics card: a canvas on a graphics card would help pdf.js, which paints with it. pdf.js decodes on one core and paints on another; ours and pdfium use one.
Ours hashes the file and looks for signatures while it opens it; the others do not. All files are read from memory: no network.
`;
}

// The picture of the measurements: every file as a dot, our time against theirs.
import { heavy, ratios } from "./report.mjs";

const width = 1010, height = 470;
const colors = { ours: "#3b3fa5", pdfjs: "#b4532a", pdfium: "#3f7d58" };
const text = (x, y, what, more = "") => `<text x="${x}" y="${y}" ${more}>${what}</text>`;

/** One panel: pairs as dots on logarithmic axes. Below the line ours is faster. */
function panel(left, title, other, first) {
  const side = 400, top = 60;
  const [low, high] = [Math.log10(2), Math.log10(3000)];
  const at = (time) => (Math.min(Math.max(Math.log10(time), low), high) - low) / (high - low);
  const x = (time) => left + 40 + at(time) * (side - 60);
  const y = (time) => top + (side - 60) * (1 - at(time));
  const out = [text(left + 40, 28, title, 'font-weight="600" font-size="16"')];
  const { mean, faster, count } = ratios(first, other);
  const hard = ratios(first, other, heavy);
  out.push(text(left + 40, 48, `${mean?.toFixed(2)} of its time over ${count} files, ${(100 * faster).toFixed(0)} % faster; ${hard.mean?.toFixed(2) ?? "–"} where pdf.js takes 60 ms`, 'font-size="12" fill="#555"'));
  for (const tick of [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]) {
    out.push(`<path d="M${x(tick)} ${y(2)}V${y(3000)}M${x(2)} ${y(tick)}H${x(3000)}" stroke="#e4e4ea"/>`);
    out.push(text(x(tick), y(2) + 16, tick, 'font-size="10" text-anchor="middle" fill="#555"'));
    out.push(text(x(2) - 6, y(tick) + 3, tick, 'font-size="10" text-anchor="end" fill="#555"'));
  }
  for (const [share, dash] of [[1, ""], [0.3, 'stroke-dasharray="4 4"']]) {
    out.push(`<path d="M${x(Math.max(2, 2 / share))} ${y(Math.max(2, 2 * 1))}L${x(3000)} ${y(3000 * share)}" stroke="#888" fill="none" ${dash}/>`);
  }
  for (const file of first) {
    if (!file.ours?.total || !file[other]?.total) continue;
    out.push(`<circle cx="${x(file[other].total).toFixed(1)}" cy="${y(file.ours.total).toFixed(1)}" r="3" fill="${colors[other]}" fill-opacity=".55"><title>${file.name.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title></circle>`);
  }
  out.push(text(left + 40 + (side - 60) / 2, y(2) + 34, `${title.replace("Against ", "")}, ms`, 'font-size="12" text-anchor="middle"'));
  out.push(`<text transform="translate(${left + 8} ${top + (side - 60) / 2}) rotate(-90)" font-size="12" text-anchor="middle">ours, ms</text>`);
  return out.join("\n");
}

export function picture({ first, surroundings }) {
  const known = Array.isArray(first) ? first : [];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" fill="#1c1c24">
<rect width="${width}" height="${height}" fill="#fff"/>
${panel(20, `Against pdf.js ${surroundings.pdfjs}`, "pdfjs", known)}
${panel(520, `Against pdfium (@embedpdf/pdfium ${surroundings.pdfium})`, "pdfium", known)}
${text(60, height - 14, `Open and first page. Below the line ours is faster; the dashed line is 0.3 of their time. ${surroundings.date} UTC, ${surroundings.commit.split(" ")[0]}.`, 'font-size="11" fill="#555"')}
</svg>
`;
}

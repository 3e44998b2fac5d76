import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { fixture } from "../support/fixture.ts";
import { otherRoot } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

// What the page is told to trust comes from the test, not from a service worker.
test.use({ serviceWorkers: "block" });

const here = resolve(import.meta.dirname, "..");
const server = process.env.SERVER ?? resolve(here, "../target/debug/server");
const python = process.env.PYTHON ?? join(here, ".venv/bin/python");
const corpus = resolve(here, "../../shared/corpus/signatures");

type Signature = { field: string; timestamp: boolean; level: string; indication: string; sub_indication: string | null; integrity: string; modifications: string };
type Kept = { format: string; version: number; file: { name: string; size: number; sha256: string }; headline: string; report: { verdict: string; signatures: Signature[] }; circular: { item: string; outcome: string }[][] };

/** What a verdict is about: the rest of a report holds the time at which it was made. */
const essence = ({ headline, file, report, circular }: Kept): unknown => ({
  headline,
  sha256: file.sha256,
  size: file.size,
  verdict: report.verdict,
  signatures: report.signatures.map(({ field, timestamp, level, indication, sub_indication, integrity, modifications }) => ({ field, timestamp, level, indication, sub_indication, integrity, modifications })),
  circular,
});

/** The signer of the fixtures is trusted in this page beside the portal's own roots: a folder of what the page is told, for the command line. */
async function trusting(page: Page): Promise<string> {
  const { roots } = (await (await page.request.get("/api/trust")).json()) as { roots: string[] };
  const other = readFileSync(otherRoot, "utf8").replace(/-----[A-Z ]+-----|\s/g, "");
  const all = [...roots, other];
  await page.route("**/api/trust", (route) => route.fulfill({ json: { roots: all } }));
  const folder = mkdtempSync(join(tmpdir(), "roots-"));
  all.forEach((root, index) => writeFileSync(join(folder, `${index}.der`), Buffer.from(root, "base64")));
  return folder;
}

/** Files that somebody changed after they were signed. */
function changed(): string {
  const folder = mkdtempSync(join(tmpdir(), "changed-"));
  execFileSync(python, [join(here, "fixture/change.py"), folder]);
  return folder;
}

const region = (page: Page): Locator => page.getByRole("region", { name: "Kết quả kiểm tra chữ ký" });

async function check(page: Page, file: string): Promise<Locator> {
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page.locator("p.file")).toHaveText(basename(file));
  await expect(region(page)).toBeVisible({ timeout: 30_000 });
  return region(page);
}

async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  return readFileSync(await download.path());
}

test("the command line and the browser judge the same file alike", async ({ page }) => {
  once("desktop");
  test.setTimeout(180_000);
  await page.goto("/kiem-tra");
  const roots = await trusting(page);
  const folder = changed();
  const files = ["signed-before.pdf", "certified.pdf", "form.pdf", "damaged.pdf"].map(fixture);
  files.push(...readdirSync(folder).map((name) => join(folder, name)));
  const signed = join(here, "results/signed");
  if (existsSync(signed)) files.push(...readdirSync(signed).filter((name) => name.endsWith(".pdf")).slice(0, 2).map((name) => join(signed, name)));
  if (existsSync(corpus)) {
    for (const part of ["pyhanko", "dss"]) {
      const all = readdirSync(join(corpus, part)).filter((name) => name.endsWith(".pdf")).sort();
      const step = Math.max(1, Math.floor(all.length / 4));
      files.push(...all.filter((_, index) => index % step === 0).slice(0, 4).map((name) => join(corpus, part, name)));
    }
  } else console.log(`without published files: ${corpus} is absent`);
  const seen = new Set<string>();
  for (const file of files) {
    await check(page, file);
    const browser = JSON.parse((await saved(page, "Tải báo cáo JSON")).toString()) as Kept;
    const told = spawnSync(server, ["verify", file, "--roots", roots, "--report", "json"], { encoding: "utf8", maxBuffer: 1 << 27 });
    expect(told.error, file).toBeUndefined();
    const native = JSON.parse(told.stdout) as Kept;
    expect([browser.format, browser.version], file).toEqual(["ho-so-ky-so/validation-report", 1]);
    expect(essence(browser), file).toEqual(essence(native));
    expect(told.status, file).toBe({ valid: 0, invalid: 1, indeterminate: 3, unsigned: 4 }[native.report.verdict]);
    seen.add(native.headline);
  }
  // A sample that holds no verdict of a kind would prove little.
  expect([...seen].sort()).toEqual(["invalid", "undecided", "unsigned", "valid", "valid-changed"]);
});

test("one calm sentence first, the evidence behind it, and what was signed", async ({ page }) => {
  await page.goto("/kiem-tra");
  await trusting(page);
  const folder = changed();
  const report = await check(page, fixture("signed-before.pdf"));
  await expect(report.locator(".verdict strong")).toHaveText("Chữ ký số hợp lệ");
  await expect(report.getByText("Chưa kiểm tra được tình trạng thu hồi chứng thư số").first(), "TT 15/2025, annex II 1.2: a warning that is seen").toBeVisible();
  await report.getByText("Xem bằng chứng").click();
  await expect(report.getByRole("row")).toHaveCount(10);
  await expect(report.getByRole("row", { name: /^1\.2/ })).toContainText("Chưa kiểm tra được");
  await expect(report.getByRole("row", { name: /^2\.4/ })).toContainText("Đạt");
  for (const label of ["Người ký", "Đơn vị quản lý chứng thư", "Tổ chức cấp chứng thư số", "Hiệu lực chứng thư", "Thời điểm ký ghi trong tệp", "Mức chữ ký", "Thuật toán"]) {
    await expect(report.locator("dt", { hasText: new RegExp(`^${label}$`) })).toBeVisible();
  }
  await look(page, "67-checked-evidence");

  for (const [name, sentence] of [
    ["noted", "Chữ ký số hợp lệ, có thay đổi sau khi ký"],
    ["replaced", "Chữ ký số không hợp lệ"],
    ["stamped", "Chưa kết luận được về chữ ký số"],
  ] as const) {
    await check(page, join(folder, `${name}.pdf`));
    await expect(report.locator(".verdict strong")).toHaveText(sentence);
  }
  // `stamped` is on the screen: its page before and after differ.
  await report.getByText("Xem trước và sau").click();
  const pictures = report.locator(".compare canvas");
  await expect(pictures).toHaveCount(2);
  await expect.poll(() => pictures.evaluateAll((all) => all.every((canvas) => (canvas as HTMLCanvasElement).width > 310))).toBe(true);
  const [before, after] = await Promise.all([pictures.nth(0).screenshot(), pictures.nth(1).screenshot()]);
  expect(before!.equals(after!)).toBe(false);
  await look(page, "67-checked-compare");
  await report.getByRole("button", { name: "Xem tài liệu như lúc ký" }).click();
  await expect(report.locator(".reader canvas").first()).toBeVisible();
  await expect(report.getByRole("button", { name: "Đóng bản như lúc ký" })).toBeVisible();
});

test("reports are made without the network and others can read them", async ({ page, context }) => {
  once("desktop");
  await page.goto("/kiem-tra");
  await trusting(page);
  await check(page, fixture("signed-before.pdf"));
  // What a page fetches for itself may come after the verdict, and says so when it does not arrive.
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  const folder = join(here, "results/reports");
  mkdirSync(folder, { recursive: true });
  const [pdf, xml] = [join(folder, "report.pdf"), join(folder, "report.xml")];
  writeFileSync(pdf, await saved(page, "Tải báo cáo (PDF)"));
  writeFileSync(xml, await saved(page, "Tải báo cáo XML theo ETSI TS 119 102-2"));
  await context.setOffline(false);
  execFileSync("qpdf", ["--check", pdf]);
  expect(execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8" })).toContain("Chữ ký số hợp lệ");
  execFileSync(python, ["-c", "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])", xml]);
  expect(readFileSync(xml, "utf8")).toContain("urn:etsi:019102:mainindication:total-passed");
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import { crash, Engine, engines, vulnerable } from "../support/engine.ts";
import { fixture } from "../support/fixture.ts";
import { people, Person } from "../support/person.ts";

// Playwright sees what a worker fetches only when no service worker stands in between.
test.use({ serviceWorkers: "block" });

const FORM = "Tờ khai đăng ký khai sinh";

/** Whether a page's picture has anything but white. */
const drawn = (page: import("@playwright/test").Page, number: number): Promise<boolean> =>
  page.evaluate((number) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`.page[data-page="${number}"] canvas`);
    if (!canvas || canvas.width < 200) return false;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, canvas.width, canvas.height).data.some((value, at) => at % 4 === 0 && value < 128);
  }, number);

test("a browser without SIMD loads the other engine, which draws the same page", async ({ page, context }) => {
  const base = (await (await page.request.get("/")).text()).match(/\/pkg\/[0-9a-f]+/)![0];
  test.skip((await page.request.get(`${base}/worker-plain.js`)).status() !== 200, "a development build has no engine without SIMD");
  const file = readFileSync(fixture("libreoffice.pdf"));
  const pictures = [];
  for (const plain of [false, true]) {
    const own = await context.newPage();
    const loaded: string[] = [];
    own.on("request", (request) => loaded.push(request.url().split("/").at(-1)!));
    const picture = await (await Engine.start(own, { plain })).firstPage(file);
    if (typeof picture === "string") throw new Error(picture);
    expect(loaded.filter((name) => name.endsWith(".wasm"))).toEqual([plain ? "worker-plain_bg.wasm" : "worker_bg.wasm"]);
    pictures.push(picture);
    await own.close();
  }
  const [fast, plain] = pictures as [(typeof pictures)[0], (typeof pictures)[0]];
  expect([plain.width, plain.height]).toEqual([fast.width, fast.height]);
  expect(fast.pixels.some((value) => value < 64)).toBe(true);
  const off = fast.pixels.reduce((count, value, at) => count + (Math.abs(value - plain.pixels[at]!) > 8 ? 1 : 0), 0);
  expect(off / fast.pixels.length).toBeLessThan(0.001);
});

test("a worker that dies is replaced: the pages come back by themselves and the box stays where it was", async ({ page, context }) => {
  await vulnerable(context);
  const citizen = new Person(page, people.mau);
  await citizen.arrive({ image: false });
  await citizen.startDossier();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM);
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => Object.assign(window, { sameVisit: true }));
  const box = citizen.box();
  const first = await box.getAttribute("aria-label");
  await box.focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => box.getAttribute("aria-label")).not.toBe(first);
  const place = await box.getAttribute("aria-label");

  await crash(page);
  await page.getByRole("button", { name: "Phóng to" }).first().click();
  const here = Number(place!.match(/\d+/)![0]) - 1;
  await expect.poll(() => drawn(page, here), { timeout: 20_000 }).toBe(true);
  expect(await box.getAttribute("aria-label")).toBe(place);

  // In the middle of drawing.
  await page.getByRole("button", { name: "Phóng to" }).first().click();
  await crash(page);
  await expect.poll(() => drawn(page, here), { timeout: 20_000 }).toBe(true);
  await expect(page.locator(".unreadable")).toHaveCount(0);
  expect(await box.getAttribute("aria-label")).toBe(place);
  expect(await page.evaluate(() => "sameVisit" in window)).toBe(true);
});

test("a page that never ends costs that page only", async ({ page, context }) => {
  test.skip(test.info().project.name !== "desktop", "ten seconds of waiting, once");
  await vulnerable(context, { hangOnPage: 0 });
  const citizen = new Person(page, people.mau);
  await citizen.arrive(null);
  await citizen.startDossier();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM);
  await page.locator(".pages").first().evaluate((frame) => frame.scrollTo(0, 0));
  await expect(page.locator('.page[data-page="0"] .unreadable')).toBeVisible({ timeout: 40_000 });
  await expect.poll(() => drawn(page, 1), { timeout: 20_000 }).toBe(true);
  expect(await engines(page)).toBeGreaterThan(1);
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  test("the one engine this browser uses and the fonts are kept, and files open", async ({ page, context }) => {
    await page.goto("/");
    await page.evaluate(async () => navigator.serviceWorker.ready);
    const kept = (): Promise<string[]> =>
      page.evaluate(async () => {
        const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
        return all.flat().map((request) => new URL(request.url).pathname);
      });
    await expect.poll(async () => (await kept()).filter((name) => /\/worker.*\.wasm$/.test(name)).map((name) => name.split("/").at(-1)), { timeout: 60_000 }).toEqual(["worker_bg.wasm"]);
    expect((await kept()).some((name) => name.includes("/pack/font-"))).toBe(true);
    await page.reload();
    await context.setOffline(true);
    const engine = await Engine.start(page, { online: false });
    const picture = await engine.firstPage(readFileSync(fixture("libreoffice.pdf")));
    expect(typeof picture === "string" ? picture : picture.width).toBeGreaterThan(800);
    await context.setOffline(false);
  });
});

test("published files open or say what is wrong with them, and the worker lives", async ({ page }) => {
  const corpus = resolve(import.meta.dirname, "../../../shared/corpus");
  test.skip(!existsSync(corpus), "the corpus ../shared/corpus is absent: nothing was opened");
  const all = ["pages", "signatures"].flatMap((folder) =>
    readdirSync(join(corpus, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.toLowerCase().endsWith(".pdf"))
      .map((name) => join(folder, name)),
  );
  all.sort();
  const every = process.env.CORPUS === "all";
  if (every) test.setTimeout(45 * 60_000);
  const chosen = every ? all : all.filter((_, at) => at % Math.ceil(all.length / 12) === 0);
  const engine = await Engine.start(page);
  const lines: string[] = [];
  const dead: string[] = [];
  for (const name of chosen) {
    const { outcome, died, milliseconds } = await engine.look(readFileSync(join(corpus, name)));
    lines.push(`${milliseconds.toFixed(0)}\t${outcome}\t${name}`);
    if (died) dead.push(`${name}: ${outcome}`);
  }
  console.log(`${chosen.length} of ${all.length} files, ${dead.length} ended the worker`);
  if (every) writeFileSync("results/corpus.tsv", lines.join("\n"));
  expect(dead).toEqual([]);
});

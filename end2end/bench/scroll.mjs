// Scrolls through 100 pages: our viewer on its screen of the built site, and pdf.js's own viewer component.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const document = join(here, "made/pages100.pdf");
const window_ = { width: 1280, height: 900 };
/** Pages a second: leafing through, and looking for something. */
const speeds = { leafing: 10, looking: 2.5 };

const viewers = {
  ours: {
    frame: ".viewer .pages",
    picture: 'canvas.whole:not([data-drawn="0"])',
    async show(page, origin) {
      await page.goto(`${origin}/kiem-tra`);
      await page.locator("input[type=file]").first().setInputFiles(document);
    },
  },
  pdfjs: {
    frame: "#container",
    picture: "canvas",
    async show(page, origin, width) {
      await page.goto(`${origin}/bench/viewer.html`);
      await page.waitForFunction(() => globalThis.show);
      await page.evaluate(([path, wide]) => globalThis.show(path, wide), ["/made/pages100.pdf", width]);
    },
  },
};

export async function scroll({ launch, origin }) {
  const told = {};
  // Pages are as wide in both as ours makes them.
  let width = 0;
  for (const [name, { frame, picture, show }] of Object.entries(viewers)) {
    for (const [speed, perSecond] of Object.entries(speeds)) {
      const browser = await launch();
      try {
        const page = await browser.newPage({ viewport: window_ });
        page.on("console", (message) => process.env.LOUD && console.log(`  ${message.text()}`));
        page.on("pageerror", (error) => process.env.LOUD && console.log(`  ${error.message}`));
        await show(page, origin, width);
        await page.locator(`${frame} .page ${picture}`).first().waitFor({ timeout: 60_000, state: "attached" });
        await page.locator(frame).scrollIntoViewIfNeeded();
        // Time for the pages below to be drawn ahead, and for a person to look.
        await page.waitForTimeout(2000);
        const first = await page.locator(`${frame} .page`).first().boundingBox();
        width = name === "ours" ? first.width : width;
        await page.addScriptTag({ content: readFileSync(join(here, "page/frames.js"), "utf8") });
        if (process.env.SHOTS) await page.screenshot({ path: join(here, `results/scroll-${name}-before.png`) });
        const result = await page.evaluate(([...given]) => globalThis.scrollFast(...given), [frame, picture, perSecond * (first.height + 12), 10]);
        if (process.env.SHOTS) await page.screenshot({ path: join(here, `results/scroll-${name}-${speed}.png`) });
        told[name] = { ...told[name], width: first.width, window: (await page.locator(frame).boundingBox()).height, [speed]: result };
      } catch (error) {
        told[name] = { ...told[name], [speed]: { error: String(error.message).split("\n")[0] } };
      } finally {
        await browser.close();
      }
    }
  }
  return told;
}

import { expect, test } from "@playwright/test";
import { prepare, type Made, noughts, screens, settle, type Who } from "./screens.ts";

const sizes = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];

/** `ONLY=home,design` looks at those alone. */
const only = process.env.ONLY?.split(",");

// One sign-in a person, then every screen in every size and scheme: only the picture is new, the page stays.
for (const who of ["nobody", "citizen", "officer"] as Who[]) {
  test(`every screen of ${who} looks as it was kept`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: sizes[2]!, reducedMotion: "reduce", serviceWorkers: "block" });
    const page = await context.newPage();
    const made: Made = await prepare(page, who);
    for (const screen of screens.filter((screen) => screen.who === who && (only?.includes(screen.name) ?? true))) {
      await test.step(screen.name, async () => {
        for (const size of sizes) {
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
          if (typeof screen.open === "string") await page.goto(screen.open);
          else await screen.open(page, made);
          await settle(page);
          await noughts(page);
          for (const scheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
            await expect.soft(page, `${screen.name} ${size.width} ${scheme}`).toHaveScreenshot(`${screen.name}-${size.width}-${scheme}.png`);
          }
        }
      });
    }
    await context.close();
  });
}

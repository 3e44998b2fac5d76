import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

/** Takes a picture of the screen for people, and checks what a machine can: axe (WCAG 2.2 AA), no sideways scrolling. */
export async function look(page: Page, name: string, { axe = true } = {}): Promise<void> {
  const file = `results/screens/${test.info().project.name}/${name}.png`;
  await page.screenshot({ path: file, fullPage: true });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  if (axe) {
    const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
    const told = found.violations.map((rule) => `${rule.id}: ${rule.help}\n  ${rule.nodes.map((node) => node.html).join("\n  ")}`);
    expect(told, `${name}: accessibility`).toEqual([]);
  }
}

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

/** The rules that hold everywhere: WCAG 2.2, levels A and AA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** axe finds nothing on the screen as it is, or in a part of it. */
export async function accessible(page: Page, state: string, part?: string): Promise<void> {
  // No frames of others are in our pages: without them axe needs no second page and half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"], runOnly: RULES });
  const found = await (part ? axe.include(part) : axe).analyze();
  const told = found.violations.map((rule) => `${rule.id}: ${rule.help}\n  ${rule.nodes.map((node) => node.html).join("\n  ")}`);
  expect(told, `${state}: accessibility`).toEqual([]);
}

/** By night only colours differ: contrast is all that has to be looked at again. */
export async function readable(page: Page, state: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  // Colours go over in a fifth of a second; on the way there is one moment at which nothing can be read.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => undefined))));
  const found = await new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"], runOnly: { type: "rule", values: ["color-contrast"] } }).analyze();
  await page.emulateMedia({ colorScheme: "light" });
  expect(found.violations.flatMap((rule) => rule.nodes.map((node) => `${node.failureSummary}\n  ${node.html}`)), `${state}, by night`).toEqual([]);
}

/** Takes a picture of the screen for people, and checks what a machine can: axe (WCAG 2.2 AA), no sideways scrolling. */
export async function look(page: Page, name: string, { axe = true } = {}): Promise<void> {
  const file = `results/screens/${test.info().project.name}/${name}.png`;
  await page.screenshot({ path: file, fullPage: true });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  if (axe) await accessible(page, name);
}

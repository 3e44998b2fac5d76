import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";
import { people, Person } from "./person.ts";

const here = resolve(import.meta.dirname, "..");
/** The component whose form is signed. */
export const FORM = "Tờ khai đăng ký khai sinh";

/** Somebody with one profile, on the signing screen of a file, with the box standing. */
export async function atSigning(page: Page, file: string, { image = false, who = people.mau } = {}): Promise<Person> {
  const citizen = new Person(page, who);
  await citizen.arrive({ image });
  await citizen.startDossier();
  await citizen.attach(FORM, file);
  await citizen.openSigning(FORM);
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".why")).not.toBeEmpty();
  return citizen;
}

/** Page, left, top, width and height of the signature's box as it says them, in mm, once it rests. */
export async function place(citizen: Person): Promise<number[]> {
  const spoken = (await citizen.box().getAttribute("aria-label")) ?? "";
  return (spoken.match(/\d+/g) ?? []).slice(0, 5).map(Number);
}

/** The box comes to say this. */
export async function comesTo(citizen: Person, expected: number[]): Promise<void> {
  await expect.poll(() => place(citizen)).toEqual(expected);
}

/** Opens the settings, which are a sheet on a phone. */
export async function settings(page: Page, open = true): Promise<void> {
  const toggle = page.getByRole("button", { name: /^(Đóng tùy chọn|Tùy chọn)$/ });
  if (!(await toggle.isVisible())) return;
  if (((await toggle.getAttribute("aria-expanded")) === "true") !== open) await toggle.click();
}

/** Where a box stands on its page, in points as seen, measured from what the browser laid out. */
export async function measured(box: Locator, widthInPoints: number): Promise<{ x: number; y: number; width: number; height: number }> {
  return box.evaluate((node, points) => {
    const sheet = node.closest(".page")!.getBoundingClientRect();
    const own = node.getBoundingClientRect();
    const scale = sheet.width / points;
    return { x: (own.left - sheet.left) / scale, y: (own.top - sheet.top) / scale, width: own.width / scale, height: own.height / scale };
  }, widthInPoints);
}

/** Where poppler draws vermilion on each page, as fractions of the page: left, top, right, bottom. */
export function drawn(file: string): ([number, number, number, number] | null)[] {
  const python = process.env.PYTHON ?? join(here, ".venv/bin/python");
  return JSON.parse(execFileSync(python, [join(here, "judge/where.py"), file], { encoding: "utf8" }));
}

/** Presses Tab until the focus is on something; fails when the focus stops moving or never comes there. */
export async function tabTo(page: Page, wanted: (page: Page) => Promise<boolean>, most = 120): Promise<void> {
  let last = "";
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await wanted(page)) return;
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const node = document.activeElement!;
      const all = [...document.querySelectorAll("*")];
      return `${all.indexOf(node)} ${node.outerHTML.slice(0, 80)}`;
    });
    expect(now, "Tab moves on").not.toBe(last);
    last = now;
  }
  throw new Error(`not reached in ${most} steps; the focus is on ${last}`);
}

/** Whether the focus is on a control with this name. */
export const focused =
  (name: string | RegExp) =>
  (page: Page): Promise<boolean> =>
    page.evaluate((wanted) => {
      const node = document.activeElement as HTMLElement | null;
      if (!node || node === document.body) return false;
      const name = (node.getAttribute("aria-label") ?? node.textContent ?? "").trim();
      return typeof wanted === "string" ? name === wanted : new RegExp(wanted.source).test(name);
    }, typeof name === "string" ? name : { source: name.source });

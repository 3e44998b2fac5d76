import type { Page } from "@playwright/test";
import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

// The process of the journeys serves two provinces (`app/xtask/src/provinces.rs`): the one all other journeys go to, and this neighbour.
const here = new URL(process.env.PORTAL_URL ?? "http://localhost:8080");
const neighbour = new URL(here);
neighbour.hostname = "hai-dang.localhost";

test.use({ baseURL: neighbour.origin });

const UNIT = /^000\.00\.00\.H98-\d{6}-\d{4}$/;

/** What the portal of the page answers. Asked by the browser: only browsers lead every name below `localhost` to this machine. */
const asked = (page: Page, path: string) =>
  page.evaluate(async (path) => {
    const answer = await fetch(path);
    return { status: answer.status, text: await answer.text() };
  }, path);

test("a neighbouring province shows its own name and logo, in both languages, and as an app", async ({ page }) => {
  await page.goto(here.origin);
  const banner = page.getByRole("banner");
  await expect(banner).toContainText("Cổng dịch vụ công tỉnh Thử Nghiệm");
  const ours = await asked(page, "/icon.svg");

  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator("#skeleton")).toHaveCount(0);
  await expect(banner.getByText("Cổng dịch vụ công tỉnh Hải Đăng"), "on a phone too").toBeVisible();
  await expect(page.getByText("Thử Nghiệm")).toHaveCount(0);
  const logo = banner.locator("img").first();
  await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  const drawn = await asked(page, "/icon.svg");
  expect(drawn.text).toContain("#0b5d5e");
  expect(drawn.text).not.toBe(ours.text);
  await look(page, "tenant-home");

  const app = JSON.parse((await asked(page, "/manifest.webmanifest")).text);
  expect([app.name, app.short_name]).toEqual(["Cổng dịch vụ công tỉnh Hải Đăng", "Tỉnh Hải Đăng"]);

  await page.goto("/dang-nhap");
  await expect(page.getByRole("button", { name: "Đăng nhập", exact: true })).toBeVisible();
  await expect(page.locator("a[data-way=vneid]"), "the identity provider is the other province's").toHaveCount(0);
  await look(page, "tenant-sign-in");
  await page.getByRole("button", { name: "English" }).last().click();
  await expect(banner).toContainText("Public services of Hải Đăng province");
});

test("who signs and hands in there is nobody here, and the dossier's code is that province's", async ({ page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.thu);
  await citizen.signIn();
  await citizen.addProfile();
  const code = await citizen.handIn(browser, "libreoffice.pdf");
  expect(code).toMatch(UNIT);
  await look(page, "tenant-receipt");
  expect((await asked(page, `/api/tracking/${code}`)).status).toBe(200);

  // The same browser at the other province: no session, no dossier.
  await page.goto(here.origin);
  await expect(page.getByRole("banner").getByRole("link", { name: "Đăng nhập", exact: true })).toBeVisible();
  expect((await asked(page, "/api/dossiers")).status).toBe(401);
  expect((await asked(page, `/api/tracking/${code}`)).status).toBe(404);

  // Nor does its officer see it; the neighbour's does.
  for (const [origin, seen] of [[neighbour.origin, 1], [here.origin, 0]] as const) {
    const desk = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN", baseURL: origin, serviceWorkers: "block" });
    const officer = new Person(await desk.newPage(), people.officer);
    await officer.signIn();
    const answered = officer.page.waitForResponse((answer) => new URL(answer.url()).pathname === "/api/officer/inbox");
    await officer.page.goto("/can-bo");
    const answer = await answered;
    expect(answer.status()).toBe(200);
    expect((await answer.text()).includes(code), origin).toBe(Boolean(seen));
    await expect(officer.page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await expect(officer.page.locator(".busy, [aria-busy=true]")).toHaveCount(0);
    await expect(officer.page.getByText(code)).toHaveCount(seen);
    if (seen) await look(officer.page, "tenant-inbox");
    await desk.close();
  }
});

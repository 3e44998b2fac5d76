import type { Page, Route } from "@playwright/test";
import { accessible, readable } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

// Each screen while it loads, when the server is in trouble, and by night; filled ones are looked at in the journeys that fill them.

/** Screens, and what they ask the server for; `beside` is what they do without when it does not come. */
const screens: [name: string, address: string, asked: RegExp, beside?: true][] = [
  ["the catalogue", "/thu-tuc", /\/api\/procedures$/],
  ["a procedure", "/thu-tuc/2.000635", /\/api\/procedures\/2\.000635$/],
  ["news", "/tin-tuc", /\/api\/news$/],
  ["the survey", "/khao-sat", /\/api\/surveys/, true],
  ["profiles", "/chu-ky", /\/api\/profiles$/],
  ["one's dossiers", "/quan-ly-ho-so", /\/api\/dossiers$/],
  ["payments", "/thanh-toan", /\/api\/payments$/],
  ["the personal store", "/kho-du-lieu", /\/api\/kept$/],
  ["notices", "/thong-bao", /\/api\/notices$/],
  ["reminders", "/nhac-viec", /\/api\/reminders$/],
  ["one's own data", "/thong-tin-ca-nhan", /\/api\/units$/, true],
  ["a dossier of somebody else", "/quan-ly-ho-so/00000000-0000-4000-8000-000000000000", /\/api\/dossiers\/0/],
];

// What a service worker kept would be answered at once.
test.use({ serviceWorkers: "block" });

async function shown(page: Page): Promise<void> {
  await expect(page.locator("main > *").first()).toBeVisible();
}

test("every screen is accessible while it loads, and when the server is in trouble", async ({ page }) => {
  once("desktop");
  test.slow();
  await new Person(page, people.viDu).arrive(null);
  const trouble = { status: 500, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "trouble", status: 500, code: "internal" }) };
  for (const [name, address, asked, beside] of screens) {
    const held: Route[] = [];
    await page.route(asked, (route) => void held.push(route));
    await page.goto(address);
    await shown(page);
    await expect.poll(() => held.length, { message: `${name} asks the server` }).toBeGreaterThan(0);
    await accessible(page, `${name}, loading`);
    for (const route of held) await route.fulfill(trouble);
    if (!beside) await expect(page.locator("main .notice.bad").first()).toBeVisible();
    await accessible(page, `${name}, in trouble`);
    await readable(page, `${name}, in trouble`);
    await page.unroute(asked);
  }
});

test("every own screen is readable by night, empty or not, and so are its dialogs", async ({ page }) => {
  once("phone");
  test.slow();
  const citizen = new Person(page, people.viDu);
  await citizen.arrive(null);
  await citizen.withoutProfiles();
  for (const [name, address] of screens) {
    await page.goto(address);
    await shown(page);
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
    await readable(page, name);
  }
  await page.goto("/chu-ky");
  await page.getByRole("button", { name: "+ Thêm chữ ký" }).click();
  await expect(page.getByRole("dialog", { name: "Mẫu chữ ký", exact: true })).toBeVisible();
  await readable(page, "a new profile");
  await citizen.arrive({ image: false });
  await citizen.startDossier();
  await readable(page, "components without files");
  await citizen.attach("Tờ khai đăng ký khai sinh", "typst.pdf");
  await citizen.openSigning("Tờ khai đăng ký khai sinh");
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await readable(page, "the signing screen");
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  await expect(page.getByRole("dialog", { name: "Chọn mẫu chữ ký" }).getByRole("radio").first()).toBeVisible();
  await readable(page, "choosing the profile");
  const dossier = page.url().split("/").slice(0, 5).join("/");
  for (const step of ["thong-tin", "phi", "nop"]) {
    await page.goto(`${dossier}/${step}`);
    await shown(page);
    await readable(page, `step ${step}`);
  }
});

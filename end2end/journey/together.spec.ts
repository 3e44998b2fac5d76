import { existsSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { accepted } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { Phone, settings } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

const FORM = "Tờ khai đăng ký khai sinh";
const BIRTH = "Giấy chứng sinh";
const CARD = "Giấy tờ tùy thân";
const MARRIAGE = "Giấy chứng nhận kết hôn";

/** Ends the portal as a power cut does; `cargo xtask test` starts it again on the same data. */
async function killPortal(): Promise<void> {
  const file = process.env.RESTART_FILE;
  if (!file) throw new Error("RESTART_FILE is not set: nobody would start the portal again");
  writeFileSync(file, "");
  await expect.poll(() => existsSync(file), { timeout: 60_000 }).toBe(false);
}

/** Counts what the person presses and types in the portal from now on; typing into one field is one action. */
async function countActions(page: Page): Promise<() => Promise<number>> {
  let counted = 0;
  await page.exposeFunction("countAction", () => {
    counted += 1;
  });
  await page.addInitScript(() => {
    const count = (window as unknown as { countAction: () => void }).countAction;
    addEventListener("click", (event) => event.isTrusted && count(), true);
    addEventListener("change", (event) => event.isTrusted && (event.target as HTMLInputElement).type !== "checkbox" && count(), true);
  });
  return async () => {
    await page.waitForTimeout(50);
    return counted;
  };
}

async function atDossier(page: Page, files: [string, string][]): Promise<Person> {
  const citizen = new Person(page, people.mau);
  await citizen.signIn();
  await citizen.withoutProfiles();
  await citizen.addProfile({ image: false });
  await citizen.startDossier();
  for (const [component, file] of files) await citizen.attach(component, file);
  return citizen;
}

test("five components are signed with one PIN, and the portal dies in the middle", async ({ page, browser }) => {
  const project = test.info().project.name;
  const names = ["libreoffice", "chromium", "typst", "object-streams", "cropped"];
  const [one, two, three, four, five] = names.map((name) => `${name}.pdf`) as [string, string, string, string, string];
  const actions = await countActions(page);
  const citizen = await atDossier(page, [
    [FORM, one],
    [BIRTH, two],
    [CARD, three],
    [MARRIAGE, four],
    [MARRIAGE, five],
  ]);
  await look(page, "40-sign-all");
  const before = await actions();

  await citizen.signAll();
  await expect(page.getByRole("button", { name: "Ký 5 tệp bằng 1 lần xác nhận" })).toBeEnabled({ timeout: 60_000 });
  await look(page, "41-together");
  await citizen.sendAll(5);
  await look(page, "42-waiting-for-five");
  const code = await page.locator(".comparison strong").innerText();
  await killPortal();
  await expect(page.locator(".comparison strong"), "the same request is waited for").toHaveText(code);

  const phone = await Phone.of(browser, people.mau.login);
  const shown = await phone.waitForRequest();
  expect(shown, "phone and page show the same comparison code").toContain(code);
  for (const name of names) expect(shown.split(`${name}.pdf`).length - 1, `${name} stands on the phone once`).toBe(1);
  expect(await phone.page.locator("form.request").count(), "one request for all").toBe(1);
  await phone.confirm();
  await phone.close();
  await expect(page.getByRole("heading", { name: "Ký số thành công" })).toBeVisible({ timeout: 60_000 });
  // The PIN on the phone is one more.
  expect((await actions()) + 1 - before, "actions from attached to signed").toBeLessThanOrEqual(6);
  await look(page, "43-five-signed");
  await citizen.finishSigning();
  for (const name of names) accepted(await citizen.saveFile(`${name}_signed.pdf`, `${project}-together-${name}.pdf`));
  await expect(page.getByText("Đã ký số", { exact: true })).toHaveCount(5);

  // What was signed with one PIN is received like everything else: each file's signature is the one its transaction made.
  expect(await citizen.submit()).toMatch(/^000\.00\.00\.H34-/);
});

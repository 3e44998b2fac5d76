import { type Page, test } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fixture } from "../support/fixture.ts";
import { people, Person } from "../support/person.ts";
import { calm, Phone } from "../support/phone.ts";
import { settle } from "./screens.ts";

const folder = resolve(import.meta.dirname, "../../public/help");

async function take(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}

/** The pictures of the guidance, taken from this portal: `app/src/screen/help/topics.rs` shows them. */
test("the pictures of the guidance", async ({ browser }) => {
  await calm();
  const context = await browser.newContext({ viewport: { width: 1000, height: 640 }, reducedMotion: "reduce", serviceWorkers: "block", colorScheme: "light" });
  const page = await context.newPage();
  const at = async (name: string, address: string) => {
    await page.goto(address);
    await settle(page);
    await take(page, name);
  };
  await at("sign-in", "/dang-nhap");
  await at("procedures", "/thu-tuc");
  await at("procedure", "/thu-tuc/1.001193");
  await at("track", "/tra-cuu");
  await at("check", "/kiem-tra");
  await page.locator("input[type=file]").setInputFiles(fixture("signed-before.pdf"));
  await page.getByRole("region", { name: "Kết quả kiểm tra chữ ký" }).waitFor({ timeout: 30_000 });
  await page.getByRole("region", { name: "Kết quả kiểm tra chữ ký" }).scrollIntoViewIfNeeded();
  await take(page, "checked");

  const citizen = new Person(page, people.mau);
  await citizen.signIn();
  await citizen.withoutProfiles();
  await citizen.addProfile();
  await take(page, "profiles");
  await page.getByRole("button", { name: "+ Thêm chữ ký" }).click();
  await page.getByRole("dialog").waitFor();
  await take(page, "profile");
  await at("account", "/thong-tin-ca-nhan");
  await citizen.startDossier();
  await page.goBack();
  await settle(page);
  await take(page, "information");
  await page.goForward();
  await citizen.attach("Tờ khai", "libreoffice.pdf");
  await page.locator("section.component").first().scrollIntoViewIfNeeded();
  await take(page, "components");
  await citizen.openSigning("Tờ khai");
  await citizen.box().waitFor({ timeout: 30_000 });
  await take(page, "sign");
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  await page.getByRole("dialog").getByRole("radio").first().waitFor();
  await take(page, "choose");
  await page.getByRole("dialog").getByRole("button", { name: "Xác nhận" }).click();
  await page.getByRole("heading", { name: "Vui lòng kiểm tra điện thoại và nhập mã pin ký số" }).waitFor({ timeout: 30_000 });
  await take(page, "waiting");
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await page.getByRole("heading", { name: "Ký số thành công" }).waitFor({ timeout: 60_000 });
  await take(page, "signed");
  await page.getByRole("button", { name: "Tiếp tục hồ sơ" }).click();
  const draft = new URL(page.url()).pathname.split("/")[2];
  await at("review", `/ho-so/${draft}/nop`);
  await at("dossiers", "/quan-ly-ho-so");
  await context.close();

  // What an app store shows, and the install dialog.
  for (const [name, width, height, scale] of [
    ["home-wide", 1280, 800, 1],
    ["home-narrow", 360, 640, 2],
  ] as const) {
    const fresh = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, reducedMotion: "reduce", serviceWorkers: "block" });
    const home = await fresh.newPage();
    await home.goto("/");
    await settle(home);
    await take(home, name);
    await fresh.close();
  }
});

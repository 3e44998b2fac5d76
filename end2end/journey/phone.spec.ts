import { accepted } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { FORM, atSigning, place, settings } from "../support/placement.ts";
import { people } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

test("a small phone: 80 pages, one thumb, the box stays when the phone is turned", async ({ page, browser }) => {
  test.skip(test.info().project.name !== "phone", "a phone's own way");
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 360, height: 640 });
  const citizen = await atSigning(page, "pages80.pdf");
  const box = citizen.box();
  await expect.poll(async () => (await place(citizen))[0]).toBe(80);
  // Everything by touch from here.
  const sheet = page.locator('.page[data-page="79"]');
  const corner = (await sheet.boundingBox())!;
  const frame = (await page.locator(".pages").boundingBox())!;
  await page.touchscreen.tap(corner.x + corner.width / 2, Math.max(corner.y, frame.y) + frame.height * 0.4);
  await page.waitForTimeout(600);
  const put = await place(citizen);
  await look(page, "57-small-phone");
  const action = (await page.getByRole("button", { name: "Chọn vị trí ký" }).boundingBox())!;
  expect(action.y + action.height, "the main action is on the screen").toBeLessThanOrEqual(640);

  await page.locator(".pages").evaluate((node) => node.scrollTo({ top: 0 }));
  await expect(box).not.toBeInViewport();
  await page.getByRole("button", { name: "Đến ô ký" }).tap();
  await expect(box).toBeInViewport();

  await page.setViewportSize({ width: 640, height: 360 });
  await page.waitForTimeout(500);
  await page.getByRole("button", { name: "Đến ô ký" }).tap();
  await expect(box).toBeInViewport();
  const lying = (await page.getByRole("button", { name: "Chọn vị trí ký" }).boundingBox())!;
  expect(lying.y + lying.height).toBeLessThanOrEqual(360);
  await look(page, "58-phone-on-its-side");
  await page.setViewportSize({ width: 360, height: 640 });
  await page.waitForTimeout(500);
  expect(await place(citizen), "the place is kept in points, not in pixels").toEqual(put);

  await page.getByRole("button", { name: "Tùy chọn", exact: true }).tap();
  await look(page, "59-sheet");
  await settings(page, false);
  await page.getByRole("button", { name: "Đến ô ký" }).tap();
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  accepted(await citizen.saveSigned(FORM, "phone-pages80.pdf"));
});

test("the place of last time is offered, a keyword that is found wins", async ({ page, browser }) => {
  const citizen = await atSigning(page, "scan.pdf");
  const dossier = new URL(await page.getByRole("link", { name: "‹ Thành phần hồ sơ" }).evaluate((link: HTMLAnchorElement) => link.href)).pathname;
  await expect(page.locator(".why")).toContainText("bản quét");
  await settings(page);
  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();
  for (const [field, value] of [["Cách trái", "20"], ["Cách trên", "40"]] as const) {
    await page.getByRole("spinbutton", { name: field }).fill(value);
    await page.getByRole("spinbutton", { name: field }).press("Enter");
  }
  await settings(page, false);
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.reject();
  await phone.close();
  await expect(page.getByRole("heading", { name: "Bạn đã từ chối trên điện thoại" })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("link", { name: "Thành phần hồ sơ", exact: true }).click();
  await expect(citizen.component(FORM)).toBeVisible();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM, "scan.pdf");
  await expect(page.locator(".why")).toContainText("Lần trước bạn ký ở góc trái trên");
  await expect.poll(async () => (await place(citizen)).slice(1, 3)).toEqual([20, 40]);
  await page.goto(dossier);
  await expect(citizen.component(FORM)).toBeVisible();
  await citizen.openSigning(FORM, "libreoffice.pdf");
  await expect(page.locator(".why")).toContainText("Đã tìm thấy");
  await page.getByRole("button", { name: "Vị trí trước" }).click();
  await expect(page.locator(".why")).toContainText("Lần trước bạn ký");
});

test("a signature that is not seen is made and judged like any other", async ({ page, browser }) => {
  once("desktop");
  const citizen = await atSigning(page, "libreoffice.pdf");
  await settings(page);
  await page.getByLabel("Ký không hiện hình").check();
  await settings(page, false);
  await expect(citizen.box()).toBeHidden();
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  await dialog.getByRole("button", { name: "Xác nhận" }).click();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  accepted(await citizen.saveSigned(FORM, "desktop-invisible.pdf"));
});

test("what the signature shows is chosen and kept for the profile", async ({ page }) => {
  once("desktop");
  const citizen = await atSigning(page, "libreoffice.pdf");
  const picture = () => citizen.box().locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await page.waitForTimeout(800);
  const before = await picture();
  await settings(page);
  await page.getByText("Các dòng trong chữ ký").first().click();
  await page.getByLabel("Số chứng thư").check();
  await page.getByLabel("Nơi ký").fill("Đắk Tô");
  await page.getByLabel("Nơi ký").press("Enter");
  await expect.poll(picture).not.toBe(before);
  await page.waitForTimeout(400);
  await page.reload();
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await settings(page);
  await page.getByText("Các dòng trong chữ ký").first().click();
  await expect(page.getByLabel("Số chứng thư")).toBeChecked();
  await expect(page.getByLabel("Nơi ký")).toHaveValue("Đắk Tô");
  await page.setViewportSize({ width: 768, height: 1024 });
  await page.waitForTimeout(600);
  await look(page, "59-signing-768");
});

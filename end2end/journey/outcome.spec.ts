import { people, Person } from "../support/person.ts";
import { Phone, settings } from "../support/phone.ts";
import { look } from "../support/look.ts";
import { accepted } from "../support/judge.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

const FORM = "Tờ khai đăng ký khai sinh";

/** A citizen on the signing screen of a fresh dossier. */
async function atSigning(citizen: Person): Promise<void> {
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, "chromium.pdf");
  await citizen.openSigning(FORM);
}

/** The box stands where it stood before the request, and nothing attached is lost. */
async function signAgain(citizen: Person, place: string | null, button = "Ký lại"): Promise<void> {
  await citizen.page.getByRole("button", { name: button }).click();
  await expect(citizen.box()).toHaveAttribute("aria-label", place!);
  await citizen.page.getByRole("link", { name: "‹ Thành phần hồ sơ" }).click();
  await expect(citizen.component(FORM).getByText("chromium.pdf")).toBeVisible();
}

test("rejected on the phone: says so, keeps the place, and a second try works", async ({ page, browser }) => {
  once("desktop");
  const citizen = new Person(page, people.mau);
  await atSigning(citizen);
  const proposed = await citizen.box().getAttribute("aria-label");
  await citizen.box().press("ArrowUp");
  // The label follows when the box has come to rest.
  await expect(citizen.box()).not.toHaveAttribute("aria-label", proposed!);
  const place = await citizen.box().getAttribute("aria-label");
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.reject();
  await expect(page.getByRole("heading", { name: "Bạn đã từ chối trên điện thoại" })).toBeVisible({ timeout: 20_000 });
  await look(page, "30-rejected");
  await page.getByRole("button", { name: "Ký lại" }).click();
  await expect(citizen.box()).toHaveAttribute("aria-label", place!);
  await citizen.sendRequest();
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  accepted(await citizen.saveSigned(FORM, `${test.info().project.name}-second-try.pdf`));
});

test("wrong PIN: the phone says so, the wait goes on; too many lock the app", async ({ page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, "typst.pdf");
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  const place = await page.locator(".comparison strong").innerText();
  const phone = await Phone.of(browser, people.thu.login);
  await phone.confirm("000000");
  await expect(phone.page.locator(".told.bad")).toBeVisible();
  await expect(page.locator(".comparison strong"), "still the same request").toHaveText(place);
  for (let attempt = 0; attempt < 6 && (await phone.page.getByLabel("Mã PIN").count()) > 0; attempt += 1) {
    await phone.page.getByLabel("Mã PIN").first().fill("000000");
    await phone.page.getByRole("button", { name: "Xác nhận ký" }).first().click();
  }
  await expect(page.getByRole("heading", { name: "Ứng dụng đã khóa do nhập sai PIN" })).toBeVisible({ timeout: 20_000 });
  await look(page, "31-pin-locked");
  await settings({ unlock: people.thu.login });
  await page.getByRole("button", { name: "Ký lại" }).click();
  await citizen.sendRequest();
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  accepted(await citizen.saveSigned(FORM, `${test.info().project.name}-p256.pdf`));
});

test("nobody confirms in time: expired, and everything is still there", async ({ page }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  await atSigning(citizen);
  const place = await citizen.box().getAttribute("aria-label");
  await settings({ lifetime_seconds: 3 });
  await citizen.sendRequest();
  await expect(page.getByRole("heading", { name: "Yêu cầu đã hết hạn" })).toBeVisible({ timeout: 60_000 });
  await look(page, "32-expired");
  // Loaded again, the screen still says how it ended.
  await page.reload();
  await expect(page.getByRole("heading", { name: /Yêu cầu đã hết hạn lúc \d\d:\d\d/ })).toBeVisible();
  await signAgain(citizen, place, "Gửi lại yêu cầu");
});

test("cancelled in the portal: a late confirmation is not used", async ({ page, browser }) => {
  const citizen = new Person(page, people.mau);
  await atSigning(citizen);
  const place = await citizen.box().getAttribute("aria-label");
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.waitForRequest();
  await page.getByRole("button", { name: "Hủy", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Đã hủy" })).toBeVisible();
  await look(page, "33-cancelled");
  await phone.page.getByLabel("Mã PIN").first().fill("123456");
  await phone.page.getByRole("button", { name: "Xác nhận ký" }).first().click();
  await phone.close();
  await page.waitForTimeout(3_000);
  await expect(page.getByRole("heading", { name: "Đã hủy" })).toBeVisible();
  await signAgain(citizen, place);
  await expect(citizen.component(FORM).getByText("Chưa ký")).toBeVisible();
});

test("the provider is down: said before the phone is asked, and the way on is open", async ({ page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  await atSigning(citizen);
  await settings({ fault: "down" });
  await expect(citizen.box()).toBeVisible();
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(dialog.getByText("Nhà cung cấp chữ ký số chưa phản hồi")).toBeVisible({ timeout: 40_000 });
  await look(page, "34-provider-down");
  await dialog.getByRole("button", { name: "Bỏ qua" }).click();
  await settings({ fault: "none" });
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
});

test("an answer of the provider gets lost: the request is neither lost nor made twice", async ({ page, browser }) => {
  once("desktop");
  const citizen = new Person(page, people.mau);
  await atSigning(citizen);
  await expect(citizen.box()).toBeVisible();
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  await settings({ fault: "lost-answer" });
  await dialog.getByRole("button", { name: "Xác nhận" }).click();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.waitForRequest();
  await settings({ fault: "none" });
  expect(await phone.page.locator("form.request").count(), "one request on the phone").toBe(1);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  accepted(await citizen.saveSigned(FORM, `${test.info().project.name}-lost-answer.pdf`));
});

test("a value that does not fit: nothing is stored", async ({ page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  await atSigning(citizen);
  const place = await citizen.box().getAttribute("aria-label");
  await settings({ fault: "wrong-value" });
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await expect(page.getByRole("heading", { name: "Chữ ký nhận về không khớp" })).toBeVisible({ timeout: 20_000 });
  await look(page, "35-mismatch");
  await signAgain(citizen, place);
  await expect(citizen.component(FORM).getByText("Chưa ký")).toBeVisible();
});

test("reload, closed tab and lost network while waiting: the signing completes on return", async ({ context, page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  await atSigning(citizen);
  await citizen.sendRequest();
  const code = await page.locator(".comparison strong").innerText();
  await page.reload();
  await expect(page.locator(".comparison strong")).toHaveText(code);
  await context.setOffline(true);
  await page.waitForTimeout(1_500);
  await context.setOffline(false);
  await page.close();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  const again = new Person(await context.newPage(), people.mau);
  await again.page.goto("/quan-ly-ho-so");
  await again.page.getByRole("link", { name: "Tiếp tục" }).first().click();
  await again.page.goto(again.page.url().replace(/\/[^/]*$/, "/thanh-phan"));
  await expect(again.component(FORM).getByText("chromium_signed.pdf")).toBeVisible({ timeout: 60_000 });
  await expect(again.component(FORM).getByText("Đã ký số")).toBeVisible();
  accepted(await again.saveSigned(FORM, `${test.info().project.name}-after-return.pdf`));
});

test("an expired certificate cannot be chosen, and the screen says what to do", async ({ page }) => {
  once("phone");
  const citizen = new Person(page, people.viDu);
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, "chromium.pdf");
  await citizen.openSigning(FORM);
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(dialog.getByText("Chứng thư số đã hết hạn. Liên hệ nhà cung cấp để gia hạn.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Xác nhận" })).toBeDisabled();
  await look(page, "36-expired-certificate");
});

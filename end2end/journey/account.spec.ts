import type { Browser, Locator, Page } from "@playwright/test";
import { Authenticator } from "../support/authenticator.ts";
import { look } from "../support/look.ts";
import { password, people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

const who = people.viDu;

/** As it was, for the journeys that follow, however this one ended. */
test.afterEach(async ({ page }) => {
  await page.request.delete("/api/account/second-factor");
});

/** The first step of a sign-in, in a browser of its own. */
async function begin(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto("/dang-nhap");
  await page.getByLabel("Tên đăng nhập").fill(who.login);
  await page.getByLabel("Mật khẩu").fill(password);
  await page.getByRole("button", { name: "Đăng nhập", exact: true }).click();
  await expect(page.getByLabel("Mã xác thực")).toBeFocused();
  return page;
}

async function give(page: Page, code: string): Promise<void> {
  await page.getByLabel("Mã xác thực").fill(code);
  await page.getByRole("button", { name: "Xác nhận", exact: true }).click();
}

/** Sends off a signing that the server wants a fresh proof for, so many times; the question that comes. */
async function askedForProof(page: Page, times: number): Promise<{ choice: Locator; dialog: Locator; refused: () => number }> {
  let refused = 0;
  await page.route("**/api/signings", async (route) => {
    if (route.request().method() !== "POST" || refused >= times) return route.fallback();
    refused += 1;
    await route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "confirmation-required", status: 403, title: "ConfirmationRequired" }),
    });
  });
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  const choice = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(choice.getByRole("radio").first()).toBeVisible();
  await choice.getByRole("button", { name: "Xác nhận" }).click();
  const dialog = page.getByRole("dialog", { name: "Xác nhận lại danh tính" });
  await expect(dialog.getByLabel("Mật khẩu")).toBeVisible();
  return { choice, dialog, refused: () => refused };
}

const menu = (page: Page) => page.locator("summary", { hasText: who.name });

test("codes of an app are set up and asked for, and a recovery code opens once", async ({ page, browser }) => {
  test.slow();
  await new Person(page, who).signIn();
  await page.goto("/bao-mat");
  await page.getByRole("button", { name: "Bật xác thực hai bước" }).click();
  await expect(page.getByRole("img", { name: /^Mã QR/ })).toBeVisible();
  const app = new Authenticator(await page.locator("#secret-key").innerText());
  await page.setViewportSize({ width: 360, height: 740 });
  await look(page, "account-set-up");
  await give(page, "12345");
  await expect(page.getByText("Mã chưa đúng.", { exact: false })).toBeVisible();
  await expect(page.getByLabel("Mã xác thực")).toBeFocused();
  await give(page, await app.next());
  const dialog = page.getByRole("dialog", { name: "Mã khôi phục" });
  await expect(dialog.locator("code")).toHaveCount(10);
  const recovery = await dialog.locator("code").allInnerTexts();
  await look(page, "account-recovery");
  await dialog.getByRole("button", { name: "Tôi đã cất các mã này" }).click();
  await expect(page.getByText("Còn 10 mã khôi phục chưa dùng.")).toBeVisible();

  const second = await begin(browser);
  await look(second, "account-code");
  await give(second, app.again());
  await expect(second.getByRole("alert"), "it was used to set it up").toContainText("Mã không đúng");
  await give(second, await app.next());
  await expect(menu(second)).toBeVisible();

  const third = await begin(browser);
  await give(third, (recovery[0] ?? "").toLowerCase());
  await expect(menu(third)).toBeVisible();
  const fourth = await begin(browser);
  await give(fourth, recovery[0] ?? "");
  await expect(fourth.getByRole("alert")).toContainText("Mã không đúng");
  await fourth.getByRole("button", { name: "Quay lại" }).click();
  await expect(fourth.getByLabel("Tên đăng nhập")).toBeFocused();
  await third.goto("/bao-mat");
  await expect(third.getByText("Còn 9 mã khôi phục chưa dùng.")).toBeVisible();

  await page.getByRole("button", { name: "Tắt xác thực hai bước" }).click();
  const sure = page.getByRole("dialog", { name: "Tắt xác thực hai bước?" });
  await look(page, "account-turn-off");
  await sure.getByRole("button", { name: "Tắt", exact: true }).click();
  await expect(page.getByRole("button", { name: "Bật xác thực hai bước" })).toBeVisible();
  await second.reload();
  await expect(second.getByRole("banner").getByRole("link", { name: "Đăng nhập" }), "signed out with it").toBeVisible();
  for (const other of [second, third, fourth]) await other.context().close();
});

test("another device is seen, signed out from here, and told", async ({ page, browser }) => {
  await new Person(page, who).signIn();
  const elsewhere = await browser.newContext({ userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0" });
  const other = new Person(await elsewhere.newPage(), who);
  await other.signIn();
  await other.page.goto("/thong-tin-ca-nhan");
  await other.page.getByLabel("Email").fill("dang.go@example.vn");

  await page.goto("/thong-tin-ca-nhan");
  await page.getByRole("link", { name: "Bảo mật tài khoản: ", exact: false }).click();
  const list = page.locator("ul.devices > li");
  await expect(list.filter({ has: page.locator(".chip") })).toHaveCount(1);
  const theirs = list.filter({ hasText: "Firefox trên Windows" });
  await expect(theirs).toHaveCount(1);
  await page.setViewportSize({ width: 360, height: 740 });
  await look(page, "account-devices");
  await theirs.getByRole("button", { name: "Đăng xuất thiết bị này: Firefox trên Windows" }).click();
  await expect(theirs).toHaveCount(0);

  await other.page.getByRole("button", { name: "Lưu lại" }).click();
  await expect(other.page.getByText("Phiên đăng nhập đã hết.", { exact: false }).first()).toBeVisible();
  await expect(other.page.getByLabel("Email"), "what was typed stays").toHaveValue("dang.go@example.vn");
  await elsewhere.close();

  const third = await browser.newContext();
  await new Person(await third.newPage(), who).signIn();
  await page.reload();
  await page.getByRole("button", { name: "Đăng xuất khỏi các thiết bị khác" }).click();
  await expect(list).toHaveCount(1);
  await expect(list).toContainText("Thiết bị này");
  await third.close();
});

test("a fresh proof is asked for in place, and the signing goes on by itself", async ({ page, browser }) => {
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach("Tờ khai đăng ký khai sinh", "typst.pdf");
  await citizen.openSigning("Tờ khai đăng ký khai sinh");
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  // The server's part is tested on the server; what the page makes of its answer is tested here.
  const { dialog, refused } = await askedForProof(page, 1);
  await look(page, "account-confirm");
  const send = dialog.getByRole("button", { name: "Xác nhận và tiếp tục" });
  await dialog.getByLabel("Mật khẩu").fill("không phải");
  await send.click();
  await expect(dialog.getByRole("alert")).toContainText("Mật khẩu chưa đúng.");
  await dialog.getByLabel("Mật khẩu").fill(password);
  await send.click();
  await expect(page.getByRole("heading", { name: "Vui lòng kiểm tra điện thoại và nhập mã pin ký số" })).toBeVisible({ timeout: 30_000 });
  await expect(dialog).toHaveCount(0);
  expect(refused()).toBe(1);
  const phone = await Phone.of(browser, people.thu.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
});

test("who closes the question has signed nothing, and nothing is lost", async ({ page }) => {
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach("Tờ khai đăng ký khai sinh", "typst.pdf");
  await citizen.openSigning("Tờ khai đăng ký khai sinh");
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  const { choice, dialog } = await askedForProof(page, Infinity);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Chưa xác nhận lại danh tính", { exact: false }).first()).toBeVisible();
  await expect(choice.getByRole("button", { name: "Xác nhận" }), "to be tried again").toBeEnabled();
});

test("a forgotten password: a link where the portal sends e-mail, the counter where it does not", async ({ page }) => {
  await page.goto("/dang-nhap");
  await page.getByRole("link", { name: "Quên mật khẩu?" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Quên mật khẩu" })).toBeVisible();
  await expect(page.getByText("bộ phận một cửa gần nhất", { exact: false })).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await look(page, "account-forgotten-counter");

  await page.route("**/api/password-reset", (route) => {
    const method = route.request().method();
    if (method === "GET") return route.fulfill({ json: { by_mail: true } });
    return method === "POST" ? route.fulfill({ status: 202 }) : route.fallback();
  });
  await page.reload();
  await page.getByRole("button", { name: "Gửi đường dẫn" }).click();
  await expect(page.getByText("Vui lòng nhập tên đăng nhập.")).toBeVisible();
  await page.getByLabel("Tên đăng nhập").fill(who.login);
  await look(page, "account-forgotten");
  await page.getByRole("button", { name: "Gửi đường dẫn" }).click();
  await expect(page.locator(".notice.good")).toContainText("30 phút");

  await page.goto("/dat-lai-mat-khau#" + "0".repeat(64));
  await expect(page.getByLabel("Mật khẩu mới", { exact: false }).first()).toBeVisible();
  expect(new URL(page.url()).hash, "the token stays in no history").toBe("");
  await look(page, "account-new-password");
  await page.getByLabel("Mật khẩu mới", { exact: false }).first().fill("một câu dễ nhớ");
  await page.getByLabel("Nhập lại mật khẩu mới").fill("một câu dễ nhớ");
  // This one the server answers.
  await page.getByRole("button", { name: "Đặt mật khẩu mới" }).click();
  await expect(page.getByRole("alert")).toContainText("Đường dẫn đã được dùng");
  await expect(page.getByRole("link", { name: "Yêu cầu đường dẫn mới" })).toBeVisible();
});

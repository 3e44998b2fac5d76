import { request } from "@playwright/test";
import { accepted } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { password, people, Person } from "../support/person.ts";
import { Phone, sandbox, settings } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

const FORM = "Tờ khai đăng ký khai sinh";
const PROOF = "Giấy chứng sinh";
const WAITING = "Vui lòng kiểm tra điện thoại và nhập mã pin ký số";

/** Something goes wrong at the sandbox until the test is over. */
async function fault(rule: { fault: string; provider?: string; call?: string }): Promise<void> {
  const context = await request.newContext();
  const answer = await context.post(`${sandbox}/admin/faults`, { data: rule });
  expect(answer.ok()).toBe(true);
  await context.dispose();
}

/** A citizen on step 2 of a fresh dossier, with a form attached. */
async function atComponents(citizen: Person, file = "chromium.pdf"): Promise<void> {
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, file);
}

test("while it waits: code, files and time; no network, another window and an ended login are said, and nothing is lost", async ({ context, page, browser }) => {
  const citizen = new Person(page, people.mau);
  await atComponents(citizen);
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  await expect(page.getByText("Chỉ nhập PIN nếu điện thoại hiện đúng mã này và 1 tệp.")).toBeVisible();
  await expect(page.getByText(/^Còn \d:\d\d$/)).toBeVisible();
  await expect(page).toHaveTitle(/^\(\d:\d\d\) Chờ xác nhận/);
  await expect(page.getByRole("heading", { name: WAITING })).toBeFocused();
  await look(page, "40-waiting");
  await page.getByText("Tôi không nhận được thông báo").click();
  await expect(page.getByText(/kết thúc bằng …011/)).toBeVisible();
  await look(page, "41-no-notice");
  await page.getByText("Tôi không nhận được thông báo").click();

  await context.setOffline(true);
  await expect(page.getByText("Mất kết nối mạng. Bạn vẫn có thể xác nhận trên điện thoại")).toBeVisible();
  await expect(page.getByText(/^Còn \d:\d\d \(ước tính\)$/)).toBeVisible();
  await look(page, "42-offline");
  await context.setOffline(false);
  await expect(page.getByText("Mất kết nối mạng. Bạn vẫn có thể xác nhận trên điện thoại")).toBeHidden();

  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.getByText("Tệp này đang được ký ở một cửa sổ khác.")).toBeVisible();
  await look(second, "43-other-window");
  await expect(page.getByText("Tệp này đang được ký ở một cửa sổ khác.")).toBeHidden();
  await second.close();

  await context.clearCookies();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(page.getByText("Phiên đăng nhập hết hạn. Đăng nhập lại để xem kết quả")).toBeVisible();
  await expect(page.getByRole("heading", { name: WAITING })).toBeVisible();
  await look(page, "44-signed-out");
  const [login] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: "Đăng nhập lại" }).click()]);
  await login.getByLabel("Tên đăng nhập").fill(people.mau.login);
  await login.getByLabel("Mật khẩu").fill(password);
  await login.getByRole("button", { name: "Đăng nhập", exact: true }).click();
  await expect(new Person(login, people.mau).menu()).toBeVisible();
  await expect(page.getByText("Phiên đăng nhập hết hạn.")).toBeHidden();

  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await expect(page).toHaveTitle(/^✓ Ký số thành công/, { timeout: 30_000 });
  await look(page, "45-done");
  await login.close();
  await citizen.finishSigning();
  await expect(citizen.component(FORM).getByText("Đã ký số")).toBeVisible();
});

test("elsewhere in the portal: the bar tells what waits, what was done meanwhile and what ran out", async ({ page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  const elsewhere = async () => {
    const menu = page.getByRole("button", { name: "Menu" });
    if (await menu.isVisible()) await menu.click();
    await page.getByRole("link", { name: "Thủ tục hành chính" }).click();
  };
  await atComponents(citizen);
  await citizen.openSigning(FORM);
  await settings({ lifetime_seconds: 4 });
  await citizen.sendRequest();
  await elsewhere();
  const bar = page.locator(".waiting-bar");
  await expect(bar).toContainText(/Bạn có 1 yêu cầu ký đang chờ\s*còn \d:\d\d/);
  await look(page, "46-bar-waiting");
  await expect(bar).toContainText(/Yêu cầu ký đã hết hạn lúc \d\d:\d\d/, { timeout: 60_000 });
  await look(page, "47-bar-expired");
  await bar.getByRole("link", { name: "Gửi lại" }).click();
  await page.getByRole("button", { name: "Gửi lại yêu cầu" }).click();
  await settings({ lifetime_seconds: 300 });
  await fault({ fault: "http-error", provider: "pki", call: "timestamp" });
  await citizen.sendRequest();
  await elsewhere();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await expect(bar).toContainText("Đã ký xong 1 tệp khi bạn vắng mặt", { timeout: 60_000 });
  await look(page, "48-bar-done");
  await bar.getByRole("link", { name: "Xem" }).click();
  await expect(page.getByRole("heading", { name: "Ký số thành công" })).toBeVisible();
  // The timestamp authority failed: the signature is not lost for it.
  await expect(page.getByText("Chưa lấy được dấu thời gian.")).toBeVisible();
  await citizen.finishSigning();
  await expect(bar).toBeHidden();
  accepted(await citizen.saveSigned(FORM, `${test.info().project.name}-without-timestamp.pdf`));
});

test("values for some files only: those are kept, and only the rest is asked for again", async ({ page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  await atComponents(citizen);
  await citizen.attach(PROOF, "typst.pdf");
  await fault({ fault: "partial" });
  await citizen.signAll();
  await citizen.sendAll(2);
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await expect(page.getByRole("heading", { name: "Đã ký 1/2 tệp" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Chưa ký: nhà cung cấp không trả về chữ ký cho tệp này.")).toBeVisible();
  await look(page, "49-partial");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Đã ký 1/2 tệp" })).toBeVisible();
  await settings({ fault: "none" });
  await page.getByRole("button", { name: "Ký lại 1 tệp còn thiếu" }).click();
  await citizen.sendRequest();
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  await expect(citizen.component(FORM).getByText("Đã ký số")).toBeVisible();
  await expect(citizen.component(PROOF).getByText("Đã ký số")).toBeVisible();
});

test("once the value came no server is needed; it is told when it can be reached again", async ({ context, page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  await atComponents(citizen);
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  const needed = /\/api\/(trust|timestamps|evidence|signings\/[^/]+\/completion)$/;
  await context.route(needed, (route) => route.abort());
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  await expect(citizen.component(FORM).getByText("Đã ký số")).toBeVisible();
  const open = (): Promise<number> => page.evaluate(async () => ((await (await fetch("/api/signings?open=true")).json()) as unknown[]).length);
  expect(await open()).toBeGreaterThan(0);
  await context.unroute(needed);
  await expect.poll(open, { timeout: 20_000 }).toBe(0);
  accepted(await citizen.saveSigned(FORM, `${test.info().project.name}-server-away.pdf`));
});

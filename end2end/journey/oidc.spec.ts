import type { Page } from "@playwright/test";
import { accessible, look } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

// Against a real OpenID Connect server in the place of VNeID: `support/oidc.mjs`, started by `cargo xtask test` for each size.

/** Address of the provider. */
const provider = process.env.OIDC_URL ?? "http://localhost:8999";
/** Somebody the portal does not know yet; invented like all others. */
const stranger = { login: "062199000044", name: "Đỗ Thị Giả Định", phone: "0900000044" };

/** The portal's button, once it is the program's. */
const button = (page: Page) => page.locator("a[data-way=vneid]");

/** From the sign-in screen through the provider's two pages, back to the portal. */
async function throughProvider(page: Page, name: string): Promise<void> {
  await button(page).click();
  await expect(page.getByRole("heading", { level: 1, name: "Định danh thử nghiệm" })).toBeVisible();
  expect(page.url()).toContain(provider);
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("button", { name: "Đồng ý" }).click();
}

/** The provider's own way out. */
async function leaveProvider(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Đăng xuất khỏi định danh" }).click();
}

const nobody = (page: Page) => page.getByRole("banner").getByRole("link", { name: "Đăng nhập", exact: true });

test("the electronic identity signs in, fills in step 1, and signing out ends both sessions", async ({ page }) => {
  const citizen = new Person(page, stranger);
  await page.goto("/thu-tuc/1.001193");
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
  await expect(page).toHaveURL(/\/dang-nhap\?tiep=/);
  await expect(button(page)).toBeVisible();
  await expect(page.locator(".ways")).toContainText("hoặc");
  // Its words stand in its middle, on one line.
  const way = page.locator("a[data-way]").first();
  const [middle, words] = await way.evaluate((link) => {
    const range = document.createRange();
    range.selectNodeContents(link);
    const [box, text] = [link.getBoundingClientRect(), range.getBoundingClientRect()];
    return [box.x + box.width / 2 - (text.x + text.width / 2), range.getClientRects().length];
  });
  expect(Math.abs(middle)).toBeLessThan(1);
  expect(words).toBe(1);
  await look(page, "sign-in-ways");
  await throughProvider(page, stranger.name);

  await expect(page, "where one was going").toHaveURL(/\/thu-tuc\/1\.001193$/);
  await expect(citizen.menu()).toBeVisible();
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thông tin hồ sơ" })).toBeVisible();
  await expect(page.getByLabel("Họ và tên").first()).toHaveValue(stranger.name);
  await expect(page.getByLabel("Số CMND/CCCD").first()).toHaveValue(stranger.login);

  await page.goto("/");
  await citizen.menu().click();
  await page.getByRole("button", { name: "Đăng xuất", exact: true }).click();
  await expect(page, "the provider asks, too").toHaveURL((url) => url.href.startsWith(`${provider}/session/end`));
  await leaveProvider(page);
  await expect(page).toHaveURL((url) => !url.href.startsWith(provider));
  await expect(nobody(page)).toBeVisible();

  // The provider has forgotten them as well: it asks who it is.
  await page.goto("/dang-nhap");
  await button(page).click();
  await expect(page.getByRole("heading", { level: 1, name: "Định danh thử nghiệm" })).toBeVisible();
});

test("who has an account of that number signs in to it; when the provider ends its session, the portal's ends", async ({ page }) => {
  const citizen = new Person(page, people.mau);
  await page.goto("/dang-nhap?tiep=/thong-tin-ca-nhan");
  await throughProvider(page, people.mau.name);
  await expect(page).toHaveURL(/\/thong-tin-ca-nhan$/);
  await expect(citizen.menu()).toBeVisible();

  // At the provider, in another window; the portal is told between the servers.
  const there = await page.context().newPage();
  await there.goto(`${provider}/session/end`);
  await leaveProvider(there);
  await expect(there.getByRole("heading", { name: "Đã đăng xuất khỏi định danh" })).toBeVisible();
  await there.close();
  await page.reload();
  await expect(nobody(page)).toBeVisible();
});

test("who stops at the provider, or comes back with what does not fit, reads why and can go on", async ({ page }) => {
  await page.goto("/dang-nhap?tiep=/ho-tro");
  await button(page).click();
  await page.getByRole("button", { name: "Từ chối" }).click();
  await expect(page.getByRole("alert")).toContainText("Bạn đã dừng đăng nhập ở hệ thống định danh");
  await accessible(page, "stopped at the provider");

  // Somebody else's link: a state that this browser never had.
  await page.goto("/api/oidc/vneid/callback?code=stolen&state=guessed");
  await expect(page).toHaveURL(/\/dang-nhap\?loi=het-han$/);
  await expect(page.getByRole("alert")).toContainText("không bắt đầu từ trình duyệt này");
  await expect(nobody(page)).toBeVisible();

  // Without a number nobody gets an account, and the way by password is still there.
  await page.goto("/dang-nhap?tiep=/ho-tro");
  await throughProvider(page, "Công ty Ví Dụ");
  await expect(page.getByRole("alert")).toContainText("không cung cấp số định danh");
  await page.getByLabel("Tên đăng nhập").fill(people.viDu.login);
  await page.getByLabel("Mật khẩu").fill("Demo@2026");
  await page.locator("main").getByRole("button", { name: "Đăng nhập", exact: true }).click();
  await expect(page, "where one was going before all that").toHaveURL(/\/ho-tro$/);
  await expect(new Person(page, people.viDu).menu()).toBeVisible();
});

import { people, Person } from "../support/person.ts";
import { look } from "../support/look.ts";
import { fixture } from "../support/fixture.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

test("every public screen is accessible and fits", async ({ page }) => {
  for (const [name, address] of [
    ["60-procedures", "/thu-tuc"],
    ["61-procedure", "/thu-tuc/1.001193"],
    ["62-help", "/ho-tro"],
    ["63-check", "/kiem-tra"],
    ["64-nothing", "/khong-co-trang-nay"],
  ] as const) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await look(page, name);
  }
  await page.goto("/thu-tuc");
  await expect(page.getByText(/^[4-9]\d thủ tục/)).toBeVisible();
});

test("between phone and desktop nothing falls apart", async ({ page }) => {
  once("desktop");
  await page.setViewportSize({ width: 768, height: 1024 });
  for (const [name, address] of [
    ["70-home-768", "/"],
    ["71-procedure-768", "/thu-tuc/1.001193"],
    ["72-sign-in-768", "/dang-nhap"],
  ] as const) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await look(page, name);
  }
});

test("the citizen's own screens", async ({ page }) => {
  const citizen = new Person(page, people.thu);
  await citizen.signIn();
  await citizen.menu().click();
  for (const entry of ["Thông tin cá nhân", "Cập nhật chữ ký", "Quản lý hồ sơ", "Đăng xuất"]) await expect(page.locator("details.account").getByText(entry).first()).toBeVisible();
  await look(page, "65-menu");
  await page.getByRole("link", { name: "Thông tin cá nhân" }).click();
  await expect(page.getByLabel("Email")).toBeVisible();
  await page.getByLabel("Email").fill("thu.moi@example.vn");
  await page.getByRole("button", { name: "Lưu lại" }).click();
  await expect(page.locator(".notice.good")).toBeVisible();
  await look(page, "66-account");
  await page.reload();
  await expect(page.getByLabel("Email")).toHaveValue("thu.moi@example.vn");
});

test("step 1 asks for what is missing and keeps what was typed", async ({ page }) => {
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  await page.goto("/thu-tuc/1.001193");
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
  await page.getByLabel("Ghi chú").fill("Gọi sau 17 giờ");
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(page.locator("#error-summary")).toBeVisible();
  await look(page, "05-information-errors");
  await page.waitForTimeout(600);
  await page.reload();
  await expect(page.getByLabel("Ghi chú")).toHaveValue("Gọi sau 17 giờ");
  await page.goto("/quan-ly-ho-so");
  await expect(page.getByText("Bản nháp trên thiết bị này")).toBeVisible();
});

test("anybody checks a signature without sending the file", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(request.url());
  });
  await page.goto("/kiem-tra");
  await page.locator("input[type=file]").setInputFiles(fixture("signed-before.pdf"));
  const report = page.getByRole("region", { name: "Kết quả kiểm tra chữ ký" });
  await expect(report).toBeVisible({ timeout: 30_000 });
  await expect(report).toContainText("Nội dung đã ký còn nguyên vẹn");
  await expect(report).toContainText("Chứng thư số: Chưa có trong kho tin cậy");
  await expect(report.locator("p.verdict")).not.toHaveClass(/good/);
  await look(page, "67-checked");
  expect(sent).toEqual([]);
});

test("a citizen does not see the officer's desk, a stranger sees nothing", async ({ page }) => {
  await page.goto("/can-bo");
  await expect(page.getByText("Vui lòng đăng nhập để tiếp tục")).toBeVisible();
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  await page.goto("/can-bo");
  await expect(page.getByText("Trang này dành cho cán bộ.")).toBeVisible();
});

import { execFileSync } from "node:child_process";
import { people, Person } from "../support/person.ts";
import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(() => once("phone"));

test("a procedure is found without accents and with a slip, as one types", async ({ page }) => {
  await page.goto("/");
  const box = page.getByLabel("Bạn cần làm thủ tục gì?");
  await box.fill("dang ky khai sinh");
  await expect(page.locator(".results a").first()).toHaveText("Thủ tục đăng ký khai sinh");
  await box.fill("tam tur");
  await expect(page.getByText(/gần với “tạm trú”/)).toBeVisible();
  await box.press("Enter");
  await expect(page).toHaveURL(/\/thu-tuc\?tim=tam%20tur$/);
  await expect(page.locator(".cards h2").first()).toHaveText("Thủ tục đăng ký tạm trú");
  await look(page, "80-catalogue-slip");
  await page.getByRole("button", { name: "Ý bạn là “tạm trú”?" }).click();
  await expect(page.getByLabel("Tìm theo tên, mã hoặc từ khóa")).toHaveValue("tạm trú");
  await expect(page.getByText(/thủ tục khớp$/)).toBeVisible();
});

test("filters combine, stand in the address, and are taken away again", async ({ page }) => {
  await page.goto("/thu-tuc");
  const count = async () => Number((await page.locator(".count").innerText()).split(" ")[0]);
  await expect(page.locator(".count")).toHaveText(/^\d+ thủ tục$/);
  const all = await count();
  expect(all).toBeGreaterThanOrEqual(42);
  await expect(page.locator(".cards > li")).toHaveCount(20);
  await page.getByRole("button", { name: "Xem thêm 20 thủ tục" }).click();
  await expect(page.locator(".cards > li")).toHaveCount(40);
  await page.getByText("Tìm kiếm nâng cao").click();
  await page.getByLabel("Sự kiện").selectOption("Việc làm");
  await expect(page).toHaveURL(/su-kien=Vi%E1%BB%87c%20l%C3%A0m/);
  const work = await count();
  expect(work).toBeLessThan(all);
  await page.getByLabel("Chọn cơ quan thực hiện").selectOption("so");
  await expect(page).toHaveURL(/co-quan=so/);
  const both = await count();
  expect(both).toBeLessThan(work);
  expect(both).toBeGreaterThan(0);
  await look(page, "81-catalogue-filters");
  // Whoever gets the address sees the same.
  await page.reload();
  await expect(page.locator(".count")).toHaveText(`${both} thủ tục`);
  await expect(page.getByLabel("Sự kiện")).toHaveValue("Việc làm");
  await page.getByRole("button", { name: "Bỏ lọc: Việc làm" }).click();
  await expect(page).not.toHaveURL(/su-kien/);
  await page.getByLabel("Tìm theo tên, mã hoặc từ khóa").fill("khongcothutucnaynhuvay");
  await expect(page.getByText("Không có thủ tục nào khớp.")).toBeVisible();
  await look(page, "82-catalogue-nothing");
  await page.getByRole("button", { name: "Xem tất cả thủ tục" }).click();
  await expect(page.locator(".count")).toHaveText(`${all} thủ tục`);
});

test("a blank form can be read, filled in and signed", async ({ page }) => {
  await page.goto("/thu-tuc/1.001193");
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: /Tải mẫu đơn, tờ khai/ }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("to-khai-dang-ky-khai-sinh.pdf");
  const text = execFileSync("pdftotext", ["-layout", await download.path(), "-"], { encoding: "utf8" });
  for (const words of ["TỜ KHAI ĐĂNG KÝ KHAI SINH", "Họ, chữ đệm, tên:", "Người yêu cầu", "(Ký, ghi rõ họ tên)"]) expect(text).toContain(words);
});

test("the form is made from what was typed, and nothing of it is sent", async ({ page }) => {
  const citizen = new Person(page, people.viDu);
  await citizen.arrive(null);
  await page.goto("/thu-tuc/1.001193");
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
  await page.getByLabel("Họ, chữ đệm, tên của trẻ").fill("Lê Thử Nghiệm");
  await expect(page).toHaveURL(/\/ho-so\/[0-9a-f-]+\/thong-tin/);
  const id = page.url().split("/")[4];
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(`${request.method()} ${request.url()}`);
  });
  await page.waitForTimeout(600);
  await page.goto(`/ho-so/${id}/thanh-phan`);
  await page.getByRole("button", { name: "Tạo từ thông tin đã nhập" }).click();
  await expect(page.getByText("to-khai-dang-ky-khai-sinh.pdf").first()).toBeVisible({ timeout: 30_000 });
  await expect(page.locator("body")).toContainText("Lê Thử Nghiệm", { timeout: 30_000 });
  expect(sent).toEqual([]);
});

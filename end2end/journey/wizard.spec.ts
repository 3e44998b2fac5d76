import type { Page } from "@playwright/test";
import { look } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

/** A new draft of a procedure, at step 1. */
async function begin(page: Page, procedure = "1.001193"): Promise<void> {
  await new Person(page, people.viDu).arrive(null);
  await page.goto(`/thu-tuc/${procedure}`);
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thông tin hồ sơ" })).toBeVisible();
}

const detail = (page: Page) => page.getByRole("group", { name: "Thông tin chi tiết" });
const group = (page: Page, name: string) => page.getByRole("group", { name, exact: true });
const problems = (page: Page) => page.locator("#error-summary");

test("fields come with the answers before them, rows are added and taken back, faults are told when a field is left", async ({ page }) => {
  once("phone");
  await begin(page);
  await expect(page.getByText("Bước 1/4: Thông tin hồ sơ")).toBeVisible();
  const mother = page.getByLabel("Họ và tên mẹ");
  await expect(mother).toBeHidden();
  await group(page, "Cha, mẹ đã đăng ký kết hôn").getByLabel("Có").check();
  await expect(mother).toBeVisible();

  const born = page.getByRole("textbox", { name: "Ngày sinh của trẻ" });
  await born.fill("31/02/2025");
  await expect(page.getByText("Nhập ngày có thật")).toBeHidden();
  await born.blur();
  await expect(page.getByText("Nhập ngày có thật")).toBeVisible();
  await born.fill("1/3/2099");
  await expect(page.getByText("Ngày không được sau hôm nay.")).toBeVisible();
  await born.fill("1-3-2025");
  await expect(page.getByText("Ngày không được sau hôm nay.")).toBeHidden();
  await born.blur();
  await expect(born).toHaveValue("01/03/2025");

  await page.getByRole("button", { name: "+ Thêm trẻ sinh cùng lần" }).click();
  const twin = group(page, "Trẻ sinh cùng lần 1");
  await expect(twin.getByLabel("Họ, chữ đệm, tên")).toBeFocused();
  await twin.getByLabel("Họ, chữ đệm, tên").fill("Lê Thị Sinh Đôi");
  await page.getByRole("button", { name: "Xóa Trẻ sinh cùng lần 1" }).click();
  await expect(twin).toBeHidden();
  await expect(page.getByRole("button", { name: "Hoàn tác" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(twin.getByLabel("Họ, chữ đệm, tên")).toHaveValue("Lê Thị Sinh Đôi");

  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(problems(page)).toBeFocused();
  await expect(page).toHaveTitle(/^Lỗi: Thông tin hồ sơ/);
  for (const line of ["Họ và tên mẹ: Vui lòng nhập mục này.", "Trẻ sinh cùng lần 1 – Giới tính: Vui lòng chọn một mục.", "Quan hệ của bạn với trẻ: Vui lòng chọn một mục."]) {
    await expect(problems(page).getByText(line)).toBeVisible();
  }
  await look(page, "90-wizard-errors");
  await problems(page).getByRole("link", { name: /Trẻ sinh cùng lần 1 – Giới tính/ }).click();
  await expect(twin.getByLabel("Nam")).toBeFocused();
  await page.keyboard.press("Space");
  await expect(problems(page).locator("li.mended")).toHaveText(/Trẻ sinh cùng lần 1 – Giới tính.*đã sửa/);

  // What is hidden again is not asked for, and what was written there is not lost.
  await mother.fill("Nguyễn Thị Mẹ");
  await group(page, "Cha, mẹ đã đăng ký kết hôn").getByLabel("Không").check();
  await expect(mother).toBeHidden();
  await group(page, "Cha, mẹ đã đăng ký kết hôn").getByLabel("Có").check();
  await expect(mother).toHaveValue("Nguyễn Thị Mẹ");

  // Step 4 says what is missing, and leads there.
  await page.goto(page.url().replace("thong-tin", "nop"));
  await expect(page.getByText("01/03/2025")).toBeVisible();
  await page.getByRole("button", { name: "Nộp hồ sơ", exact: true }).click();
  await expect(page.locator("#missing")).toBeFocused();
  await look(page, "91-wizard-review");
  await page.getByRole("link", { name: /Thông tin hồ sơ còn \d+ mục chưa đúng/ }).click();
  await expect(mother).toHaveValue("Nguyễn Thị Mẹ");
});

test("what was typed a moment ago survives a reload and a closed window, and two windows lose nothing", async ({ page, context }) => {
  once("desktop");
  await begin(page);
  const address = page.url();
  const note = page.getByLabel("Ghi chú");
  await note.pressSequentially("Gọi sau 17 giờ", { delay: 15 });
  // Sooner than that the browser asks whether to leave, which nobody answers here.
  await page.waitForTimeout(300);
  await page.reload();
  await expect(note).toHaveValue("Gọi sau 17 giờ");

  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByLabel("Ghi chú")).toHaveValue("Gọi sau 17 giờ");
  await Promise.all([note.fill("Gọi buổi sáng"), other.getByLabel("Nơi sinh").fill("Trạm y tế Xã Ví Dụ")]);
  await expect(page.getByLabel("Nơi sinh")).toHaveValue("Trạm y tế Xã Ví Dụ");
  await expect(other.getByLabel("Ghi chú")).toHaveValue("Gọi buổi sáng");
  await expect(page.getByText(/Đã lưu lúc \d\d:\d\d/)).toBeVisible();
  await other.getByLabel("Quê quán").pressSequentially("Xã Ví Dụ", { delay: 15 });
  // Sealing and writing take a moment that a window ended by force does not have.
  await other.waitForTimeout(300);
  await other.close();
  await page.goto(address);
  await expect(page.getByLabel("Quê quán")).toHaveValue("Xã Ví Dụ");
  await expect(page.getByLabel("Ghi chú")).toHaveValue("Gọi buổi sáng");
  await expect(page.getByLabel("Nơi sinh")).toHaveValue("Trạm y tế Xã Ví Dụ");

  // A draft is deleted with a way back.
  await page.goto("/quan-ly-ho-so");
  await expect(page.getByText("Bước 1/4")).toBeVisible();
  await page.getByRole("button", { name: /^Xóa bản nháp/ }).click();
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await page.getByRole("link", { name: /^Tiếp tục/ }).click();
  await expect(page.getByLabel("Quê quán")).toHaveValue("Xã Ví Dụ");
});

test("step 1 by keyboard alone", async ({ page }) => {
  once("desktop");
  await begin(page);
  const answers: Record<string, string> = { ten_con: "Le Thi Phim", ngay_sinh: "01032025", noi_sinh: "Tram y te" };
  await page.locator("#applicant-name").focus();
  for (let step = 0; step < 60; step += 1) {
    const here = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement;
      return { id: element.id, type: element.type, text: element.textContent };
    });
    const key = here.id.replace("detail-", "");
    if (answers[key]) await page.keyboard.type(answers[key]);
    else if (here.type === "radio" && key !== "cap_ban_sao") await page.keyboard.press(here.id === "detail-ket_hon" ? "ArrowRight" : "Space");
    else if (here.type === "submit") break;
    await page.keyboard.press("Tab");
  }
  await expect(detail(page).getByLabel("Không").first()).toBeChecked();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Thành phần hồ sơ" })).toBeVisible();
  await page.getByRole("link", { name: /Thông tin hồ sơ/ }).first().press("Enter");
  await expect(page.locator("#detail-ngay_sinh")).toHaveValue("01/03/2025");
});

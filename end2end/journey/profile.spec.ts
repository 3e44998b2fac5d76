import type { Page } from "@playwright/test";
import { people, Person } from "../support/person.ts";
import { look } from "../support/look.ts";
import { expect, test } from "../support/test.ts";

/** The name's cell of a profile in the table. */
const row = (page: Page, name: string) => page.locator('td[data-label="Tên chữ ký"]', { hasText: name });

const PROVIDERS = ["VNPT-CA", "Viettel-CA", "MISA-CA", "CA2", "BkavCA", "FPT-CA", "Newtel-CA"];

test("profiles: starred fields are asked for, seven providers, several, edited, deleted", async ({ page }) => {
  const citizen = new Person(page, people.thu);
  await citizen.signIn();
  await citizen.withoutProfiles();
  await page.goto("/chu-ky");
  await page.getByRole("button", { name: "+ Thêm chữ ký" }).click();
  const dialog = page.getByRole("dialog", { name: "Mẫu chữ ký", exact: true });
  await dialog.getByRole("button", { name: "+ Thêm thông tin" }).click();
  const offered = await dialog.getByLabel("Nhà cung cấp", { exact: false }).last().locator("option").allInnerTexts();
  for (const provider of PROVIDERS) expect(offered.some((option) => option.startsWith(provider)), provider).toBe(true);
  await dialog.getByRole("button", { name: "Lưu lại" }).click();
  for (const sentence of ["Tên chữ ký: vui lòng nhập", "Số điện thoại ký số: nhập 10 chữ số", "Từ khóa định vị vị trí: vui lòng nhập", "Tài khoản: nhập số CMND", "Nhà cung cấp: vui lòng chọn"]) {
    await expect(dialog.getByText(sentence).first()).toBeVisible();
  }
  await look(page, "03-profile-errors");
  await dialog.locator("input[type=file]").setInputFiles({ name: "chu-ky.png", mimeType: "image/png", buffer: Buffer.from("không phải ảnh") });
  await expect(dialog.getByText("không phải là ảnh PNG hoặc JPEG")).toBeVisible();
  await dialog.getByRole("button", { name: "Đóng" }).click();

  await citizen.addProfile({ name: "Chữ ký thứ nhất", phone: "0900000022" });
  await citizen.addProfile({ name: "Chữ ký thứ hai", phone: "0900000022", image: false, provider: "MISA-CA" });
  await page.getByRole("button", { name: "Sửa Chữ ký thứ hai" }).click();
  await expect(dialog.getByLabel("Tên chữ ký")).toHaveValue("Chữ ký thứ hai");
  await dialog.getByLabel("Tên chữ ký").fill("Chữ ký cơ quan");
  await dialog.getByRole("button", { name: "Lưu lại" }).click();
  await expect(row(page, "Chữ ký cơ quan")).toBeVisible();
  await page.getByRole("button", { name: "Đặt Chữ ký cơ quan làm mặc định" }).click();
  await expect(row(page, "Chữ ký cơ quan")).toContainText("Mặc định");
  await page.getByRole("button", { name: "Xóa Chữ ký thứ nhất" }).click();
  const question = page.getByRole("dialog", { name: "Xóa mẫu chữ ký?" });
  await question.getByRole("button", { name: "Giữ lại" }).click();
  await expect(row(page, "Chữ ký thứ nhất")).toBeVisible();
  await page.getByRole("button", { name: "Xóa Chữ ký thứ nhất" }).click();
  await question.getByRole("button", { name: "Xóa", exact: true }).click();
  await expect(row(page, "Chữ ký thứ nhất")).toBeHidden();
  await page.reload();
  await expect(row(page, "Chữ ký cơ quan")).toBeVisible();
});

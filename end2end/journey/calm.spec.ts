import { expect, test } from "../support/test.ts";
import { fixture } from "../support/fixture.ts";
import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";

const FORM = "Tờ khai đăng ký khai sinh";

test("what was done is said, and nothing that was begun is lost or left behind", async ({ page }) => {
  once("phone");
  const citizen = new Person(page, people.viDu);
  await citizen.arrive();

  // Saving leaves the form and the focus in it.
  await page.goto("/thong-tin-ca-nhan");
  const mail = page.getByLabel("Email");
  await mail.fill("vidu@example.vn");
  await mail.press("Enter");
  await expect(page.getByText("Đã lưu thông tin cá nhân.")).toBeVisible();
  await expect(mail).toBeFocused();

  // How one signs unless one chooses otherwise: found in the menu, kept at once.
  await citizen.menu().click();
  await page.getByRole("link", { name: "Cấu hình loại ký số" }).click();
  await expect(page.getByRole("radio", { name: /Chữ ký cá nhân/ })).toBeChecked();
  await page.getByRole("radio", { name: "Hình ảnh và văn bản" }).check();
  const toast = page.locator(".toast");
  await expect(toast).toContainText("Đã lưu lựa chọn.");
  await look(page, "88-sign-kind");
  await page.reload();
  await expect(page.getByRole("radio", { name: "Hình ảnh và văn bản" })).toBeChecked();
  await page.getByRole("radio", { name: "Chỉ văn bản" }).check();
  await expect(toast).toContainText("Đã lưu lựa chọn.");

  // Photos that are left with Escape are asked about, not thrown away and not kept in secret.
  await citizen.startDossier();
  await citizen.component(FORM).locator("input[type=file]").setInputFiles(fixture("photo-turned.jpg"));
  const sheet = page.getByRole("dialog", { name: "Ghép ảnh thành PDF" });
  await expect(sheet.getByText("Trang 1")).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press("Escape");
  const question = page.getByRole("dialog", { name: "Bỏ các ảnh này?" });
  await expect(question).toContainText("1 ảnh");
  await question.getByRole("button", { name: "Quay lại ghép ảnh" }).click();
  await expect(sheet.getByText("Trang 1")).toBeVisible();
  await page.keyboard.press("Escape");
  await question.getByRole("button", { name: "Bỏ ảnh" }).click();
  await expect(question).toBeHidden();
  await expect(sheet).toBeHidden();

  await citizen.menu().click();
  await page.getByRole("button", { name: "Đăng xuất", exact: true }).click();
  await expect(toast).toContainText("Đã đăng xuất.");
});

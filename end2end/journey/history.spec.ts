import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { accepted, signedFile } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

test("signing history: all signatures at a glance, one row of time from record and file, kept as a sealed paper and as JSON with its evidence", async ({ page, browser }) => {
  once("desktop");
  test.slow();
  const citizen = new Person(page, people.mau);
  await citizen.arrive();
  const code = await citizen.handIn(browser, "libreoffice.pdf");

  const desk = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const officer = new Person(await desk.newPage(), people.officer);
  await officer.arrive(null);
  const sheet = officer.page;
  await sheet.goto("/can-bo");
  await sheet.getByRole("link", { name: code }).click();
  await expect(sheet.getByRole("heading", { level: 1, name: /khai sinh/ })).toBeVisible();

  // By key and in the address; arrows move along the tabs.
  await sheet.keyboard.press("2");
  const tab = sheet.getByRole("tab", { name: "Thành phần hồ sơ" });
  await expect(tab).toHaveAttribute("aria-selected", "true");
  expect(new URL(sheet.url()).search).toBe("?the=thanh-phan");
  await sheet.keyboard.press("ArrowLeft");
  await expect(sheet.getByRole("tab", { name: "Thông tin hồ sơ" })).toBeFocused();
  await sheet.keyboard.press("ArrowRight");

  // Checked by the browser, by itself.
  const glance = sheet.getByRole("region", { name: "Chữ ký số của hồ sơ" });
  const signed = glance.getByRole("listitem").filter({ hasText: "libreoffice_signed.pdf" });
  await expect(signed).toContainText("Chữ ký hợp lệ", { timeout: 30_000 });
  await expect(signed).toContainText("Người ký trùng người nộp hồ sơ (CCCD 0620•••011).");
  await expect(glance.getByRole("listitem").filter({ hasText: "scan.pdf" }).first()).toContainText("Không có chữ ký số");
  await look(sheet, "95-signatures-at-a-glance");

  const file = sheet.locator("section.file-card", { hasText: "libreoffice_signed.pdf" });
  await file.getByRole("button", { name: "Xem lịch sử ký số" }).click();
  await expect(file).toContainText("Bản ghi của cổng và chữ ký trong tệp khớp nhau.", { timeout: 30_000 });
  const row = file.getByRole("region", { name: "Lịch sử ký số" });
  for (const line of ["Người ký tạo yêu cầu ký số", "Người ký xác nhận trên điện thoại", "Tệp mang chữ ký của Nguyễn Văn Mẫu", "Dấu thời gian chứng minh", "Tệp được nộp; máy chủ kiểm tra khi nhận"]) {
    await expect(row).toContainText(line);
  }
  await expect(row, "a class of network, never an address").toContainText("Chính máy chủ");
  await look(sheet, "96-signing-history");

  // The original beside what was signed.
  await file.getByText("So sánh với bản trước khi ký").click();
  await expect(file).toContainText("Lần ký này chỉ thêm chữ ký, ô ký", { timeout: 30_000 });
  await expect(file.getByRole("img", { name: /^Trước khi ký, trang/ })).toBeVisible({ timeout: 30_000 });
  await expect(file.getByRole("img", { name: /^Bản đã ký, trang/ })).toBeVisible();
  await expect(file.locator(".come")).toContainText("Ký bởi: Nguyễn Văn Mẫu");
  await look(sheet, "96-before-and-after");

  const [paper] = await Promise.all([sheet.waitForEvent("download"), file.getByRole("button", { name: "Tải biên bản (PDF đã ký)" }).click()]);
  const kept = signedFile("signing-history.pdf");
  await paper.saveAs(kept);
  accepted(kept);

  const [data] = await Promise.all([sheet.waitForEvent("download"), file.getByRole("button", { name: "Tải dữ liệu kiểm tra (JSON)" }).click()]);
  const told = JSON.parse(readFileSync((await data.path())!, "utf8"));
  expect([told.format, told.version, told.code, told.files.length]).toEqual(["ho-so-ky-so/signing-history", 1, code, 1]);
  const [one] = told.files;
  expect(one.history.disagreements).toEqual([]);
  expect(one.proof.report.signatures[0].signed_attributes_sha256).toBe(one.recorded.signings.at(-1).digest);
  const certificates = one.evidence.certificates.map((der: string) => new X509Certificate(Buffer.from(der, "base64")).subject);
  expect(certificates.some((subject: string) => subject.includes("Nguyễn Văn Mẫu"))).toBe(true);
  expect(one.evidence.timestamps.length).toBeGreaterThan(0);
  expect(JSON.stringify(told), "numbers are masked in what the portal recorded").not.toContain(`"account":"${people.mau.login}"`);

  // Everything that happened, by kind.
  await sheet.getByRole("tab", { name: "Lịch sử", exact: true }).click();
  const all = sheet.getByRole("region", { name: "Lịch sử hồ sơ" });
  await expect(all).toContainText("Mới đăng ký");
  await all.getByRole("button", { name: "Ký số" }).click();
  await expect(all).not.toContainText("Mới đăng ký");
  await expect(all).toContainText("Người ký tạo yêu cầu ký số");
  await look(sheet, "97-dossier-history");
  await desk.close();
});

import { expect, test } from "../support/test.ts";
import { accepted } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { settings } from "../support/placement.ts";

test.use({ serviceWorkers: "allow" });

const FORM = "Tờ khai đăng ký khai sinh";
const BIRTH = "Giấy chứng sinh";


test("a citizen signs with the phone and submits; an officer checks the signature", async ({ page, browser }) => {
  const project = test.info().project.name;
  const sent: { url: string; bytes: number }[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push({ url: new URL(request.url()).pathname, bytes: request.postDataBuffer()?.length ?? 0 });
  });
  const citizen = new Person(page, people.mau);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await look(page, "01-home");
  await page.goto("/dang-nhap");
  await look(page, "02-sign-in");

  await citizen.signIn();
  const menu = await citizen.menu().boundingBox();
  expect(menu!.y, "the account menu stands at the top").toBeLessThan(90);
  expect(menu!.x + menu!.width, "and at the right").toBeGreaterThan((page.viewportSize()!.width * 2) / 3);
  await citizen.withoutProfiles();

  await citizen.addProfile();
  await look(page, "04-profiles");

  await citizen.startDossier({ search: true });
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.attach(BIRTH, "scan.pdf");
  await look(page, "08-components");

  await citizen.openSigning(FORM);
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Đã tìm thấy “NGƯỜI LÀM ĐƠN”")).toBeVisible();
  await settings(page);
  await page.getByLabel("Hình ảnh và văn bản").check();
  await settings(page, false);
  await page.waitForTimeout(500);
  await look(page, "09-signing");
  const before = sent.length;
  await citizen.sendRequest();
  await look(page, "11-waiting");
  const biggest = Math.max(...sent.slice(before).map((request) => request.bytes));
  expect(biggest, "only a digest and names leave the browser").toBeLessThan(2_000);

  const phone = await Phone.of(browser, people.mau.login);
  const shown = await phone.waitForRequest();
  const code = await page.locator(".comparison strong").innerText();
  expect(shown, "phone and page show the same comparison code").toContain(code);
  await phone.page.screenshot({ path: `results/screens/${project}/12-phone.png` });
  await phone.confirm();
  await phone.close();
  await expect(page.getByRole("heading", { name: "Ký số thành công" })).toBeVisible({ timeout: 60_000 });
  await look(page, "13-signed");
  await citizen.finishSigning();
  await expect(citizen.component(FORM).getByText("libreoffice_signed.pdf")).toBeVisible();
  accepted(await citizen.saveSigned(FORM, `${project}-journey.pdf`));
  const uploads = sent.filter((request) => request.bytes > 20_000 && !request.url.startsWith("/api/profiles"));
  expect(uploads, "no document has left the browser before submission").toEqual([]);

  const dossierCode = await citizen.submit();
  expect(dossierCode).toMatch(/^000\.00\.00\.H34-\d{6}-\d{4}$/);
  await look(page, "16-receipt");
  await page.getByRole("link", { name: "Quản lý hồ sơ" }).last().click();
  await expect(page.getByText(dossierCode)).toBeVisible();
  await look(page, "17-my-dossiers");
  await page.goto("/tra-cuu");
  await page.getByLabel("Mã hồ sơ").fill(dossierCode);
  await page.getByRole("button", { name: "Tra cứu" }).click();
  await expect(page.getByRole("region", { name: "Kết quả tra cứu" })).toContainText("Mới đăng ký");
  // The words of a step stand at its dot.
  const step = page.getByRole("list", { name: "Các bước của hồ sơ" }).getByRole("listitem").first();
  await expect(step).toHaveCSS("text-align", "start");
  await look(page, "18-tracking");

  const desk = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const officer = new Person(await desk.newPage(), people.officer);
  await officer.arrive(null);
  await officer.page.goto("/can-bo");
  await expect(officer.page.getByText(dossierCode)).toBeVisible();
  await look(officer.page, "20-inbox");
  await officer.page.getByRole("link", { name: dossierCode }).click();
  await expect(officer.page.getByRole("heading", { level: 1, name: /khai sinh/ })).toBeVisible();
  await look(officer.page, "21-officer-dossier");
  await officer.page.getByRole("tab", { name: "Thành phần hồ sơ" }).click();
  const file = officer.page.locator("section.file-card", { hasText: "libreoffice_signed.pdf" });
  await file.getByRole("button", { name: "Xem lịch sử ký số" }).click();
  await file.getByRole("button", { name: "Xem tệp" }).click();
  await expect(file.getByText("Trang 1: những điều cần biết.").first()).toBeAttached({ timeout: 30_000 });
  await look(officer.page, "23-officer-reading");
  await file.getByRole("button", { name: "Đóng tệp" }).click();
  const proof = file.getByRole("region", { name: "Tệp chứng minh" });
  await expect(proof.getByText("Chữ ký số hợp lệ")).toBeVisible({ timeout: 30_000 });
  for (const sentence of ["Nguyễn Văn Mẫu", "Nội dung đã ký còn nguyên vẹn", "Chữ ký phủ trọn phiên bản tại lúc ký", "Chứng thư số: Đáng tin cậy", "Sau khi ký chỉ thêm dữ liệu kiểm tra"]) {
    await expect(proof).toContainText(sentence);
  }
  await expect(file).toContainText("Người ký trùng người nộp hồ sơ (CCCD 0620•••011).");
  const record = file.getByRole("region", { name: "Lịch sử ký số" });
  for (const event of ["Người ký tạo yêu cầu ký số", "Người ký xác nhận trên điện thoại", "Trình duyệt gắn chữ ký", "Tệp đã ký nộp cùng hồ sơ"]) {
    await expect(record).toContainText(event);
  }
  await look(officer.page, "22-signing-history");
  await officer.page.getByRole("button", { name: "Tiếp nhận", exact: true }).click();
  await expect(officer.page.getByText("Được tiếp nhận").first()).toBeVisible();
  await desk.close();
  await page.reload();
  await page.getByLabel("Mã hồ sơ").fill(dossierCode);
  await page.getByRole("button", { name: "Tra cứu" }).click();
  await expect(page.getByRole("region", { name: "Kết quả tra cứu" })).toContainText("Được tiếp nhận");
});

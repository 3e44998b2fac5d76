import { expect, test } from "../support/test.ts";
import { kept } from "../support/device.ts";
import { fixture } from "../support/fixture.ts";
import { look } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { once } from "../support/once.ts";

test.use({ serviceWorkers: "allow" });

const FORM = "Tờ khai đăng ký khai sinh";
const BIRTH = "Giấy chứng sinh";

test("after submission: what is missing is supplied and signed anew in place, messages go both ways, the result comes back", async ({ page, browser }) => {
  once("desktop");
  test.slow();
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.attach(BIRTH, "scan.pdf");
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.thu.login);
  await phone.confirm();
  await citizen.finishSigning();
  const code = await citizen.submit();

  // The officer asks once, completely.
  const desk = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const officer = new Person(await desk.newPage(), people.officer);
  await officer.arrive(null);
  await officer.page.goto("/can-bo");
  await officer.page.getByRole("link", { name: code }).click();
  await officer.page.getByRole("button", { name: "Yêu cầu bổ sung" }).click();
  await officer.page.getByRole("checkbox", { name: FORM }).check();
  await officer.page.getByLabel(`Lý do: ${FORM}`).fill("Ký ở trang 2, không phải trang 1.");
  await look(officer.page, "80-ask-supplement");
  await officer.page.getByRole("button", { name: "Gửi yêu cầu bổ sung" }).click();
  await expect(officer.page.getByText("Yêu cầu bổ sung giấy tờ").first()).toBeVisible();

  // The citizen is told, and only that component is open.
  await page.goto("/thong-bao");
  await expect(page.getByRole("link", { name: `Hồ sơ ${code}: Yêu cầu bổ sung giấy tờ` })).toBeVisible();
  await look(page, "81-notices");
  await page.getByRole("link", { name: `Hồ sơ ${code}: Yêu cầu bổ sung giấy tờ` }).click();
  const supply = page.getByRole("region", { name: "Cần bổ sung" });
  await expect(supply).toContainText("Ký ở trang 2, không phải trang 1.");
  await expect(supply).toContainText("Chưa bổ sung");
  await look(page, "82-supplement");
  await supply.getByRole("button", { name: "Tôi đã bổ sung xong" }).click();
  await expect(supply.getByRole("alert")).toContainText(FORM);
  await page.getByLabel("Viết tin nhắn").fill("Tôi ký lại ngay hôm nay.");
  await page.getByRole("button", { name: "Gửi tin nhắn" }).click();
  await expect(page.getByRole("region", { name: "Trao đổi" })).toContainText("Tôi ký lại ngay hôm nay.");
  await supply.getByRole("button", { name: "Bổ sung tệp" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thành phần hồ sơ" })).toBeVisible();
  await expect(citizen.component(FORM)).toBeVisible();
  await expect(citizen.component(BIRTH), "the rest of the dossier stays closed").toBeHidden();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(supply).toContainText("Đã sẵn sàng");
  const answered = page.url();
  await kept(page, "1.001193");

  // Without a network the dossier is there as it was last seen, and the answer waits on the device, also over a reload.
  const submissions: string[] = [];
  page.context().on("request", (request) => {
    if (request.url().endsWith("/supplement/submission")) submissions.push(request.url());
  });
  await page.goto("/quan-ly-ho-so");
  await expect(page.getByText(code)).toBeVisible();
  await page.context().setOffline(true);
  await page.reload();
  await expect(page.getByText(/^Cập nhật lúc \d\d\/\d\d\/\d{4} \d\d:\d\d\./)).toBeVisible();
  await page.goto(answered);
  await expect(page.getByText(/^Cập nhật lúc/)).toBeVisible();
  await expect(page.getByRole("region", { name: "Trao đổi" })).toContainText("Tôi ký lại ngay hôm nay.");
  await supply.getByRole("button", { name: "Tôi đã bổ sung xong" }).click();
  await expect(supply.getByText("Sẽ gửi phần bổ sung khi có mạng")).toBeVisible();
  await look(page, "82-supplement-waits");
  await page.reload();
  await expect(supply.getByText("Sẽ gửi phần bổ sung khi có mạng")).toBeVisible();
  await page.goto("/thong-bao");
  await expect(page.getByText("sẽ gửi khi có mạng")).toBeVisible();
  await expect(page.getByRole("link", { name: `Hồ sơ ${code}: Yêu cầu bổ sung giấy tờ` })).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByText("Đã gửi phần bổ sung của hồ sơ")).toBeVisible({ timeout: 40_000 });
  await page.getByRole("link", { name: "Xem hồ sơ" }).click();
  await expect(supply).toBeHidden({ timeout: 30_000 });
  expect(submissions, "sent once").toHaveLength(1);
  await expect(page.getByText("Các tệp đã được thay (1)")).toBeVisible();

  // The officer reads, answers, works, and returns a result that was signed elsewhere.
  await officer.page.reload();
  await officer.page.getByRole("tab", { name: "Trao đổi" }).click();
  const talk = officer.page.getByRole("region", { name: "Trao đổi" });
  await expect(talk).toContainText("Tôi ký lại ngay hôm nay.");
  await officer.page.getByLabel("Viết tin nhắn").fill("Cảm ơn, hồ sơ đã đủ.");
  await officer.page.getByRole("button", { name: "Gửi tin nhắn" }).click();
  await expect(talk).toContainText("Cảm ơn, hồ sơ đã đủ.");
  await look(officer.page, "83-officer-talk");

  // What the supplement replaced is kept, and compared with what came.
  await officer.page.getByRole("tab", { name: "Thành phần hồ sơ" }).click();
  await officer.page.getByText("Bản trước khi bổ sung").click();
  await officer.page.getByRole("button", { name: "So sánh với bản hiện tại" }).click();
  await expect(officer.page.getByRole("img", { name: /^Bản hiện tại, trang/ })).toBeVisible({ timeout: 30_000 });
  await expect(officer.page.locator(".versions")).toContainText(/trang khác nhau|giống nhau/);
  await look(officer.page, "85-versions");
  for (const deed of ["Tiếp nhận", "Chuyển xử lý"]) await officer.page.getByRole("button", { name: deed, exact: true }).click();
  await officer.page.locator("#result-file").setInputFiles(fixture("signed-before.pdf"));
  await expect(officer.page.getByRole("region", { name: "Kết quả" })).toContainText("signed-before.pdf");
  await look(officer.page, "84-result");
  for (const deed of ["Đã xử lý xong", "Trả kết quả"]) await officer.page.getByRole("button", { name: deed, exact: true }).click();
  await expect(officer.page.locator(".chip.good", { hasText: "Đã trả kết quả" })).toBeVisible();
  await desk.close();

  const dossier = page.url();
  await page.goto("/nhac-viec");
  await expect(page.getByRole("link", { name: /^Thông báo, \d+ chưa đọc$/ }), "the bell rings").toBeVisible();
  await page.goto(dossier);
  await expect(page.getByRole("region", { name: "Trao đổi" })).toContainText("Cảm ơn, hồ sơ đã đủ.");
  const result = page.getByRole("region", { name: "Kết quả", exact: true });
  const [download] = await Promise.all([page.waitForEvent("download"), result.getByRole("button", { name: "Tải về signed-before.pdf" }).click()]);
  expect(download.suggestedFilename()).toBe("signed-before.pdf");
  await result.getByRole("button", { name: "Kiểm tra chữ ký của signed-before.pdf" }).click();
  await expect(result.getByRole("region", { name: "Kết quả kiểm tra chữ ký" })).toContainText("Nội dung đã ký còn nguyên vẹn", { timeout: 30_000 });
  await look(page, "85-returned");

  // Who has the code learns the state and no more, by the address a receipt's QR code has.
  const anybody = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const stranger = await anybody.newPage();
  await stranger.goto(`/tra-cuu?ma=${code}`);
  const found = stranger.getByRole("region", { name: "Kết quả tra cứu" });
  await expect(found).toContainText("Đã trả kết quả");
  await expect(found).not.toContainText(people.thu.name);
  await look(stranger, "86-tracking");
  await anybody.close();
});

test("reminders are ordered, and e-mail is chosen by kind", async ({ page }) => {
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  await page.goto("/nhac-viec");
  await page.getByLabel("Nhắc về").selectOption({ label: "Ghi chú của riêng tôi" });
  const note = `Lấy kết quả ${test.info().project.name}`;
  await page.getByLabel("Nội dung").fill(note);
  await page.getByLabel(/^Ngày/).first().fill("15/01/2030");
  await page.getByLabel("Nhắc trước bao nhiêu ngày").fill("2");
  await page.getByRole("button", { name: "Thêm lời nhắc" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: note })).toContainText("Nhắc lúc 13/01/2030 07:00 (trước 2 ngày)");
  await page.getByLabel("Khi cán bộ gửi tin nhắn").uncheck();
  await expect(page.getByText("Đã lưu lựa chọn.")).toBeVisible();
  await look(page, "87-reminders");
  await page.reload();
  await expect(page.getByLabel("Khi cán bộ gửi tin nhắn")).not.toBeChecked();
  await page.getByLabel("Khi cán bộ gửi tin nhắn").check();
  await page.getByRole("button", { name: `Xóa lời nhắc: ${note}` }).first().click();
  await expect(page.getByText(note)).toBeHidden();
});

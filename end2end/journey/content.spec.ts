import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

test("news are read, feedback is sent without a name and answered, a survey counts", async ({ page, browser }) => {
  once("phone");
  await page.goto("/tin-tuc");
  await page.getByRole("link", { name: "Ký tất cả tệp của hồ sơ bằng một lần nhập mã PIN" }).click();
  await expect(page.getByRole("heading", { name: "Cách làm" })).toBeVisible();
  await look(page, "70-news");

  await page.goto("/phan-anh");
  await page.getByRole("button", { name: "Gửi phản ánh" }).click();
  await expect(page.locator("#error-summary")).toContainText("Nội dung");
  await page.getByLabel("Về việc gì").selectOption({ label: "Cổng dịch vụ công này" });
  const said = `Chữ ở trang tra cứu hơi nhỏ (${Date.now()}).`;
  await page.locator("#feedback-content").fill(said);
  await look(page, "71-feedback");
  await page.getByRole("button", { name: "Gửi phản ánh" }).click();
  const code = (await page.locator("#feedback-sent .code").innerText()).trim();
  expect(code).toMatch(/^PA-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);

  const desk = await (await browser.newContext({ locale: "vi-VN" })).newPage();
  const officer = new Person(desk, people.officer);
  await officer.arrive(null);
  await desk.goto("/can-bo/phan-anh");
  const one = desk.locator("li.card", { hasText: said });
  await one.getByLabel("Trả lời").fill("Cảm ơn bạn, chúng tôi sẽ tăng cỡ chữ.");
  await one.getByRole("button", { name: "Gửi trả lời" }).click();
  await expect(one.getByText("chúng tôi sẽ tăng cỡ chữ")).toBeVisible();
  await look(desk, "72-feedback-desk");
  await desk.context().close();

  await page.goto("/phan-anh");
  await page.getByLabel("Mã phản ánh").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Xem", exact: true }).click();
  await expect(page.getByText("chúng tôi sẽ tăng cỡ chữ")).toBeVisible();

  await page.goto("/khao-sat");
  await page.getByRole("button", { name: "Gửi đánh giá" }).click();
  await expect(page.getByText("Vui lòng cho sao ở câu cuối")).toBeVisible();
  // It takes the focus a moment later, and would take it from the stars.
  await expect(page.locator("#survey-wrong")).toBeFocused();
  const overall = page.getByRole("group", { name: "Nhìn chung bạn có hài lòng không?" });
  // By keyboard: the first star, then three to the right.
  await overall.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowRight");
  await look(page, "73-survey");
  await page.getByRole("button", { name: "Gửi đánh giá" }).click();
  await expect(page.getByText("Đã ghi nhận đánh giá")).toBeVisible();
  await expect(page.getByText(/Kết quả từ \d+ lượt đánh giá/)).toBeVisible();
  await look(page, "74-survey-sent");
});

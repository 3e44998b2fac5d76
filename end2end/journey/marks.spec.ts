import { accepted } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { FORM, atSigning, drawn, measured, settings } from "../support/placement.ts";
import { people } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

/** Pages of `turned.pdf` as they are seen, in points: four turns, without and with a crop box, without and with a user unit. */
const SEEN = [1, 2].flatMap((unit) => [false, true].flatMap((crop) => [0, 90, 180, 270].map((turn) => {
  const [width, height] = crop ? [480 * unit, 640 * unit] : [500 * unit, 640 * unit];
  return turn % 180 === 0 ? { width, height } : { width: height, height: width };
})));
/** The box: 30 mm from the left, 50 mm from the top, 60 × 20 mm. */
const WANTED = { x: 30, y: 50, width: 60, height: 20 };
const points = (mm: number) => (mm * 72) / 25.4;

test("on pages that are turned, cropped and scaled the picture stands where the screen showed it, at every zoom and after signing", async ({ page, browser }) => {
  once("desktop");
  test.setTimeout(180_000);
  const citizen = await atSigning(page, "turned.pdf");
  await settings(page);
  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();
  for (const [field, value] of [["Trang", 1], ["Rộng", WANTED.width], ["Cao", WANTED.height], ["Cách trái", WANTED.x], ["Cách trên", WANTED.y]] as const) {
    const input = page.getByRole("spinbutton", { name: field, exact: true });
    await input.fill(String(value));
    await input.press("Enter");
  }
  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();
  await page.getByText("Sao chép sang trang khác").click();
  await page.getByRole("button", { name: "Mọi trang", exact: true }).click();
  await expect(page.locator(".mark-list li")).toHaveCount(15);
  await look(page, "56-marks");
  await settings(page, false);
  await expect(page.getByText("Chỉ ô ở trang 1 là chữ ký số. Ô ở các trang khác là hình minh họa.")).toBeVisible();

  const zooms = [() => undefined, () => page.getByRole("button", { name: "Phóng to" }).click(), async () => {
    for (let step = 0; step < 3; step += 1) await page.getByRole("button", { name: "Thu nhỏ" }).click();
  }];
  const frame = page.locator(".pages");
  for (const zoom of zooms) {
    await zoom();
    await frame.evaluate((node) => node.scrollTo({ top: 0 }));
    for (const [index, size] of SEEN.entries()) {
      const sheet = page.locator(`.page[data-page="${index}"]`);
      // Pages that are far away are not in the document.
      for (let step = 0; step < 40 && (await sheet.count()) === 0; step += 1) {
        await frame.evaluate((node) => node.scrollBy({ top: node.clientHeight * 0.8 }));
        await page.waitForTimeout(40);
      }
      const box = sheet.locator(".signature-box");
      await expect(box).toHaveCount(1);
      const found = await measured(box, size.width);
      for (const side of ["x", "y", "width", "height"] as const) {
        expect(Math.abs(found[side] - points(WANTED[side])), `page ${index + 1}: ${side} ${found[side]}`).toBeLessThan(0.1);
      }
    }
  }

  await citizen.page.getByRole("button", { name: "Đến ô ký" }).click();
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  const file = await citizen.saveSigned(FORM, `${test.info().project.name}-turned-marks.pdf`);
  accepted(file);
  const frames = drawn(file);
  expect(frames).toHaveLength(16);
  for (const [index, size] of SEEN.entries()) {
    const frame = frames[index]!;
    const expected = [
      points(WANTED.x) / size.width,
      points(WANTED.y) / size.height,
      points(WANTED.x + WANTED.width) / size.width,
      points(WANTED.y + WANTED.height) / size.height,
    ];
    for (const side of [0, 1, 2, 3] as const) {
      const long = side % 2 === 0 ? size.width : size.height;
      expect(Math.abs(frame[side] - expected[side]!) * long, `page ${index + 1}, side ${side}: ${frame}`).toBeLessThan(index < 8 ? 1.1 : 2.2);
    }
  }
});

test("marks are chosen by page, made the signature and taken away", async ({ page }) => {
  const citizen = await atSigning(page, "pages80.pdf");
  await settings(page);
  await page.getByText("Sao chép sang trang khác").click();
  await page.getByLabel("Chọn trang").fill("81");
  await page.getByRole("button", { name: "Sao chép", exact: true }).click();
  await expect(page.getByText("Tài liệu có 80 trang.")).toBeVisible();
  await page.getByLabel("Chọn trang").fill("2, 4-6");
  await page.getByRole("button", { name: "Sao chép", exact: true }).click();
  await expect(page.locator(".mark-list li")).toHaveCount(4);
  await page.getByRole("button", { name: "Dùng làm chữ ký số: hình ở trang 5" }).click();
  await expect(citizen.box()).toHaveAccessibleName(/^Ô ký trang 5/);
  await page.getByRole("button", { name: "Xóa hình ở trang 80" }).click();
  await expect(page.locator(".mark-list li")).toHaveCount(3);
  await page.getByRole("button", { name: "Xóa tất cả hình minh họa" }).click();
  await expect(page.locator(".mark-list li")).toHaveCount(0);
});

import { look } from "../support/look.ts";
import { atSigning, comesTo, place, settings } from "../support/placement.ts";
import { expect, test } from "../support/test.ts";

test("the box is moved and resized by keyboard, numbers, pointer and tap, on any page, and steps are taken back", async ({ page }) => {
  const citizen = await atSigning(page, "libreoffice.pdf", { image: true });
  const box = citizen.box();
  await expect(page.locator(".why")).toContainText("Đã tìm thấy");
  const [onPage, left, top, width, height] = (await place(citizen)) as [number, number, number, number, number];

  await box.focus();
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("ArrowLeft");
  await comesTo(citizen, [onPage, left - 1, top - 5, width, height]);
  await page.keyboard.press("Alt+Shift+ArrowLeft");
  await comesTo(citizen, [onPage, left - 1, top - 5, width - 5, height]);
  await page.keyboard.press("PageUp");
  await expect(box).toBeFocused();
  await comesTo(citizen, [onPage - 1, left - 1, top - 5, width - 5, height]);
  await page.keyboard.press("PageDown");
  await expect(box).toBeFocused();
  await page.keyboard.press("Control+z");
  await comesTo(citizen, [onPage - 1, left - 1, top - 5, width - 5, height]);
  await page.keyboard.press("Control+y");
  await comesTo(citizen, [onPage, left - 1, top - 5, width - 5, height]);

  await settings(page);
  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();
  await page.getByRole("spinbutton", { name: "Cách trái" }).fill("30.5");
  await page.getByRole("spinbutton", { name: "Cách trái" }).press("Enter");
  await page.getByRole("spinbutton", { name: "Rộng" }).fill("70");
  await page.getByRole("spinbutton", { name: "Rộng" }).press("Enter");
  await expect(page.getByRole("spinbutton", { name: "Cách trái" })).toHaveValue("30.5");
  await expect.poll(async () => (await place(citizen))[3]).toBe(70);
  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();
  await settings(page, false);

  // Alt: nothing attracts the box.
  await page.getByRole("button", { name: "Đến ô ký" }).click();
  await box.scrollIntoViewIfNeeded();
  const before = (await box.boundingBox())!;
  await page.keyboard.down("Alt");
  await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width / 2 + 30, before.y + before.height / 2 - 40, { steps: 5 });
  await page.mouse.up();
  const after = (await box.boundingBox())!;
  expect(Math.abs(after.x - before.x - 30)).toBeLessThan(2);
  expect(Math.abs(after.y - before.y + 40)).toBeLessThan(2);
  await page.mouse.move(after.x + after.width, after.y + after.height);
  await page.mouse.down();
  await page.mouse.move(after.x + after.width - 25, after.y + after.height + 15, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up("Alt");
  const resized = (await box.boundingBox())!;
  expect(Math.abs(resized.width - after.width + 25)).toBeLessThan(2);
  expect(Math.abs(resized.height - after.height - 15)).toBeLessThan(2);
  // A press without movement is no step; one undo takes one drag back.
  await page.mouse.click(resized.x + resized.width / 2, resized.y + resized.height / 2);
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await expect.poll(async () => Math.round((await box.boundingBox())!.width - after.width)).toBe(0);
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await expect.poll(async () => Math.round((await box.boundingBox())!.x - before.x)).toBe(0);

  // One touch puts it; on a phone a finger, on a desktop the mouse.
  const sheet = page.locator(`.page[data-page="${onPage - 1}"]`);
  const corner = (await sheet.boundingBox())!;
  const frame = (await page.locator(".pages").boundingBox())!;
  const [x, y] = [corner.x + corner.width * 0.3, Math.max(corner.y, frame.y) + 60];
  if (test.info().project.name === "phone") await page.touchscreen.tap(x, y);
  else await page.mouse.click(x, y);
  const tapped = (await box.boundingBox())!;
  expect(Math.abs(tapped.y + tapped.height / 2 - y)).toBeLessThan(tapped.height / 2 + 2);

  for (const mode of ["Chỉ hình ảnh", "Hình ảnh và văn bản", "Chỉ văn bản"]) {
    await settings(page);
    await page.getByLabel(mode).check();
    await page.waitForTimeout(600);
    const canvas = box.locator("canvas");
    const picture = await canvas.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL("image/png"));
    const { writeFileSync, mkdirSync } = await import("node:fs");
    mkdirSync(`results/screens/${test.info().project.name}`, { recursive: true });
    writeFileSync(`results/screens/${test.info().project.name}/50-${mode.replaceAll(" ", "-")}.png`, Buffer.from(picture.split(",")[1]!, "base64"));
    const inked = await canvas.evaluate((canvas: HTMLCanvasElement) =>
      canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.filter((value, index) => index % 4 === 3 && value > 128).length);
    expect(inked, `${mode} draws something`).toBeGreaterThan(100);
  }
  await look(page, "52-settings");
  await settings(page, false);
  await look(page, "51-placed");
  await box.focus();
  await page.keyboard.press("Delete");
  await expect(box).toBeHidden();
  await expect(page.getByRole("button", { name: "Chọn vị trí ký" })).toBeDisabled();
  const toast = page.locator(".toast");
  await expect(toast).toContainText("Đã xóa ô ký ở trang");
  await look(page, "53-removed");
  await toast.getByRole("button", { name: "Hoàn tác" }).click();
  await expect(box).toBeVisible();
  await expect(box).toBeFocused();
});

test("a finger drags the box", async ({ page, context }) => {
  test.skip(test.info().project.name !== "phone", "a desktop has no touch screen");
  const citizen = await atSigning(page, "libreoffice.pdf");
  const box = citizen.box();
  await page.waitForTimeout(800);
  await box.scrollIntoViewIfNeeded();
  const before = (await box.boundingBox())!;
  const session = await context.newCDPSession(page);
  const [x, y] = [before.x + before.width / 2, before.y + before.height / 2];
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [{ x, y }]);
  for (const step of [10, 20, 30]) await touch("touchMove", [{ x: x - step, y: y - step }]);
  await touch("touchEnd", []);
  const after = (await box.boundingBox())!;
  // As far as the finger went, but for what attracts it: at most 6 pixels.
  expect(Math.abs(after.x - before.x + 30)).toBeLessThan(8);
  expect(Math.abs(after.y - before.y + 30)).toBeLessThan(8);
});

test("a dragged box snaps to text and shows the guide, Alt frees it", async ({ page }) => {
  test.skip(test.info().project.name !== "desktop", "guides follow a mouse");
  const citizen = await atSigning(page, "libreoffice.pdf");
  const box = citizen.box();
  await box.scrollIntoViewIfNeeded();
  const sheet = (await box.locator("xpath=ancestor::*[contains(@class,'page')][@data-page]").boundingBox())!;
  const before = (await box.boundingBox())!;
  const grab = { x: before.x + before.width / 2, y: before.y + before.height / 2 };
  // Its middle to nearly the middle of the page.
  const toMiddle = sheet.x + sheet.width / 2 - grab.x + 3;
  await page.mouse.move(grab.x, grab.y);
  await page.mouse.down();
  await page.mouse.move(grab.x + toMiddle - 20, grab.y + 11, { steps: 4 });
  await page.mouse.move(grab.x + toMiddle, grab.y + 11);
  await expect(page.locator(".guide.across")).toBeVisible();
  const snapped = (await box.boundingBox())!;
  const guide = (await page.locator(".guide.across").boundingBox())!;
  expect(Math.min(...[0, 0.5, 1].map((part) => Math.abs(snapped.x + snapped.width * part - guide.x)))).toBeLessThan(1.1);
  await page.keyboard.down("Alt");
  await page.mouse.move(grab.x + toMiddle + 1, grab.y + 11);
  await expect(page.locator(".guide")).toHaveCount(0);
  await page.keyboard.up("Alt");
  await page.keyboard.press("Escape");
  await page.mouse.up();
  const back = (await box.boundingBox())!;
  expect(Math.abs(back.x - before.x), "Escape gives the drag up").toBeLessThan(1);
});

test("a box over text says how far to go, and goes there", async ({ page }) => {
  const citizen = await atSigning(page, "libreoffice.pdf");
  const box = citizen.box();
  await box.focus();
  for (let press = 0; press < 12; press += 1) await page.keyboard.press("Shift+ArrowUp");
  const warning = page.locator(".notice", { hasText: "Ô ký đang che chữ" });
  await expect(warning).toContainText(/Nên dời (xuống|lên|sang phải|sang trái) \d+\smm/);
  await expect(page.locator("#said")).toContainText("Ô ký đang che chữ");
  await look(page, "54-over-text");
  await warning.getByRole("button", { name: "Dời giúp tôi" }).click();
  await expect(warning).toBeHidden();
  await expect(page.getByRole("button", { name: "Chọn vị trí ký" })).toBeEnabled();
  await box.focus();
  for (let press = 0; press < 4; press += 1) await page.keyboard.press("Alt+Shift+ArrowUp");
  await expect(page.getByText("Ô ký nhỏ hơn 30 × 12 mm, chữ có thể khó đọc.")).toBeVisible();
});

test("over an earlier signature nothing is signed until the box goes away, and marks are not offered", async ({ page }) => {
  const citizen = await atSigning(page, "signed-before.pdf");
  await expect(page.getByText("Tài liệu đã có 1 chữ ký số.")).toBeVisible();
  const box = citizen.box();
  await settings(page);
  await expect(page.getByText("không thêm được hình chữ ký ở trang khác")).toBeVisible();
  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();
  // The earlier signature stands at 60, 60 points from the lower left corner of page 1.
  for (const [field, value] of [["Trang", "1"], ["Cách trái", "25"], ["Cách trên", "265"]] as const) {
    await page.getByRole("spinbutton", { name: field, exact: true }).fill(value);
    await page.getByRole("spinbutton", { name: field, exact: true }).press("Enter");
  }
  await settings(page, false);
  const warning = page.locator(".notice", { hasText: "Ô ký trùng với chữ ký đã có" });
  await expect(warning).toBeVisible();
  await expect(page.getByRole("button", { name: "Chọn vị trí ký" })).toBeDisabled();
  await look(page, "55-over-signature");
  await warning.getByRole("button", { name: /^Dời/ }).click();
  await expect(warning).toBeHidden();
  await expect(page.getByRole("button", { name: "Chọn vị trí ký" })).toBeEnabled();
  await expect(box).toBeVisible();
});

import { people, Person } from "../support/person.ts";
import { look } from "../support/look.ts";
import { expect, test } from "../support/test.ts";

const FORM = "Tờ khai đăng ký khai sinh";

/** Page, left, top, width and height as the box says them, in mm. */
async function place(citizen: Person): Promise<number[]> {
  const spoken = (await citizen.box().getAttribute("aria-label")) ?? "";
  return (spoken.match(/\d+/g) ?? []).slice(0, 5).map(Number);
}

test("the box is moved and resized by keyboard, numbers, pointer and tap, on any page, and steps are taken back", async ({ page }) => {
  const citizen = new Person(page, people.mau);
  await citizen.signIn();
  await citizen.withoutProfiles();
  await citizen.addProfile({ image: true });
  await citizen.startDossier();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM);
  const box = citizen.box();
  await expect(box).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".why")).toContainText("Đã tìm thấy");
  const [onPage, left, top, width, height] = await place(citizen);

  await box.focus();
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("ArrowLeft");
  expect(await place(citizen)).toEqual([onPage, left! - 1, top! - 5, width, height]);
  await page.keyboard.press("Alt+Shift+ArrowLeft");
  expect((await place(citizen))[3]).toBe(width! - 5);
  await page.keyboard.press("PageUp");
  await expect(box).toBeFocused();
  expect((await place(citizen))[0]).toBe(onPage! - 1);
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Control+z");
  expect((await place(citizen))[0]).toBe(onPage! - 1);
  await page.keyboard.press("Control+y");
  expect((await place(citizen))[0]).toBe(onPage);

  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();
  await page.getByRole("spinbutton", { name: "Cách trái" }).fill("30");
  await page.getByRole("spinbutton", { name: "Cách trái" }).press("Enter");
  await page.getByRole("spinbutton", { name: "Rộng" }).fill("70");
  await page.getByRole("spinbutton", { name: "Rộng" }).press("Enter");
  expect((await place(citizen))[1]).toBe(30);
  expect((await place(citizen))[3]).toBe(70);
  await page.getByText("Vị trí và cỡ ô ký bằng số (mm)").click();

  await box.scrollIntoViewIfNeeded();
  const before = (await box.boundingBox())!;
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
  const resized = (await box.boundingBox())!;
  expect(Math.abs(resized.width - after.width + 25)).toBeLessThan(2);
  expect(Math.abs(resized.height - after.height - 15)).toBeLessThan(2);

  // One touch puts it; on a phone a finger, on a desktop the mouse.
  const sheet = page.locator(`.page[data-page="${onPage! - 1}"]`);
  const corner = (await sheet.boundingBox())!;
  const frame = (await page.locator(".pages").boundingBox())!;
  const [x, y] = [corner.x + corner.width * 0.3, Math.max(corner.y, frame.y) + 60];
  if (test.info().project.name === "phone") await page.touchscreen.tap(x, y);
  else await page.mouse.click(x, y);
  const tapped = (await box.boundingBox())!;
  expect(Math.abs(tapped.y + tapped.height / 2 - y)).toBeLessThan(tapped.height / 2 + 2);

  for (const mode of ["Chỉ hình ảnh", "Hình ảnh và văn bản", "Chỉ văn bản"]) {
    await page.getByLabel(mode).check();
    await page.waitForTimeout(600);
    await box.screenshot({ path: `results/screens/${test.info().project.name}/50-${mode.replaceAll(" ", "-")}.png` });
    const drawn = await box.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext("2d")!;
      context.drawImage(canvas, 0, 0);
      return context.getImageData(0, 0, copy.width, copy.height).data.filter((value, index) => index % 4 === 3 && value > 128).length;
    });
    expect(drawn, `${mode} draws something`).toBeGreaterThan(100);
  }
  await page.keyboard.press("Tab");
  await look(page, "51-placed");
  await box.focus();
  await page.keyboard.press("Delete");
  await expect(box).toBeHidden();
  await expect(page.getByRole("button", { name: "Chọn vị trí ký" })).toBeDisabled();
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await expect(box).toBeVisible();
});

test("a finger drags the box", async ({ page, context }) => {
  test.skip(test.info().project.name !== "phone", "a desktop has no touch screen");
  const citizen = new Person(page, people.mau);
  await citizen.signIn();
  await citizen.withoutProfiles();
  await citizen.addProfile({ image: false });
  await citizen.startDossier();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM);
  const box = citizen.box();
  await expect(box).toBeVisible({ timeout: 30_000 });
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
  expect(Math.abs(after.x - before.x + 30)).toBeLessThan(3);
  expect(Math.abs(after.y - before.y + 30)).toBeLessThan(3);
});

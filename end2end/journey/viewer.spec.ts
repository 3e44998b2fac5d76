import type { Locator, Page } from "@playwright/test";
import { fixture } from "../support/fixture.ts";
import { accessible as blameless } from "../support/look.ts";
import { expect, test } from "../support/test.ts";

// The same viewer stands on every screen; `Kiểm tra chữ ký` needs no sign-in.

type Box = { x: number; y: number; width: number; height: number };

async function open(page: Page, file: string): Promise<Locator> {
  await page.goto("/kiem-tra");
  await page.locator("#file").setInputFiles(fixture(file));
  const viewer = page.locator(".viewer");
  await expect(viewer).toBeVisible({ timeout: 30_000 });
  await viewer.evaluate((node) => node.scrollIntoView({ block: "end" }));
  await drawn(page, 0);
  return viewer;
}

/** The picture of a page is there. */
async function drawn(page: Page, number: number): Promise<void> {
  await expect(sheet(page, number).locator("canvas.whole")).not.toHaveAttribute("data-drawn", "0", { timeout: 30_000 });
}

/** Where something is once it has not moved for half a second. */
async function still(what: Locator): Promise<Box> {
  const seen: string[] = [];
  await expect
    .poll(
      async () => {
        seen.push(JSON.stringify(await what.boundingBox()));
        return seen.slice(-3).every((place) => place !== "null" && place === seen.at(-1)) && seen.length >= 3;
      },
      { intervals: [250] },
    )
    .toBe(true);
  return JSON.parse(seen.at(-1)!) as Box;
}

const sheet = (page: Page, number: number): Locator => page.locator(`.page[data-page="${number}"]`);
const field = (page: Page): Locator => page.locator(".page-field input");
const phone = (): boolean => test.info().project.name === "phone";

async function tool(page: Page, name: string): Promise<void> {
  const more = page.getByRole("button", { name: "Thêm công cụ" });
  if (await more.isVisible()) await more.click();
  await page.locator(".tools").getByRole("button", { name, exact: true }).click();
}

async function accessible(page: Page, state: string): Promise<void> {
  await blameless(page, state, ".viewer");
  await page.screenshot({ path: `results/screens/${test.info().project.name}/viewer-${state}.png` });
}

test("a guide is searched without accents, its outline, links and attached file are used, every state is accessible", async ({ page }) => {
  const viewer = await open(page, "outlined.pdf");
  await accessible(page, "open");
  await tool(page, "Tìm trong tài liệu");
  await page.keyboard.type("le phi");
  const count = viewer.locator(".finder .count");
  await expect(count).toHaveText("1/3");
  await expect(viewer.locator(".finder [role=status]")).toHaveText("Chỗ 1 trên 3, trang 1");
  // The mark lies on the letters: where the text layer has them.
  const mark = (await viewer.locator(".marks .here").first().boundingBox())!;
  const line = (await sheet(page, 0).locator(".text span", { hasText: "và lệ phí" }).boundingBox())!;
  expect(Math.abs(mark.y + mark.height / 2 - line.y - line.height / 2)).toBeLessThan(3);
  await page.keyboard.press("Enter");
  await page.keyboard.press("F3");
  await expect(count).toHaveText("3/3");
  await page.keyboard.press("Shift+F3");
  await expect(count).toHaveText("2/3");
  await expect(sheet(page, 2).locator(".marks .here")).toBeInViewport();
  await accessible(page, "search");
  await page.keyboard.press("Escape");
  await expect(viewer.locator(".finder")).toHaveCount(0);
  await expect(viewer.locator(".pages")).toBeFocused();

  const panel = page.getByRole("complementary", { name: "Bảng bên của tài liệu" });
  if (!(await panel.isVisible())) await page.keyboard.press("F4");
  await expect(panel.locator(".thumbnail")).toHaveCount(4);
  await accessible(page, "panel");
  await panel.getByRole("button", { name: "Mục lục" }).click();
  await panel.getByRole("button", { name: /Phí và lệ phí/ }).click();
  await expect(field(page)).toHaveValue("3");
  if (!(await panel.isVisible())) await page.keyboard.press("F4");
  await panel.getByRole("button", { name: "Tệp kèm" }).click();
  const [attached] = await Promise.all([page.waitForEvent("download"), panel.getByRole("button", { name: "Tải về muc-thu.csv" }).click()]);
  expect(attached.suggestedFilename()).toBe("muc-thu.csv");
  await panel.getByRole("button", { name: "Thuộc tính" }).click();
  await expect(panel).toContainText("210 × 297 mm");
  await expect(panel).toContainText("Ủy ban nhân dân xã Thử Nghiệm");
  await accessible(page, "facts");
  if (phone()) await panel.getByRole("button", { name: "Đóng bảng bên" }).click();

  await viewer.locator(".pages").focus();
  await page.keyboard.press("Home");
  const outside = sheet(page, 0).getByRole("link", { name: "https://example.org/nop-ho-so (mở trang ngoài)" });
  await expect(outside).toHaveAttribute("rel", /noopener/);
  await expect(outside).toHaveAttribute("target", "_blank");
  await sheet(page, 0).getByRole("link", { name: "Đến trang 3" }).first().click();
  await expect(field(page)).toHaveValue("3");
  const [saved] = await Promise.all([page.waitForEvent("download"), tool(page, "Tải về")]);
  expect(saved.suggestedFilename()).toBe("outlined.pdf");
  if (phone()) {
    await page.getByRole("button", { name: "Thêm công cụ" }).click();
    await accessible(page, "menu");
    await page.keyboard.press("Escape");
  }
});

test("text is copied in the order it is read, line by line, and lies over its picture", async ({ page }) => {
  await open(page, "libreoffice.pdf");
  await field(page).fill("2");
  await field(page).press("Enter");
  await expect(sheet(page, 1).locator(".text span").first()).toBeAttached();
  const copied = await sheet(page, 1).locator(".text").evaluate((node) => {
    getSelection()!.selectAllChildren(node);
    return getSelection()!.toString();
  });
  const lines = copied.split("\n").map((line) => line.trim());
  expect(lines.slice(0, 3)).toEqual(["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "TỜ KHAI ĐĂNG KÝ KHAI SINH"]);
  expect(lines.at(-2)).toBe("NGƯỜI LÀM ĐƠN");
  // A selection does not end when its page is scrolled away.
  await page.locator(".pages").focus();
  await page.keyboard.press("Home");
  expect(await page.evaluate(() => getSelection()!.toString().length)).toBe(copied.length);
});

test("five hundred pages: few are there, each is reached, zoom and turn keep the place", async ({ page }) => {
  const viewer = await open(page, "pages500.pdf");
  const there = () => viewer.locator(".page").count();
  expect(await there()).toBeLessThan(40);
  await page.keyboard.press("Control+Alt+g");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("250");
  await page.keyboard.press("Enter");
  await drawn(page, 249);
  await expect(sheet(page, 249)).toBeInViewport();
  await expect(sheet(page, 249)).toHaveAttribute("aria-setsize", "500");
  expect(await there()).toBeLessThan(40);

  const pages = viewer.locator(".pages");
  await pages.focus();
  for (const [key, number] of [["n", "251"], ["j", "252"], ["p", "251"], ["k", "250"]] as const) {
    await page.keyboard.press(key);
    await expect(field(page)).toHaveValue(number);
  }

  // The point under the pointer stays under it.
  const text = sheet(page, 249).locator(".text span").first();
  await expect(text).toBeAttached();
  const before = await still(text);
  const at = { x: before.x + 5, y: before.y + 5 };
  await page.mouse.move(at.x, at.y);
  await page.keyboard.down("Control");
  for (let step = 0; step < 4; step += 1) await page.mouse.wheel(0, -120);
  await page.keyboard.up("Control");
  await expect.poll(async () => (await text.boundingBox())!.width / before.width).toBeGreaterThan(1.35);
  const after = (await text.boundingBox())!;
  const factor = after.width / before.width;
  expect(Math.abs(after.x + 5 * factor - at.x)).toBeLessThan(3);
  expect(Math.abs(after.y + 5 * factor - at.y)).toBeLessThan(3);

  for (let step = 0; step < 16; step += 1) await page.keyboard.press("Control++");
  await expect(viewer.locator(".zoom").first()).toHaveText("400 %");
  await expect(field(page)).toHaveValue("250");
  await page.keyboard.press("Control+0");
  await expect(field(page)).toHaveValue("250");
  const upright = (await sheet(page, 249).boundingBox())!;
  await page.keyboard.press("r");
  await expect(sheet(page, 249)).toHaveAttribute("data-turn", "90");
  await expect.poll(async () => { const box = (await sheet(page, 249).boundingBox())!; return box.width / box.height; }).toBeGreaterThan(1);
  expect(upright.width / upright.height).toBeLessThan(1);
  await page.keyboard.press("Shift+R");
  await page.keyboard.press("End");
  await drawn(page, 499);
  await expect(field(page)).toHaveValue("500");
  expect(await there()).toBeLessThan(40);

  // Another window: the place stays.
  await field(page).fill("100");
  await field(page).press("Enter");
  await expect(field(page)).toHaveValue("100");
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: size.height, height: size.width });
  await expect(field(page)).toHaveValue("100");
  await page.setViewportSize(size);
  await expect(field(page)).toHaveValue("100");
});

test("pages are printed as pictures and nothing else is; small pages lead through the document by keyboard", async ({ page }) => {
  await page.addInitScript(() => {
    window.print = () => {
      const place = document.querySelector("#print-pages")!;
      const images = [...place.querySelectorAll("img")];
      (window as unknown as { printed: unknown }).printed = { pages: images.map((image) => `${image.alt} ${image.naturalWidth > 1000} ${image.className}`), last: place === document.body.lastElementChild };
    };
  });
  const viewer = await open(page, "outlined.pdf");
  await viewer.locator(".pages").focus();
  await page.keyboard.press("Control+p");
  const dialog = page.getByRole("dialog", { name: "In tài liệu" });
  await expect(dialog.getByLabel("đến trang")).toHaveValue("4");
  await dialog.getByLabel("Từ trang").fill("9");
  await dialog.getByRole("button", { name: "In", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("từ 1 đến 4");
  await dialog.getByLabel("Từ trang").fill("3");
  await dialog.getByRole("button", { name: "In", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => page.evaluate(() => (window as unknown as { printed: unknown }).printed)).toEqual({ pages: ["Trang 3 true ", "Trang 4 true wide"], last: true });
  await expect(page.locator("#print-pages")).toBeHidden();

  if (phone()) return;
  const first = viewer.getByRole("button", { name: "Trang 1", exact: true });
  await first.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(viewer.getByRole("button", { name: "Trang 3", exact: true })).toBeFocused();
  await expect(field(page)).toHaveValue("3");
  await page.keyboard.press("Tab");
  await expect(viewer.locator(".pages")).toBeFocused();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Phím tắt" });
  await expect(help).toBeVisible();
  await accessible(page, "help");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("a file with a password is read with it", async ({ page }) => {
  await page.goto("/kiem-tra");
  await page.locator("#file").setInputFiles(fixture("encrypted.pdf"));
  const password = page.getByLabel("Mật khẩu của tệp");
  await expect(password).toBeVisible({ timeout: 30_000 });
  await password.fill("sai");
  await page.getByRole("button", { name: "Kiểm tra", exact: true }).click();
  await expect(page.getByText("Mật khẩu chưa đúng.")).toBeVisible();
  await password.fill("mat-khau");
  await password.press("Enter");
  await drawn(page, 0);
});

test("two fingers zoom around what is between them", async ({ page }) => {
  test.skip(!phone(), "needs a touch screen");
  await open(page, "outlined.pdf");
  const text = sheet(page, 0).locator(".text span").first();
  await expect(text).toBeAttached();
  // What the check found comes above the pages when it is there, and moves them: fingers set down before would miss them.
  const before = await still(text);
  const middle = { x: 160, y: before.y + 3 };
  const under = ({ x, y }: typeof middle): boolean => document.elementFromPoint(x, y)?.closest(".viewer .pages") != null;
  expect(await page.evaluate(under, middle), "the fingers are on the pages").toBe(true);
  const share = (middle.x - before.x) / before.width;
  const session = await page.context().newCDPSession(page);
  const fingers = (apart: number) => [
    { x: middle.x - apart, y: middle.y, id: 1 },
    { x: middle.x + apart, y: middle.y, id: 2 },
  ];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(30) });
  for (const apart of [40, 55, 70, 80, 90]) await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(apart) });
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect.poll(async () => Math.round((10 * (await text.boundingBox())!.width) / before.width) / 10).toBe(3);
  const after = (await text.boundingBox())!;
  expect(Math.abs(after.x + share * after.width - middle.x)).toBeLessThan(6);
});

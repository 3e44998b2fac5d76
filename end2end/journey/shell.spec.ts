import { people, Person } from "../support/person.ts";
import { look } from "../support/look.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(() => test.skip(test.info().project.name === "phone", "sizes and schemes are set here; once is enough"));

const publicScreens = [
  ["home", "/"],
  ["procedures", "/thu-tuc"],
  ["procedure", "/thu-tuc/1.001193"],
  ["sign-in", "/dang-nhap"],
  ["help", "/ho-tro"],
  ["help-topic", "/ho-tro/ky-so"],
  ["help-provider", "/ho-tro/vnpt-smartca"],
  ["design", "/mau-giao-dien"],
  ["check", "/kiem-tra"],
] as const;
const byDay: string[] = ["home", "help-topic", "design"];

test("public screens are accessible by day and by night", async ({ page }) => {
  for (const [name, address] of publicScreens) {
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await look(page, `shell-${name}-dark`);
    // Others see the rest by day.
    if (byDay.includes(name)) {
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await look(page, `shell-${name}-light`);
    }
  }
});

test("on a phone one button opens the menu, by keyboard too, and says where one is", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/thu-tuc");
  const menu = page.getByRole("navigation", { name: "Chính" });
  const button = page.getByRole("button", { name: "Menu" });
  await expect(menu).toBeHidden();
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await expect(menu.getByRole("link", { name: "Thủ tục hành chính" })).toHaveAttribute("aria-current", "page");
  await page.keyboard.press("Tab");
  await expect(menu.getByRole("link").first()).toBeFocused();
  await look(page, "shell-menu-360");
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await menu.getByRole("link", { name: "Hỗ trợ" }).press("Enter");
  await expect(page).toHaveURL(/\/ho-tro$/);
  await expect(menu, "it closes when one has gone somewhere").toBeHidden();
});

test("in the system's own colours buttons keep their edge and the current page its mark", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/mau-giao-dien");
  const main = page.getByRole("button", { name: "Việc chính" });
  await expect(main).toHaveCSS("border-top-width", "3px");
  await page.goto("/thu-tuc");
  await expect(page.getByRole("navigation", { name: "Chính" }).getByRole("link", { name: "Thủ tục hành chính" })).toHaveCSS("border-bottom-width", "3px");
  await look(page, "shell-forced-colors");
});

test("every Vietnamese letter comes from the portal's own font", async ({ page }) => {
  await page.goto("/mau-giao-dien");
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  const small = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ";
  await page.evaluate(async (letters) => {
    for (const weight of ["400", "600"]) {
      const line = document.createElement("p");
      line.className = "every-letter";
      line.style.fontWeight = weight;
      line.textContent = letters;
      document.querySelector("main")?.append(line);
    }
    await document.fonts.ready;
  }, small + small.toUpperCase() + "0123456789₫%&–—“”…·");
  const inspector = await page.context().newCDPSession(page);
  await inspector.send("DOM.enable");
  await inspector.send("CSS.enable");
  const { root } = await inspector.send("DOM.getDocument");
  const { nodeIds } = await inspector.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: ".every-letter" });
  expect(nodeIds).toHaveLength(2);
  for (const nodeId of nodeIds) {
    await expect
      .poll(async () => {
        const { fonts } = await inspector.send("CSS.getPlatformFontsForNode", { nodeId });
        return fonts.map((font) => `${font.familyName}${font.isCustomFont ? "" : " of the system"}`.replace(/ (SemiBold|Regular)/, "")).filter((name, at, all) => all.indexOf(name) === at);
      })
      .toEqual(["Be Vietnam Pro"]);
  }
});

test("nothing moves while a page loads", async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: { value: number; hadRecentInput: boolean; sources: { node?: Node }[] }[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => shifts.push(...(list.getEntries() as never[]))).observe({ type: "layout-shift", buffered: true });
  });
  for (const [address, there] of [
    ["/", ".life-card a"],
    ["/thu-tuc", "main .card"],
    ["/thu-tuc/1.001193", "main h2"],
  ] as const) {
    await page.goto(address);
    await expect(page.locator(there).first()).toBeVisible();
    await page.evaluate(() => document.fonts.ready);
    const moved = await page.evaluate(() => (window as never as { shifts: { value: number }[] }).shifts.reduce((sum, shift) => sum + shift.value, 0));
    expect(moved, address).toBeLessThan(0.05);
  }
});

test("the other language is one press away and stays", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("banner").getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Submit dossiers and sign them in your browser" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Help" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Guidance and help" })).toBeVisible();
  await page.getByRole("banner").getByRole("button", { name: "Tiếng Việt" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Hướng dẫn và hỗ trợ" })).toBeVisible();
});

test("the password is changed and other devices are signed out", async ({ page, browser }) => {
  const citizen = new Person(page, people.viDu);
  await citizen.signIn();
  const elsewhere = await browser.newContext();
  const other = new Person(await elsewhere.newPage(), people.viDu);
  await other.signIn();
  await page.goto("/doi-mat-khau");
  const change = async (current: string, wanted: string) => {
    await page.getByLabel("Mật khẩu hiện tại").fill(current);
    await page.getByLabel("Mật khẩu mới", { exact: false }).first().fill(wanted);
    await page.getByLabel("Nhập lại mật khẩu mới").fill(wanted);
    await page.getByRole("button", { name: "Đổi mật khẩu" }).click();
  };
  await change("không phải", "một câu dễ nhớ");
  await expect(page.getByText("Mật khẩu hiện tại chưa đúng.")).toBeVisible();
  await look(page, "shell-password");
  await change("Demo@2026", "12345678");
  await expect(page.getByText("Mật khẩu mới không được chỉ gồm chữ số.")).toBeVisible();
  await change("Demo@2026", "một câu dễ nhớ");
  await expect(page.locator(".notice.good")).toContainText("Đã đổi mật khẩu");
  await other.page.reload();
  await expect(other.page.getByRole("banner").getByRole("link", { name: "Đăng nhập" })).toBeVisible();
  await elsewhere.close();
  // As it was, for the tests that follow.
  await change("một câu dễ nhớ", "Demo@2026");
  await expect(page.locator(".notice.good")).toContainText("Đã đổi mật khẩu");
});

test("the portal can be installed: its manifest names what is there", async ({ page, request }) => {
  const manifest = (await (await request.get("/manifest.webmanifest")).json()) as {
    id: string;
    icons: { src: string; sizes: string; purpose: string }[];
    screenshots: { src: string; sizes: string }[];
    shortcuts: { url: string }[];
  };
  expect(manifest.id).toBe("/");
  expect(manifest.icons.map((icon) => icon.purpose)).toContain("maskable");
  await page.goto("/");
  for (const picture of [...manifest.icons, ...manifest.screenshots].filter((picture) => picture.src.endsWith(".png"))) {
    const size = await page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, picture.src);
    expect(size, picture.src).toBe(picture.sizes);
  }
  for (const shortcut of manifest.shortcuts) expect((await request.get(shortcut.url)).ok()).toBe(true);
});

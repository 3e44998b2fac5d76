import { password, people, Person } from "../support/person.ts";
import { once } from "../support/once.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(() => once("desktop"));

/** A page whose program waits until it is let go. */
async function held(browser: import("@playwright/test").Browser, baseURL: string | undefined) {
  const context = await browser.newContext({ baseURL, serviceWorkers: "block" });
  const page = await context.newPage();
  let go = () => {};
  const free = new Promise<void>((resolve) => (go = resolve));
  await page.route(/app_bg\.wasm$/, async (route) => {
    await free;
    await route.continue();
  });
  return { context, page, go };
}

test("what is typed before the program has come stays, with the caret in its place", async ({ browser, baseURL }) => {
  const { context, page, go } = await held(browser, baseURL);
  await page.goto("/");
  const box = page.getByRole("searchbox", { name: "Bạn cần làm thủ tục gì?" });
  await box.click();
  await page.keyboard.type("khai sih");
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator("#skeleton")).toBeAttached();
  go();
  await expect(page.locator("#skeleton")).toHaveCount(0);
  await expect(box).toBeFocused();
  await page.keyboard.type("n");
  await expect(box).toHaveValue("khai sinh");
  await expect(page.locator(".results a").first(), "and it is searched for").toContainText("khai sinh");
  await context.close();
});

test("the search works without the program, and a button that came too early is pressed once it can answer", async ({ browser, baseURL }) => {
  const { context, page, go } = await held(browser, baseURL);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/");
  await expect(page).toHaveTitle("Trang chủ · Hồ Sơ Ký Số");
  await page.getByRole("searchbox").fill("tạm trú");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL(/\/thu-tuc\?tim=t/);
  await page.getByRole("button", { name: "Menu" }).click();
  go();
  await expect(page.getByRole("navigation", { name: "Chính" }).getByRole("link", { name: "Hỗ trợ" })).toBeVisible();
  await expect(page.locator("main .card").first()).toContainText("tạm trú", { ignoreCase: true });
  await context.close();
});

test("a procedure says what it is before the program has come, and nothing takes that away again", async ({ browser, baseURL }) => {
  const { context, page, go } = await held(browser, baseURL);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/api\/procedures\/1\.001193$/, async (route) => {
    await answered;
    await route.continue();
  });
  await page.goto("/thu-tuc/1.001193");
  const heading = page.getByRole("heading", { level: 1 });
  const name = (await heading.textContent())!;
  expect(name).toContain("khai sinh");
  await expect(page).toHaveTitle(`${name} · Hồ Sơ Ký Số`);
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
  go();
  await expect(page.locator("#skeleton")).toHaveCount(0);
  await expect(heading).toHaveText(name);
  await expect(page.locator("main .skeleton")).toHaveCount(0);
  answer();
  await expect(page, "the button was pressed: who is not signed in signs in first").toHaveURL(/\/dang-nhap\?tiep=\/thu-tuc\/1\.001193/);
  await context.close();
});

test("who is signed in begins a dossier, also when the button was pressed before that was known", async ({ page }) => {
  await new Person(page, people.viDu).arrive(null);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/api\/session$/, async (route) => {
    await answered;
    await route.continue();
  });
  await page.goto("/thu-tuc/1.001193");
  await expect(page.locator("#skeleton, [data-held]")).toHaveCount(0);
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).first().click();
  answer();
  const begun = page.getByRole("heading", { level: 1, name: "Thông tin hồ sơ" });
  await expect(begun.or(page.getByRole("button", { name: "Tạo mới" }))).toBeVisible();
});

test("the list has its first lines, and what is typed there and at the sign-in stays", async ({ browser, baseURL }) => {
  const { context, page, go } = await held(browser, baseURL);
  await page.goto("/thu-tuc");
  const lines = page.locator("main .cards > li");
  await expect(lines).toHaveCount(20);
  const first = await lines.first().innerText();
  const box = page.getByRole("searchbox");
  await box.click();
  await page.keyboard.type("khai sih");
  await page.keyboard.press("ArrowLeft");
  go();
  await expect(page.locator("#skeleton, [data-held]")).toHaveCount(0);
  await expect(box).toBeFocused();
  await page.keyboard.type("n");
  await expect(box).toHaveValue("khai sinh");
  await expect(lines.first()).toContainText("khai sinh");
  await box.fill("");
  await expect(lines).toHaveCount(20);
  expect(await lines.first().innerText(), "the program says the same").toBe(first);

  const again = await held(browser, baseURL);
  await again.page.goto("/dang-nhap");
  await again.page.getByLabel("Tên đăng nhập").fill(people.thu.login);
  await again.page.getByLabel("Mật khẩu").fill(password);
  await again.page.getByRole("button", { name: "Đăng nhập", exact: true }).click();
  again.go();
  await expect(new Person(again.page, people.thu).menu(), "the button was pressed").toBeVisible();
  await again.context.close();
  await context.close();
});

test("who chose English reads no Vietnamese before the program has come", async ({ browser, baseURL }) => {
  const { context, page, go } = await held(browser, baseURL);
  go();
  await page.goto("/");
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("button", { name: "English" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Submit dossiers and sign them in your browser" })).toBeVisible();
  for (const [address, words] of [
    ["/", "Which procedure do you need?"],
    ["/thu-tuc/1.001193", "Processing time"],
    ["/thu-tuc", "Search by name, code or keyword"],
    ["/dang-nhap", "User name"],
    ["/kiem-tra", "Choose a PDF"],
    ["/tin-tuc", "Opening the public service portal…"],
  ] as const) {
    const document = await (await context.request.get(address)).text();
    expect(document, address).toContain('<html lang="en">');
    expect(document, address).toContain(words);
    expect(document, address).not.toContain("Tra cứu hồ sơ");
  }
  await context.close();
});

import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

const CHUNK = /\/pkg\/[0-9a-f]+\/(split|chunk)_\w+\.(wasm|pack)$/;

test.use({ serviceWorkers: "allow" });

test.beforeEach(async ({ request }) => {
  const base = (await (await request.get("/")).text()).match(/\/pkg\/[0-9a-f]+/)![0];
  const script = await (await request.get(`${base}/app.js`)).text();
  test.skip(!script.includes("app_chunk.js"), "the quick build is not cut, and asks the server every second");
});

test("a screen whose chunk does not arrive says so, and another try brings it", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, serviceWorkers: "block" });
  const page = await context.newPage();
  let asked = 0;
  await context.route(CHUNK, (route) => (asked++, route.abort("connectionreset")));
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(asked, "the first screen needs no chunk").toBe(0);
  await page.getByRole("link", { name: "Kiểm tra chữ ký" }).first().click();
  await expect(page.getByRole("alert")).toContainText("Chưa tải được phần này của trang");
  expect(asked).toBeGreaterThan(0);
  await context.unroute(CHUNK);
  await page.getByRole("button", { name: "Thử lại" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Kiểm tra chữ ký số");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await context.close();
});

test("every chunk is kept for the time without a network", async ({ page, context }) => {
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  await page.goto("/thu-tuc/1.001193");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
  await page.getByRole("button", { name: "Tạo mới" }).or(page.getByLabel("Ghi chú")).first().waitFor();
  const fresh = page.getByRole("button", { name: "Tạo mới" });
  if (await fresh.isVisible()) await fresh.click();
  await expect(page.getByLabel("Ghi chú")).toBeVisible();
  const draft = new URL(page.url()).pathname;
  await context.setOffline(true);
  try {
    await page.goto("/kiem-tra");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Kiểm tra chữ ký số");
    await page.goto(draft);
    await expect(page.getByLabel("Ghi chú")).toBeVisible();
  } finally {
    await context.setOffline(false);
  }
});

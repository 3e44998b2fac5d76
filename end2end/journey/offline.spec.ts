import { kept, lying } from "../support/device.ts";
import { accessible } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

const BIRTH = "1.001193";
const FORM = "Tờ khai đăng ký khai sinh";
const PROOF = "Giấy chứng sinh";
const TWENTY_MEGABYTES = 20_000_000;

test.use({ serviceWorkers: "allow" });

test.beforeEach(() => {
  once("desktop");
});

test("without a network at every step, handed in, broken in the middle of a file, and arrived once", async ({ page, context, browser }) => {
  const citizen = new Person(page, people.mau);
  await citizen.signIn();
  await citizen.withoutProfiles();
  await citizen.addProfile();
  await kept(page, BIRTH);
  const dossiers = () => page.evaluate(async () => ((await (await fetch("/api/dossiers")).json()) as unknown[]).length);
  const before = await dossiers();

  // Steps 1 and 2 without a network, with a reload in each: who one is, what was typed and what was attached is there.
  await context.setOffline(true);
  await citizen.startDossier();
  const draft = new URL(page.url()).pathname.split("/")[2]!;
  await page.reload();
  await expect(page.locator("summary", { hasText: "ngoại tuyến" })).toBeVisible();
  await expect(page.getByText("Đang mất kết nối mạng")).toBeVisible();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.attach(PROOF, "twenty-megabytes.pdf");
  await expect(citizen.file("twenty-megabytes.pdf").getByRole("button", { name: "Xem" })).toBeVisible();
  await page.waitForTimeout(500);
  await page.goto(`/ho-so/${draft}/thong-tin`);
  await expect(page.getByLabel("Nội dung yêu cầu giải quyết")).toHaveValue("Đăng ký khai sinh cho con");
  await page.goto(`/ho-so/${draft}/thanh-phan`);
  await expect(citizen.file("twenty-megabytes.pdf")).toBeVisible();
  // The preview and the placement work as well.
  await citizen.openSigning(FORM);
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });

  // Signing needs the provider.
  await context.setOffline(false);
  await expect(page.getByText("Đang mất kết nối mạng")).toBeHidden({ timeout: 30_000 });
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.waitForRequest();
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();

  // Steps 3 and 4 without a network: handed in, and it stays handed in.
  await context.setOffline(true);
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await page.getByRole("link", { name: "Tiếp tục" }).click();
  await page.getByLabel(/Tôi cam đoan/).check();
  await page.getByRole("button", { name: "Nộp hồ sơ" }).click();
  const sending = page.getByRole("region", { name: "Gửi hồ sơ" });
  await expect(sending.getByText("Sẽ nộp khi có mạng")).toBeVisible();
  await page.reload();
  await expect(sending.getByText("Sẽ nộp khi có mạng")).toBeVisible();
  await accessible(page, "handed in without a network");
  await page.goto("/thu-tuc");
  await expect(page.getByText("sẽ nộp khi có mạng")).toBeVisible();

  // The network is back for some pieces of the large file; then the window is closed in the middle of one.
  const pieces: { at: number; bytes: number; status: number }[] = [];
  const submissions: string[] = [];
  context.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/submission")) submissions.push(request.url());
  });
  let broken = false;
  await context.route("**/api/uploads/*", async (route) => {
    const request = route.request();
    if (request.method() !== "PATCH") return route.continue();
    const piece = { at: Number(request.headers()["upload-offset"]), bytes: request.postDataBuffer()?.length ?? 0, status: 0 };
    if (!broken && pieces.filter((piece) => piece.status === 200).length === 4) {
      broken = true;
      await route.abort("connectionreset");
      return page.close();
    }
    pieces.push(piece);
    const answer = await route.fetch();
    piece.status = answer.status();
    await route.fulfill({ response: answer }).catch(() => {});
  });
  await context.setOffline(false);
  await expect.poll(() => broken, { timeout: 60_000 }).toBe(true);
  const arrived = pieces.length;

  // Another window goes on where that one was, and says what came of it.
  const next = await context.newPage();
  await next.goto("/");
  await expect(next.getByText(/Đã nộp hồ sơ \S+/)).toBeVisible({ timeout: 60_000 });
  const large = pieces.filter((piece) => piece.status === 200);
  const sum = large.reduce((sum, piece) => sum + piece.bytes, 0);
  expect(pieces.slice(arrived)[0]!.at, "not from the beginning").toBeGreaterThan(0);
  expect(sum, "nothing was sent twice").toBeLessThan(TWENTY_MEGABYTES * 1.2);
  expect(Math.max(...large.map((piece) => piece.bytes)), "larger on a quick line").toBeGreaterThan(1_000_000);
  expect(submissions).toHaveLength(1);
  await next.getByRole("link", { name: "Xem hồ sơ" }).click();
  await expect(next.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await next.evaluate(async () => ((await (await fetch("/api/dossiers")).json()) as unknown[]).length)).toBe(before + 1);
  await next.goto("/quan-ly-ho-so");
  await expect(next.locator(`a[href*="/ho-so/${draft}/"]`)).toHaveCount(0);
});

test("what lies on the device is its owner's alone, and gone when they ask", async ({ page, context }) => {
  const owner = new Person(page, people.thu);
  await owner.arrive(null);
  await owner.startDossier();
  await owner.attach(PROOF, "libreoffice.pdf");
  const secrets = ["Trần Thị Thử", people.thu.login, "Đăng ký khai sinh cho con", "%PDF-", "libreoffice.pdf"];
  const found = await lying(page);
  expect(secrets.filter((secret) => found.includes(secret))).toEqual([]);
  expect(found.includes("key false"), "a key that no script can read").toBe(true);
  const sign_out = async (name: string) => {
    await page.locator("details.account summary").click();
    await page.getByRole("button", { name, exact: true }).click();
  };
  await sign_out("Đăng xuất");
  await expect(page.getByRole("link", { name: "Đăng nhập" }).first()).toBeVisible();
  expect((await lying(page)).includes("key false"), "no key is left").toBe(false);

  // Somebody else on the same device, then the owner again.
  const other = new Person(page, people.mau);
  await other.signIn();
  await page.goto("/quan-ly-ho-so");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Tiếp tục" })).toHaveCount(0);
  await sign_out("Đăng xuất");
  await owner.signIn();
  await page.goto("/quan-ly-ho-so");
  await expect(page.getByRole("link", { name: "Tiếp tục" }).first()).toBeVisible();

  // A new version of the site waits until it is asked for, and the draft is there afterwards.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.getByRole("link", { name: "Tiếp tục" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const address = page.url();
  await page.evaluate(() => navigator.serviceWorker.register("/sw.js?next"));
  await page.getByRole("button", { name: "Tải lại" }).click({ timeout: 30_000 });
  await page.waitForLoadState();
  await page.goto(address.replace(/[^/]+$/, "thanh-phan"));
  await expect(owner.file("libreoffice.pdf")).toBeVisible();

  await sign_out("Đăng xuất và xóa dữ liệu trên máy này");
  const dialog = page.getByRole("dialog", { name: "Đăng xuất khỏi máy này" });
  await expect(dialog.getByText("Trên máy này còn 1 bản nháp chưa nộp")).toBeVisible();
  await dialog.getByRole("button", { name: "Xóa dữ liệu và đăng xuất" }).click();
  await expect(page.getByRole("link", { name: "Đăng nhập" }).first()).toBeVisible();
  expect((await lying(page)).match(/^(draft|file|outbox): /gm)).toBeNull();
  await context.setOffline(true);
  await page.goto("/quan-ly-ho-so");
  await expect(page.getByText("Vui lòng đăng nhập để tiếp tục")).toBeVisible();
});

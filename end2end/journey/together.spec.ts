import { existsSync, writeFileSync } from "node:fs";
import { request, type Page } from "@playwright/test";
import { accepted } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { calm, Phone, sandbox } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

const FORM = "Tờ khai đăng ký khai sinh";
const BIRTH = "Giấy chứng sinh";
const CARD = "Giấy tờ tùy thân";
const MARRIAGE = "Giấy chứng nhận kết hôn";

/** Ends the portal as a power cut does; `cargo xtask test` starts it again on the same data. */
async function killPortal(): Promise<void> {
  const file = process.env.RESTART_FILE;
  if (!file) throw new Error("RESTART_FILE is not set: nobody would start the portal again");
  writeFileSync(file, "");
  await expect.poll(() => existsSync(file), { timeout: 60_000 }).toBe(false);
}

/** Something goes wrong at the sandbox until it is calm again. */
async function fault(rule: { fault: string }): Promise<void> {
  const context = await request.newContext();
  expect((await context.post(`${sandbox}/admin/faults`, { data: rule })).ok()).toBe(true);
  await context.dispose();
}

/** Counts what the person presses and types in the portal from now on; typing into one field is one action. */
async function countActions(page: Page): Promise<() => Promise<number>> {
  let counted = 0;
  await page.exposeFunction("countAction", () => {
    counted += 1;
  });
  await page.addInitScript(() => {
    const count = (window as unknown as { countAction: () => void }).countAction;
    addEventListener("click", (event) => event.isTrusted && count(), true);
    addEventListener("change", (event) => event.isTrusted && (event.target as HTMLInputElement).type !== "checkbox" && count(), true);
  });
  return async () => {
    await page.waitForTimeout(50);
    return counted;
  };
}

async function atDossier(page: Page, files: [string, string][]): Promise<Person> {
  const citizen = new Person(page, people.mau);
  await citizen.arrive({ image: false });
  await citizen.startDossier();
  for (const [component, file] of files) await citizen.attach(component, file);
  return citizen;
}

test("five components are signed with one PIN, and the portal dies in the middle", async ({ page, browser }) => {
  const project = test.info().project.name;
  const names = ["libreoffice", "chromium", "typst", "object-streams", "cropped"];
  const [one, two, three, four, five] = names.map((name) => `${name}.pdf`) as [string, string, string, string, string];
  const actions = await countActions(page);
  const citizen = await atDossier(page, [
    [FORM, one],
    [BIRTH, two],
    [CARD, three],
    [MARRIAGE, four],
    [MARRIAGE, five],
  ]);
  await look(page, "40-sign-all");
  const before = await actions();

  await citizen.signAll();
  await expect(page.getByRole("button", { name: "Ký 5 tệp bằng 1 lần xác nhận" })).toBeEnabled({ timeout: 60_000 });
  await look(page, "41-together");
  await citizen.sendAll(5);
  await look(page, "42-waiting-for-five");
  const code = await page.locator(".comparison strong").innerText();
  await killPortal();
  await expect(page.locator(".comparison strong"), "the same request is waited for").toHaveText(code);

  const phone = await Phone.of(browser, people.mau.login);
  const shown = await phone.waitForRequest();
  expect(shown, "phone and page show the same comparison code").toContain(code);
  for (const name of names) expect(shown.split(`${name}.pdf`).length - 1, `${name} stands on the phone once`).toBe(1);
  expect(await phone.page.locator("form.request").count(), "one request for all").toBe(1);
  await phone.confirm();
  await phone.close();
  await expect(page.getByRole("heading", { name: "Ký số thành công" })).toBeVisible({ timeout: 60_000 });
  // The PIN on the phone is one more.
  expect((await actions()) + 1 - before, "actions from attached to signed").toBeLessThanOrEqual(6);
  await look(page, "43-five-signed");
  await citizen.finishSigning();
  for (const name of names) accepted(await citizen.saveFile(`${name}_signed.pdf`, `${project}-together-${name}.pdf`));
  await expect(page.getByText("Đã ký số", { exact: true })).toHaveCount(5);

  // What was signed with one PIN is received like everything else: each file's signature is the one its transaction made.
  expect(await citizen.submit()).toMatch(/^000\.00\.00\.H34-/);
});

test("a dossier that is not so smooth: one file refused, one looked at, one left out, one that gets no value", async ({ page, browser }) => {
  once("phone");
  const project = test.info().project.name;
  const actions = await countActions(page);
  const citizen = await atDossier(page, [
    [FORM, "libreoffice.pdf"],
    [BIRTH, "scan.pdf"],
    [CARD, "certified.pdf"],
    [CARD, "chromium.pdf"],
    [MARRIAGE, "typst.pdf"],
  ]);
  const all = page.getByRole("region", { name: "Ký số nhiều tệp bằng 1 lần xác nhận" });
  await expect(all.getByRole("listitem").filter({ hasText: "certified.pdf" }), "why a file cannot be signed is said before anybody begins").toContainText("Người ký trước không cho phép thêm chữ ký", { timeout: 30_000 });
  await expect(all.getByRole("checkbox")).toHaveCount(4);
  await citizen.signAll();

  // One of four has no keyword: the main button leads there, and the person moves the box.
  const main = page.locator(".action .seal");
  await expect(main).toHaveText("Xem tệp cần xem (1)", { timeout: 60_000 });
  await page.getByRole("button", { name: "Tệp tiếp theo" }).click();
  await expect(page.getByText("Tài liệu là bản quét")).toBeVisible();
  await expect(main).toHaveText("Xác nhận vị trí");
  await citizen.box().press("Shift+ArrowUp");
  await expect(main).toHaveText("Ký 4 tệp bằng 1 lần xác nhận");
  const moved = page.locator("#said");
  await expect(moved).toContainText("Ô ký trang 2");
  const place = await citizen.box().getAttribute("aria-label");

  // The keyboard goes through the files, and a file is left out.
  await page.keyboard.press("Alt+PageDown");
  await expect(page.getByRole("region", { name: "Các trang của tài liệu" })).toBeVisible();
  await expect(page.locator(".files-nav .number")).toHaveText("Tệp 3/4");
  const row = await citizen.listed("chromium.pdf");
  await row.getByRole("checkbox", { name: "Ký tệp chromium.pdf" }).uncheck();
  await expect(row).toContainText("Không ký");
  await look(page, "44-left-out");
  await expect(main).toHaveText("Ký 3 tệp bằng 1 lần xác nhận");

  // All of it is there after a reload.
  await page.waitForTimeout(500);
  await page.reload();
  await expect(main).toHaveText("Ký 3 tệp bằng 1 lần xác nhận", { timeout: 60_000 });
  await page.getByRole("button", { name: "Tệp tiếp theo" }).click();
  await expect(citizen.box()).toHaveAttribute("aria-label", place!);
  await page.emulateMedia({ colorScheme: "dark" });
  await look(page, "45-together-dark");
  await page.emulateMedia({ colorScheme: "light" });

  await citizen.sendAll(3);
  await page.goto(page.url().replace(/\/ky$/, "/thanh-phan"));
  await expect(citizen.file("scan.pdf").getByText("Đang chờ ký")).toBeVisible();
  await expect(citizen.file("scan.pdf").getByRole("button", { name: "Xóa" }), "nobody replaces a file that waits").toBeHidden();
  await expect(citizen.file("chromium.pdf").getByRole("button", { name: "Xóa" })).toBeVisible();
  await look(page, "46-files-wait");
  await citizen.file("scan.pdf").getByRole("link", { name: "Xem yêu cầu ký" }).click();
  await expect(page.getByRole("heading", { name: "Vui lòng kiểm tra điện thoại và nhập mã pin ký số" })).toBeVisible();

  // The provider gives values for all files but the last.
  await fault({ fault: "partial" });
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await page.getByRole("button", { name: "Ký lại 1 tệp còn thiếu" }).click({ timeout: 60_000 });
  await calm();
  await expect(page.locator(".signing-head .file"), "what is signed is not asked for again").toHaveText("typst.pdf", { timeout: 30_000 });
  const before = await actions();
  await citizen.sendRequest();
  await phone.confirm();
  await phone.close();
  await expect(page.getByRole("heading", { name: "Ký số thành công" })).toBeVisible({ timeout: 60_000 });
  // The way to this screen and the PIN are one each.
  expect((await actions()) + 2 - before, "actions for one file").toBeLessThanOrEqual(4);
  await citizen.finishSigning();
  for (const name of ["libreoffice", "scan", "typst"]) accepted(await citizen.saveFile(`${name}_signed.pdf`, `${project}-partly-${name}.pdf`));
  await expect(citizen.file("chromium.pdf").getByText("Chưa ký")).toBeVisible();
});

test("a provider that takes two files at a time, and a file that cannot be prepared: told by name, and nothing is held up", async ({ context, page, browser }) => {
  once("desktop");
  // The engine cannot prepare the second file, the first time.
  await context.route("**/worker-entry.js", async (route) => {
    const response = await route.fetch();
    const body = `${await response.text()}
      let failed = false;
      const handleAsk = self.onmessage;
      self.onmessage = (event) => {
        const { id, body } = event.data;
        if (body?.ask !== "prepare" || body.document !== 2 || failed) return handleAsk.call(self, event);
        failed = true;
        self.postMessage({ id, body: { answer: "failed", problem: { problem: "box-unusable" } }, buffers: [], memory: 0 });
      };`;
    await route.fulfill({ response, body });
  });
  // The service worker asks for it, on behalf of the page.
  await context.route("**/api/providers", async (route) => {
    const response = await route.fetch();
    const providers = (await response.json()) as { items_max: number }[];
    await route.fulfill({ response, json: providers.map((provider) => ({ ...provider, items_max: 2 })) });
  });
  const citizen = await atDossier(page, [
    [FORM, "libreoffice.pdf"],
    [BIRTH, "chromium.pdf"],
    [CARD, "typst.pdf"],
  ]);
  await citizen.signAll();
  await page.getByRole("button", { name: "Ký 3 tệp" }).click({ timeout: 60_000 });
  const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(dialog.getByText("VNPT-CA nhận tối đa 2 tệp mỗi lần nên 3 tệp cần 2 lần xác nhận.")).toBeVisible();
  await look(page, "47-split");
  await dialog.getByRole("button", { name: "Xác nhận" }).click();
  const told = dialog.getByRole("alert");
  await expect(told).toContainText("Chưa gửi yêu cầu nào. Có tệp không chuẩn bị được:chromium.pdf: Ô ký nằm ngoài trang hoặc quá nhỏ.");
  await look(page, "48-not-prepared");
  await told.getByRole("button", { name: "Ký 1 tệp còn lại" }).click();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await page.getByRole("button", { name: "Ký tiếp 2 tệp (lần xác nhận 2)" }).click({ timeout: 60_000 });
  await citizen.sendAll(2);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  await expect(page.getByText("Đã ký số", { exact: true })).toHaveCount(3);
});

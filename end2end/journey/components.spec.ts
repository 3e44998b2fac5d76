import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { fixture } from "../support/fixture.ts";
import { accepted } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { once } from "../support/once.ts";
import { expect, test } from "../support/test.ts";

test.use({ serviceWorkers: "allow" });

const FORM = "Tờ khai đăng ký khai sinh";
const BIRTH = "Giấy chứng sinh";

async function atComponents(page: Page, who: (typeof people)["mau"], { profile = true } = {}): Promise<Person> {
  const citizen = new Person(page, who);
  await citizen.arrive(profile ? { image: false } : null);
  await citizen.startDossier();
  return citizen;
}

/** The colour of a page of a PDF at a place, given as shares of its width and height, as poppler draws it. */
function color(file: string, page: number, x: number, y: number): string {
  const drawn = execFileSync("pdftoppm", ["-f", String(page), "-l", String(page), "-r", "20", file]);
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(drawn.subarray(0, 40).toString("latin1"))!;
  const [width, height] = [Number(head[1]), Number(head[2])];
  const at = head[0].length + (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  const [red, green, blue] = [drawn[at]!, drawn[at + 1]!, drawn[at + 2]!];
  return red > 150 && blue < 90 ? "red" : blue > 150 && red < 90 ? "blue" : red > 200 && green > 200 ? "paper" : `${red},${green},${blue}`;
}

/** Drops files of the fixtures on something. */
async function drop(page: Page, onto: ReturnType<Person["component"]>, names: string[]): Promise<void> {
  const files = names.map((name) => ({ name, body: readFileSync(fixture(name)).toString("base64") }));
  const data = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const { name, body } of files) data.items.add(new File([Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0))], name));
    return data;
  }, files);
  await onto.dispatchEvent("dragover", { dataTransfer: data });
  await onto.dispatchEvent("drop", { dataTransfer: data });
}

test("files are dropped, put in order, replaced, removed and brought back; what is wrong or missing is said", async ({ page }) => {
  test.skip(test.info().project.name !== "desktop", "files are dragged with a mouse");
  const citizen = await atComponents(page, people.mau, { profile: false });
  const missing = page.getByRole("region", { name: "Còn thiếu" });
  await expect(missing.getByRole("link")).toHaveCount(2);
  await missing.getByRole("link", { name: BIRTH }).click();
  await expect(citizen.component(BIRTH)).toBeInViewport();

  const form = citizen.component(FORM);
  await drop(page, form, ["typst.pdf", "chromium.pdf", "autograph.png"]);
  await expect(form.getByRole("listitem")).toHaveCount(2);
  const photos = page.getByRole("dialog", { name: "Ghép ảnh thành PDF" });
  await expect(photos.getByRole("listitem"), "a picture among them becomes a page").toHaveCount(1);
  await photos.getByRole("button", { name: "Hủy" }).click();
  const order = async () => (await form.locator("li .name").allInnerTexts()).map((name) => name.trim());
  expect(await order()).toEqual(["typst.pdf", "chromium.pdf"]);
  await citizen.file("typst.pdf").getByRole("button", { name: "Chuyển xuống" }).click();
  expect(await order()).toEqual(["chromium.pdf", "typst.pdf"]);
  await expect(page.getByRole("status").filter({ hasText: "“typst.pdf” đã chuyển tới vị trí 2 trên 2." })).toHaveCount(1);
  await citizen.file("typst.pdf").locator(".grip").dragTo(citizen.file("chromium.pdf"), { targetPosition: { x: 20, y: 20 } });
  expect(await order(), "and by dragging").toEqual(["typst.pdf", "chromium.pdf"]);

  const choosing = page.waitForEvent("filechooser");
  await citizen.file("typst.pdf").getByRole("button", { name: "Thay tệp" }).click();
  await (await choosing).setFiles(fixture("form.pdf"));
  await expect(citizen.file("form.pdf")).toBeVisible();
  expect(await order(), "in the place of the other").toEqual(["form.pdf", "chromium.pdf"]);
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await expect(citizen.file("typst.pdf")).toBeVisible();
  await citizen.file("chromium.pdf").getByRole("button", { name: "Xóa" }).press("Enter");
  await expect(page.getByRole("button", { name: "Hoàn tác" })).toBeFocused();
  await look(page, "80-removed");
  await page.getByRole("button", { name: "Hoàn tác" }).press("Enter");
  expect(await order()).toEqual(["typst.pdf", "chromium.pdf"]);
  await page.reload();
  await expect(citizen.file("chromium.pdf"), "all of it is kept").toBeVisible();

  const input = form.locator("input[type=file]");
  await input.setInputFiles([
    { name: "rong.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(0) },
    { name: "anh.heic", mimeType: "image/heic", buffer: Buffer.from("\0\0\0\u0018ftypheic........................", "latin1") },
    { name: "bang.pdf", mimeType: "application/pdf", buffer: Buffer.from("a,b,c") },
    { name: "lai.pdf", mimeType: "application/pdf", buffer: readFileSync(fixture("typst.pdf")) },
  ]);
  for (const told of ["“rong.pdf” là tệp rỗng", "“bang.pdf” không phải là PDF", "“lai.pdf” đã có trong thành phần này"]) await expect(form.getByRole("alert").filter({ hasText: told })).toBeVisible();
  await expect(photos.getByRole("alert")).toContainText("là ảnh HEIC mà trình duyệt này không mở được. Trên iPhone");
  await photos.getByRole("button", { name: "Hủy" }).click();
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(page.locator("#missing")).toBeFocused();
  await expect(page.locator("#missing").getByRole("link", { name: FORM })).toBeVisible();
  await look(page, "81-not-complete");
});

test("photos of a phone become one PDF, upright, in order, and are signed", async ({ page, browser }) => {
  once("phone");
  const citizen = await atComponents(page, people.thu);
  const choosing = page.waitForEvent("filechooser");
  await citizen.component(BIRTH).getByRole("button", { name: "Chụp ảnh" }).click();
  const chooser = await choosing;
  expect(await chooser.element().getAttribute("capture")).toBe("environment");
  await chooser.setFiles([fixture("photo-turned.jpg"), fixture("autograph.png")]);
  const sheet = page.getByRole("dialog", { name: "Ghép ảnh thành PDF" });
  await expect(sheet.getByRole("listitem")).toHaveCount(2);
  await sheet.locator("#photos-more").setInputFiles(fixture("photo-turned.jpg"));
  await expect(sheet.getByRole("button", { name: "Tạo PDF (3 trang)" })).toBeEnabled();
  await sheet.getByRole("group", { name: "Trang 2" }).getByRole("button", { name: "Bỏ ảnh này" }).click();
  await sheet.getByRole("group", { name: "Trang 2" }).getByRole("button", { name: "Xoay phải" }).click();
  await sheet.getByRole("group", { name: "Trang 2" }).getByRole("button", { name: "Chuyển lên trước" }).click();
  await look(page, "82-photos");
  await sheet.getByRole("button", { name: "Tạo PDF (2 trang)" }).click();
  const row = citizen.component(BIRTH).getByRole("listitem").first();
  await expect(row.getByText("Đã chuyển sang PDF. Vui lòng kiểm tra nội dung trước khi ký.")).toBeVisible({ timeout: 30_000 });
  await expect(row.getByText("2 trang")).toBeVisible();
  await page.waitForTimeout(600);
  await look(page, "83-photos-made");
  await citizen.openSigning(BIRTH);
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.thu.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  const file = await citizen.saveSigned(BIRTH, "phone-photos.pdf");
  accepted(file);
  expect(execFileSync("pdfinfo", [file], { encoding: "utf8" })).toMatch(/Pages:\s+2\n[\s\S]*A4/);
  // The turned one came first: its red top looks to the right. The other stands as it was taken.
  expect([color(file, 1, 0.85, 0.5), color(file, 1, 0.15, 0.5), color(file, 1, 0.01, 0.01)]).toEqual(["red", "blue", "paper"]);
  expect([color(file, 2, 0.5, 0.15), color(file, 2, 0.5, 0.85)]).toEqual(["red", "blue"]);
});

test("a Word file is converted once the person agrees, signed, submitted with its original, and used again from the store", async ({ page, browser }) => {
  once("desktop");
  const offer = (await (await page.request.get("/api/conversions")).json()) as { offered: boolean };
  test.skip(!offer.offered, "LibreOffice is not installed here");
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET" && request.url().includes("/api/conversions")) sent.push(request.url());
  });
  const citizen = await atComponents(page, people.mau);
  await citizen.component(FORM).locator("input[type=file]").setInputFiles(fixture("to-khai.docx"));
  const question = page.getByRole("dialog", { name: "Chuyển tệp Word sang PDF" });
  await expect(question).toContainText("tệp Word này sẽ được gửi tới máy chủ của Cổng");
  expect(sent, "nothing leaves before the person agrees").toEqual([]);
  await look(page, "84-word-question");
  await question.getByRole("button", { name: "Đồng ý, chuyển sang PDF" }).click();
  const row = citizen.file("to-khai.pdf");
  await expect(row.getByText("Đã chuyển sang PDF. Vui lòng kiểm tra nội dung trước khi ký.")).toBeVisible({ timeout: 60_000 });
  await expect(row.getByText("chuyển từ “to-khai.docx”")).toBeVisible();
  expect(sent).toHaveLength(1);
  await citizen.attach(BIRTH, "scan.pdf");
  await look(page, "85-word-made");
  await citizen.openSigning(FORM, "to-khai.pdf");
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  const file = await citizen.saveSigned(FORM, "desktop-word.pdf");
  accepted(file);
  expect(execFileSync("pdftotext", [file, "-"], { encoding: "utf8" })).toContain("NGƯỜI LÀM ĐƠN");
  await citizen.file("scan.pdf").getByRole("button", { name: "Lưu vào kho" }).click();
  const keeping = page.getByRole("dialog", { name: "Lưu vào kho dữ liệu cá nhân" });
  await keeping.getByRole("button", { name: "Đồng ý lưu" }).click();
  await expect(keeping.getByText("Đã lưu “scan.pdf” vào kho.")).toBeVisible();
  await keeping.getByRole("button", { name: "Đóng" }).click();
  const code = await citizen.submit();

  await page.goto("/kho-du-lieu");
  const kept = page.locator("li.kept-file");
  const signed = kept.filter({ hasText: "to-khai_signed.pdf" }).first();
  await expect(signed.getByText("chữ ký hợp lệ")).toBeVisible();
  await signed.getByText(/Đã dùng trong/).click();
  await expect(signed.getByRole("link", { name: code })).toBeVisible();
  await expect(kept.filter({ hasText: "to-khai.docx" }), "an original is no document of its own").toHaveCount(0);
  await kept.filter({ hasText: "scan.pdf" }).first().getByRole("button", { name: "Đổi tên, ghi hạn dùng" }).click();
  const rename = page.getByRole("dialog", { name: "Đổi tên, ghi hạn dùng" });
  await rename.getByLabel("Tên tệp").fill("Giấy chứng sinh của con");
  await rename.getByLabel("Dùng được đến ngày").fill("2030-05-12");
  await rename.getByRole("button", { name: "Lưu lại" }).click();
  const renamed = kept.filter({ hasText: "Giấy chứng sinh của con.pdf" }).first();
  await expect(renamed.getByText("dùng được đến 12/05/2030")).toBeVisible();
  await look(page, "86-store");

  // Without a network the list stands, and what is on this device opens.
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "Hướng dẫn và hỗ trợ" }).click();
  await page.getByRole("navigation").getByRole("link", { name: "Kho dữ liệu cá nhân" }).first().click();
  await expect(page.getByText("Không có mạng. Đây là danh sách lần trước")).toBeVisible();
  await expect(signed.getByText("cần có mạng")).toBeVisible();
  await renamed.getByRole("button", { name: "Xem" }).click();
  await expect(renamed.getByRole("region", { name: "Các trang của tài liệu" })).toBeVisible();
  await page.context().setOffline(false);

  // Signed once, used in a second dossier without the phone.
  await citizen.startDossier();
  for (const [component, name] of [
    [FORM, "to-khai_signed.pdf"],
    [BIRTH, "Giấy chứng sinh của con.pdf"],
  ] as const) {
    await citizen.component(component).getByRole("button", { name: "Lấy từ kho" }).click();
    const store = page.getByRole("dialog", { name: "Lấy từ kho dữ liệu cá nhân" });
    await expect(store.getByRole("listitem").first()).toBeVisible();
    if (component === FORM) await look(page, "87-from-store");
    await store.getByRole("button", { name: `Dùng tệp này: ${name}` }).first().click();
    await expect(citizen.component(component).getByText(name)).toBeVisible();
  }
  await expect(citizen.component(FORM).getByText("Đã ký số", { exact: true })).toBeVisible();
  expect(await citizen.submit()).not.toBe(code);
});

import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { look } from "../support/look.ts";
import { accepted, otherRoot, root } from "../support/judge.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

const FORM = "Tờ khai đăng ký khai sinh";

async function withForm(citizen: Person, file: string): Promise<void> {
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, file);
}

/** Real files, what the screen says about where the box stands, and the size they are signed at: a file's kind does not know the screen. */
const inputs: [file: string, why: RegExp, size: string, roots?: string[]][] = [
  ["scan.pdf", /Tài liệu là bản quét/, "phone"],
  ["form.pdf", /Đã tìm thấy|Không thấy từ khóa/, "desktop"],
  ["object-streams.pdf", /Đã tìm thấy/, "phone"],
  ["signed-before.pdf", /Đã tìm thấy/, "phone", [root, otherRoot]],
  ["rotated.pdf", /Đã tìm thấy/, "phone"],
  ["cropped.pdf", /Đã tìm thấy/, "phone"],
  ["pages500.pdf", /Đã tìm thấy/, "phone"],
  ["twenty-megabytes.pdf", /bản quét|Không thấy|Đã tìm thấy/, "desktop"],
];

for (const [file, why, size, roots] of inputs) {
  test(`signs ${file}`, async ({ page, browser }) => {
    once(size);
    const citizen = new Person(page, people.mau);
    await withForm(citizen, file);
    await citizen.openSigning(FORM);
    await expect(citizen.box()).toBeVisible({ timeout: 60_000 });
    await expect(page.locator(".why")).toHaveText(why);
    if (file === "signed-before.pdf") await expect(page.getByText("Tài liệu đã có 1 chữ ký số")).toBeVisible();
    await page.waitForTimeout(800);
    await look(page, `40-${file.replace(".pdf", "")}`, { axe: false });
    await citizen.sendRequest();
    const phone = await Phone.of(browser, people.mau.login);
    await phone.confirm();
    await phone.close();
    await citizen.finishSigning();
    accepted(await citizen.saveSigned(FORM, `${test.info().project.name}-${file}`, roots ? "signed-elsewhere" : "signed"), roots);
  });
}

test("two people sign one file, and both signatures stay valid", async ({ page, browser }) => {
  once("desktop");
  const project = test.info().project.name;
  const sign = async (person: Person, file: string, target: string) => {
    await withForm(person, file);
    await person.openSigning(FORM);
    await person.sendRequest();
    const phone = await Phone.of(browser, person.who.login);
    await phone.confirm();
    await phone.close();
    await person.finishSigning();
    return person.saveSigned(FORM, target);
  };
  const signedOnce = await sign(new Person(page, people.mau), "typst.pdf", `${project}-first.pdf`);
  const context = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const second = new Person(await context.newPage(), people.thu);
  const twice = await sign(second, signedOnce, `${project}-both.pdf`);
  accepted(twice);
  await context.close();
});

test("a file with a password is opened here alone, and signed as a copy that officers can read", async ({ page, browser }) => {
  once("phone");
  const citizen = new Person(page, people.mau);
  await withForm(citizen, "encrypted.pdf");
  const told: string[] = [];
  page.on("request", (request) => told.push(request.url() + (request.postData() ?? "")));
  await citizen.openSigning(FORM);
  const password = page.getByLabel("Mật khẩu của tệp");
  await password.fill("sai");
  await page.getByRole("button", { name: "Mở tệp" }).click();
  await expect(page.getByText("Mật khẩu chưa đúng.")).toBeVisible({ timeout: 30_000 });
  await look(page, "41-password");
  await password.fill("mat-khau");
  await password.press("Enter");
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  accepted(await citizen.saveSigned(FORM, `${test.info().project.name}-unlocked.pdf`));
  expect(told.filter((request) => request.includes("mat-khau")), "the password stays in the page").toEqual([]);
});

/** Files that cannot be signed, and the sentence before any work is lost. */
const refused: [file: string, sentence: string][] = [
  ["damaged.pdf", "bị"],
  ["certified.pdf", "Người ký trước không cho phép thêm chữ ký vào tài liệu này."],
];

for (const [file, sentence] of refused) {
  test(`says why ${file} cannot be signed`, async ({ page }) => {
    const citizen = new Person(page, people.mau);
    await withForm(citizen, file);
    await citizen.openSigning(FORM);
    await expect(page.locator(".notice.bad")).toContainText(sentence, { timeout: 30_000 });
    await look(page, `41-${file.replace(".pdf", "")}`);
    await page.getByRole("link", { name: "Quay lại thành phần hồ sơ" }).click();
    await expect(citizen.component(FORM).getByText(file), "the attachment is still there").toBeVisible();
  });
}

test("a file that is no PDF is told apart by its content", async ({ page }) => {
  const citizen = new Person(page, people.mau);
  await withForm(citizen, "typst.pdf");
  await citizen.component(FORM).locator("input[type=file]").setInputFiles(new URL("../fixture/made/not-a-pdf.pdf", import.meta.url).pathname);
  await expect(citizen.component(FORM).getByText("không phải là PDF")).toBeVisible();
  await expect(citizen.file("typst.pdf")).toBeVisible();
  await look(page, "42-not-a-pdf");
});

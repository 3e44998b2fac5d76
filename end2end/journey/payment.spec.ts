import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { accepted, signedFile } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

const here = resolve(import.meta.dirname, "..");
const python = process.env.PYTHON ?? join(here, ".venv/bin/python");
const FORM = "Tờ khai cấp bản sao trích lục hộ tịch";

/** What a QR code in a picture says, by a decoder that is not ours (ZXing). */
function decoded(picture: string): string {
  const program = "import sys, zxingcpp; from PIL import Image; print(zxingcpp.read_barcodes(Image.open(sys.argv[1]).convert('L'))[0].text, end='')";
  return execFileSync(python, ["-c", program, picture], { encoding: "utf8" });
}

/** Step 1 of a procedure, filled. */
async function begin(page: Page, code: string, copies: string): Promise<string> {
  await page.goto(`/thu-tuc/${code}`);
  await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Thông tin hồ sơ" })).toBeVisible();
  await page.getByLabel("Nội dung yêu cầu giải quyết").fill("Xin cấp bản sao");
  const detail = page.getByRole("group", { name: "Thông tin chi tiết" });
  for (const input of await detail.locator("input, select").all()) {
    const kind = await input.evaluate((node) => (node instanceof HTMLSelectElement ? "select" : (node as HTMLInputElement).type));
    if (kind === "select") await input.selectOption({ index: 1 });
    else if (kind === "radio") await input.check();
    else if ((await input.getAttribute("id"))?.includes("so_ban")) await input.fill(copies);
    else if (kind === "text") await input.fill("Nguyễn Thị Ví Dụ");
  }
  return new URL(page.url()).pathname.split("/")[2]!;
}

test("fees are counted and exempted, transferred by VietQR or paid online; the receipt convinces the judges", async ({ page, browser }) => {
  once("desktop");
  const citizen = new Person(page, people.mau);
  await citizen.arrive();
  await begin(page, "2.000635", "3");
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thành phần hồ sơ" })).toBeVisible();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.waitForRequest();
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();

  await page.getByRole("button", { name: "Tiếp tục" }).click();
  const total = page.locator("p.total");
  await expect(total).toHaveText("Phải nộp: 24.000 đồng");
  await page.getByLabel("Người thuộc hộ nghèo").check();
  await expect(total).toHaveText("Phải nộp: 0 đồng");
  await expect(page.getByText("Giấy chứng nhận hộ nghèo còn hiệu lực")).toBeVisible();
  await expect(page.getByRole("group", { name: "Cách nộp" })).toBeHidden();
  await look(page, "80-fees");
  await page.getByLabel("Không thuộc đối tượng miễn, giảm").check();
  await page.getByLabel("Chuyển khoản ngân hàng").check();
  await page.getByRole("link", { name: "Tiếp tục" }).click();
  await page.getByLabel(/Tôi cam đoan/).check();
  await page.getByRole("button", { name: "Nộp hồ sơ" }).click();
  const receipt = page.getByRole("region", { name: "Biên nhận" });
  await expect(receipt).toBeVisible({ timeout: 60_000 });
  const code = (await receipt.locator(".big.code").innerText()).trim();

  const drawn = page.getByRole("img", { name: /Mã VietQR/ });
  await expect(drawn).toBeVisible();
  await look(page, "81-received");
  const picture = test.info().outputPath("vietqr.png");
  mkdirSync(dirname(picture), { recursive: true });
  await drawn.screenshot({ path: picture });
  const said = decoded(picture);
  expect(said).toContain(`0822HS${code.replace(/[.-]/g, "")}`);
  expect(said).toContain("54" + "05" + "24000" + "5802VN");
  const [image] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Lưu ảnh QR" }).click()]);
  const kept = test.info().outputPath("kept.png");
  await image.saveAs(kept);
  expect(decoded(kept), "the kept image says the same").toBe(said);

  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Tải giấy biên nhận" }).click()]);
  const paper = signedFile("receipt.pdf");
  mkdirSync(dirname(paper), { recursive: true });
  await file.saveAs(paper);
  accepted(paper);
  const sheet = test.info().outputPath("receipt");
  execFileSync("pdftoppm", ["-r", "150", "-f", "1", "-l", "1", "-singlefile", "-png", paper, sheet]);
  expect(decoded(`${sheet}.png`)).toMatch(new RegExp(`/tra-cuu\\?ma=${code.replaceAll(".", "\\.")}$`));

  await page.goto("/thanh-toan");
  await page.getByRole("link", { name: `Nộp phí hồ sơ ${code}` }).click();
  await page.getByLabel("Thanh toán trực tuyến").check();
  await page.getByRole("button", { name: "Thanh toán trực tuyến" }).click();
  await page.getByRole("button", { name: "Từ chối" }).click();
  await expect(page.getByText("Giao dịch trực tuyến bị từ chối.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Thanh toán trực tuyến" }).click();
  await page.getByRole("button", { name: "Thanh toán", exact: true }).click();
  await expect(page.getByText("Đã nộp 24.000 đồng.", { exact: false })).toBeVisible();
  await page.getByText("Lịch sử thanh toán").click();
  await look(page, "82-paid");
});

test("a count out of bounds is told and kept from going on; anybody looks a payment up by its code", async ({ page }) => {
  once("phone");
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  const draft = await begin(page, "2.000815", "2");
  await page.waitForTimeout(400);
  await page.goto(`/ho-so/${draft}/phi`);
  const pages = page.getByLabel("Số trang của giấy tờ");
  await pages.fill("5");
  await expect(page.locator("p.total")).toHaveText("Phải nộp: 14.000 đồng");
  await pages.fill("0");
  await page.getByRole("link", { name: "Tiếp tục" }).click();
  await expect(pages).toBeFocused();
  await expect(page.getByText("Vui lòng nhập số từ 1 đến 500.")).toBeVisible();
  await look(page, "83-fees-wrong");
  await page.goto("/thanh-toan");
  await page.getByRole("textbox", { name: "Mã hồ sơ" }).fill("000.00.00.H34-200101-0001");
  await page.getByRole("button", { name: "Tra cứu" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page, "84-payments");
});

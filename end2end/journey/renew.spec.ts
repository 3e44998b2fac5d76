import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { root, signedFile } from "../support/judge.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

const FORM = "Tờ khai đăng ký khai sinh";
const here = resolve(import.meta.dirname, "..");
const python = process.env.PYTHON ?? join(here, ".venv/bin/python");
const shared = resolve(process.env.SHARED ?? join(here, "../../shared"), "tools/verify_signed.py");

/** Presses `Gia hạn bằng chứng` for a file and keeps what is saved. */
async function renew(page: Page, file: string, target: string): Promise<string> {
  await page.goto("/kiem-tra");
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page.locator("p.file")).toHaveText(basename(file));
  const button = page.getByRole("button", { name: "Gia hạn bằng chứng" });
  await expect(button).toBeVisible({ timeout: 30_000 });
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 30_000 }), button.click()]);
  await expect(page.getByText("Đã thêm bằng chứng và tải tệp mới về máy của bạn.", { exact: false })).toBeVisible();
  await expect(page.locator(".renew")).toContainText("B-LTA");
  const kept = signedFile(target);
  mkdirSync(dirname(kept), { recursive: true });
  await download.saveAs(kept);
  return kept;
}

/** pyHanko's word on the level, and how many document timestamps there are. */
function archived(file: string): number {
  if (existsSync(shared)) execFileSync(python, [shared, file, root, "--expect-profile", "B-LTA", "--compact"], { encoding: "utf8" });
  const script = "import sys; from pyhanko.pdf_utils.reader import PdfFileReader as R; print(len(list(R(open(sys.argv[1],'rb')).embedded_timestamp_signatures)))";
  return Number(execFileSync(python, ["-c", script, file], { encoding: "utf8" }));
}

test("the evidence of a signed file is renewed in the browser, and renewed again", async ({ page, browser }) => {
  once("phone");
  test.setTimeout(120_000);
  const citizen = new Person(page, people.mau);
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, "typst.pdf");
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  const signed = await citizen.saveSigned(FORM, "to-renew.pdf");

  const sent: string[] = [];
  page.on("request", (request) => {
    const body = request.postDataBuffer();
    if (body && body.length > 20_000) sent.push(request.url());
  });
  const first = await renew(page, signed, "renewed.pdf");
  expect(archived(first)).toBe(1);
  const twice = await renew(page, first, "renewed-twice.pdf");
  expect(archived(twice)).toBe(2);
  expect(sent, "the file stays on the device").toEqual([]);
});

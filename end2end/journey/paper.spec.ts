import { expect, test } from "../support/test.ts";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fixture } from "../support/fixture.ts";
import { accepted, signedFile } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";

const FORM = "Tờ khai đăng ký khai sinh";
const leaderOf = { login: "lanhdao.chi", name: "Hoàng Minh Chí", phone: "" };
const leadersNumber = "062090000104";

test("papers: the slip of reception is there, the leader signs the result, the seal comes after, and the citizen sees both", async ({ page, browser }) => {
  once("desktop");
  test.slow();
  const citizen = new Person(page, people.mau);
  await citizen.arrive();
  await citizen.startDossier();
  await citizen.attach(FORM, "chromium.pdf");
  await citizen.attach("Giấy chứng sinh", "scan.pdf");
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.mau.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  const code = await citizen.submit();
  const list = (await (await page.request.get("/api/dossiers")).json()) as { id: string; code: string }[];
  const id = list.find((one) => one.code === code)!.id;

  // Received: what the citizen gets was seen before, and is there afterwards.
  const desk = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const officer = new Person(await desk.newPage(), people.officer);
  await officer.arrive(null);
  await officer.page.goto(`/can-bo/ho-so/${id}`);
  await officer.page.getByRole("button", { name: "Xem trước phiếu: Tiếp nhận" }).click();
  await expect(officer.page.locator(".viewer .page, .viewer canvas").first()).toBeVisible({ timeout: 20_000 });
  await officer.page.getByRole("button", { name: "Tiếp nhận", exact: true }).click();
  await officer.page.getByRole("tab", { name: "Xử lý", exact: true }).click();
  const slips = officer.page.getByRole("region", { name: "Giấy tờ, phiếu theo mẫu" });
  await slips.getByRole("button", { name: "Xem phiếu Giấy tiếp nhận hồ sơ" }).click();
  await expect(slips.locator("canvas").first()).toBeVisible({ timeout: 20_000 });
  await look(officer.page, "90-slip");
  await officer.page.getByRole("button", { name: "Chuyển xử lý" }).click();
  await officer.page.locator("#result-file").setInputFiles(fixture("typst.pdf"));
  await expect(officer.page.getByRole("region", { name: "Kết quả" })).toContainText("typst.pdf");

  // Another person signs it, with a profile of their own.
  const office = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const leader = new Person(await office.newPage(), leaderOf);
  await leader.arrive(null);
  await leader.withoutProfiles();
  const accounts = [{ citizen_id: leadersNumber, provider: "vnpt-ca" }];
  const profile = { name: "Chữ ký lãnh đạo", phone: "0900000104", keyword: "CHỦ TỊCH", image: null, accounts, is_default: true };
  expect((await leader.page.request.post("/api/profiles", { data: profile })).ok()).toBe(true);
  await leader.page.goto(`/can-bo/ho-so/${id}`);
  await leader.page.getByRole("button", { name: "Ký số kết quả typst.pdf" }).click();
  await leader.sendRequest();
  const leadersPhone = await Phone.of(browser, leadersNumber);
  await leadersPhone.confirm();
  await leadersPhone.close();
  await expect(leader.page.getByText("Bản đã ký đã nằm trong hồ sơ.")).toBeVisible({ timeout: 60_000 });
  await look(leader.page, "91-result-signed");
  await leader.page.getByRole("link", { name: "Về hồ sơ" }).click();
  const result = leader.page.getByRole("region", { name: "Kết quả" });
  await expect(result).toContainText("Người ký: Hoàng Minh Chí");
  await result.getByRole("button", { name: "Đóng dấu số typst_signed.pdf" }).click();
  await expect(result).toContainText("Con dấu điện tử:", { timeout: 20_000 });
  await look(leader.page, "92-sealed");

  // Returned: the citizen's own browser checks both.
  const decide = async (decision: string) => {
    const seen = await (await officer.page.request.get(`/api/officer/dossiers/${id}`)).json();
    const answer = await officer.page.request.post(`/api/officer/dossiers/${id}/decision`, { data: { decision, note: "", version: seen.version } });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  await decide("finish");
  await decide("return");
  await page.goto(`/quan-ly-ho-so/${id}`);
  const returned = page.getByRole("region", { name: "Kết quả" });
  await expect(returned).toContainText("Người ký: Hoàng Minh Chí");
  await returned.getByRole("button", { name: "Kiểm tra chữ ký của typst_signed.pdf" }).click();
  await expect(returned.getByRole("heading", { name: "Hoàng Minh Chí" })).toBeVisible({ timeout: 30_000 });
  await expect(returned.getByRole("heading", { name: /con dấu thử nghiệm/ })).toBeVisible();
  await expect(returned.getByText("Chữ ký số hợp lệ").first()).toBeVisible();
  await look(page, "93-returned-signed");
  await expect(page.getByRole("button", { name: "Xem phiếu Giấy tiếp nhận hồ sơ" })).toBeVisible();

  const file = signedFile("desktop-result-sealed.pdf");
  mkdirSync(dirname(file), { recursive: true });
  const [download] = await Promise.all([page.waitForEvent("download"), returned.getByRole("button", { name: "Tải về typst_signed.pdf" }).click()]);
  await download.saveAs(file);
  accepted(file);
  await desk.close();
  await office.close();
});

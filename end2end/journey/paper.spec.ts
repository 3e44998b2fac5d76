import { expect, test } from "../support/test.ts";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { submitted } from "../support/desk.ts";
import { fixture } from "../support/fixture.ts";
import { accepted, signedFile } from "../support/judge.ts";
import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";

const BIRTH = "Giấy chứng sinh";
const reception = { login: "tiepnhan.an", name: "Vũ Thị An", phone: "" };
const processing = { login: "xuly.binh", name: "Đỗ Văn Bình", phone: "" };
const leaderOf = { login: "lanhdao.chi", name: "Hoàng Minh Chí", phone: "" };
const leadersNumber = "062090000104";

test("a citizen, the counter, the desk and the leader, each in a browser: a supplement, slips, a signed and sealed result", async ({ page, browser }) => {
  once("desktop");
  test.slow();
  const { step } = test;
  const citizen = new Person(page, people.mau);
  await citizen.arrive();
  const code = await citizen.handIn(browser, "chromium.pdf");
  const { id } = await submitted(page.request, code);

  /** Somebody of the agency, in a browser of their own, at the dossier. */
  const come = async (who: typeof reception) => {
    const context = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN", serviceWorkers: "block" });
    const person = new Person(await context.newPage(), who);
    await person.arrive(null);
    await person.page.goto(`/can-bo/ho-so/${id}`);
    await expect(person.page.getByRole("heading", { level: 1, name: /khai sinh/ })).toBeVisible();
    return person;
  };
  const [counter, desk, leader] = [await come(reception), await come(processing), await come(leaderOf)];
  const deed = (of: Person, name: string) => of.page.getByRole("button", { name, exact: true });
  /** The server refuses what another duty does, whatever the page shows. */
  const refused = async (of: Person, decision: string) => {
    const { version } = await (await of.page.request.get(`/api/officer/dossiers/${id}`)).json();
    const answer = await of.page.request.post(`/api/officer/dossiers/${id}/decision`, { data: { decision, note: "", version } });
    expect(answer.status(), `${of.who.login}: ${decision}`).toBe(403);
  };

  await step("who has it open sees who else has, and sees them leave", async () => {
    const others = (of: Person) => of.page.locator(".presence");
    // Who came first hears of who came later at the next beat.
    const soon = { timeout: 30_000 };
    await expect(others(desk)).toContainText(`${reception.name} (từ `);
    await expect(others(counter)).toContainText(`${processing.name} (từ `, soon);
    await expect(others(counter), "nobody sees themselves").not.toContainText(reception.name);
    await expect(others(desk)).toContainText(leaderOf.name, soon);
    await leader.page.getByRole("link", { name: "‹ Hộp hồ sơ" }).click();
    await expect(others(desk)).not.toContainText(leaderOf.name, soon);
    await leader.page.goto(`/can-bo/ho-so/${id}`);
    await desk.page.goto("/can-bo");
    await expect(others(leader)).toContainText(reception.name, soon);
    await expect(others(leader), "a page that goes away says so").not.toContainText(processing.name, soon);
    await desk.page.goto(`/can-bo/ho-so/${id}`);
  });

  await step("the counter asks for what is missing; the citizen supplies it", async () => {
    for (const other of [desk, leader]) {
      await expect(deed(other, "Tiếp nhận")).toHaveCount(0);
      await refused(other, "receive");
    }
    await deed(counter, "Yêu cầu bổ sung").click();
    await counter.page.getByRole("checkbox", { name: BIRTH }).check();
    await counter.page.getByLabel(`Lý do: ${BIRTH}`).fill("Ảnh bị mờ, chụp lại cả trang.");
    await deed(counter, "Gửi yêu cầu bổ sung").click();
    await expect(counter.page.getByText("Yêu cầu bổ sung giấy tờ").first()).toBeVisible();
    await page.goto(`/quan-ly-ho-so/${id}`);
    const supply = page.getByRole("region", { name: "Cần bổ sung" });
    await supply.getByRole("button", { name: "Bổ sung tệp" }).click();
    await citizen.attach(BIRTH, "typst.pdf");
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await supply.getByRole("button", { name: "Tôi đã bổ sung xong" }).click();
    await expect(supply).toBeHidden({ timeout: 30_000 });
  });

  await step("received: what the citizen gets is seen before, and is there afterwards", async () => {
    const officer = counter.page;
    await officer.reload();
    await officer.getByRole("button", { name: "Xem trước phiếu: Tiếp nhận" }).click();
    await expect(officer.locator(".viewer .page, .viewer canvas").first()).toBeVisible({ timeout: 20_000 });
    await deed(counter, "Tiếp nhận").click();
    await officer.getByRole("tab", { name: "Xử lý", exact: true }).click();
    const slips = officer.getByRole("region", { name: "Giấy tờ, phiếu theo mẫu" });
    await slips.getByRole("button", { name: "Xem phiếu Giấy tiếp nhận hồ sơ" }).click();
    await expect(slips.locator("canvas").first()).toBeVisible({ timeout: 20_000 });
    await look(officer, "90-slip");
    await deed(counter, "Chuyển xử lý").click();
    await expect(officer.getByText("Đang xử lý").first()).toBeVisible();
  });

  await step("the desk looks at it, drafts the result and hands it on", async () => {
    const officer = desk.page;
    await officer.reload();
    for (const other of [counter, desk]) await refused(other, "finish");
    await officer.getByRole("tab", { name: "Xử lý", exact: true }).click();
    for (const name of ["Trình dự thảo kết quả", "Phê duyệt và ký kết quả"]) {
      await deed(desk, "Chuyển bước tiếp theo").first().click();
      const asked = officer.getByRole("dialog", { name: "Chuyển bước tiếp theo" });
      await asked.locator("button[type=submit]").click();
      await expect(officer.locator(".work-steps [aria-current=step]")).toContainText(name);
      if (name.startsWith("Trình")) {
        await officer.locator("#result-file").setInputFiles(fixture("typst.pdf"));
        await expect(officer.getByRole("region", { name: "Kết quả" })).toContainText("typst.pdf");
      }
    }
    await look(officer, "90-steps");
  });

  // The leader signs it, with a profile of their own.
  await leader.withoutProfiles();
  const accounts = [{ citizen_id: leadersNumber, provider: "vnpt-ca" }];
  const profile = { name: "Chữ ký lãnh đạo", phone: "0900000104", keyword: "CHỦ TỊCH", image: null, accounts, is_default: true };
  expect((await leader.page.request.post("/api/profiles", { data: profile })).ok()).toBe(true);
  await leader.page.reload();
  await leader.page.getByRole("button", { name: "Ký số kết quả typst.pdf" }).click();
  await leader.sendRequest();
  const leadersPhone = await Phone.of(browser, leadersNumber);
  await leadersPhone.confirm();
  await leadersPhone.close();
  await expect(leader.page.getByText("Bản đã ký đã nằm trong hồ sơ.")).toBeVisible({ timeout: 60_000 });
  await look(leader.page, "91-result-signed");
  await leader.page.getByRole("link", { name: "Về hồ sơ" }).click();
  const result = leader.page.getByRole("region", { name: "Kết quả", exact: true });
  await expect(result).toContainText("Người ký: Hoàng Minh Chí");
  await result.getByRole("button", { name: "Đóng dấu số typst_signed.pdf" }).click();
  await expect(result).toContainText("Con dấu điện tử:", { timeout: 20_000 });
  await look(leader.page, "92-sealed");
  await step("what the portal recorded of it and what it proves stand in one row of time", async () => {
    await result.getByRole("button", { name: "Xem lịch sử ký số" }).click();
    await expect(result).toContainText("Bản ghi của cổng và chữ ký trong tệp khớp nhau.", { timeout: 30_000 });
    const row = result.getByRole("region", { name: "Lịch sử ký số" });
    for (const line of ["Tệp kết quả được thêm vào hồ sơ", "Người ký tạo yêu cầu ký số", "Tệp mang chữ ký của Hoàng Minh Chí", "con dấu thử nghiệm"]) {
      await expect(row).toContainText(line);
    }
    await look(leader.page, "92-result-history");
  });
  await deed(leader, "Đã xử lý xong").click();
  await expect(leader.page.getByText("Đã xử lý xong").first()).toBeVisible();

  // Returned by the counter: the citizen's own browser checks both.
  await counter.page.reload();
  await deed(counter, "Trả kết quả").click();
  await expect(counter.page.locator(".chip.good", { hasText: "Đã trả kết quả" })).toBeVisible();
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
  for (const person of [counter, desk, leader]) await person.page.context().close();
});

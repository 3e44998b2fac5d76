import { readFileSync } from "node:fs";
import type { APIRequestContext } from "@playwright/test";
import { submitted } from "../support/desk.ts";
import { fixture } from "../support/fixture.ts";
import { Keys } from "../support/keys.ts";
import { once } from "../support/once.ts";
import { password, people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

const FORM = "Tờ khai cấp bản sao trích lục hộ tịch";
const PROOF = "giay-to-tuy-than";

/** What the officer does with a dossier, by the API: this journey is the citizen's. */
class Desk {
  constructor(
    private readonly request: APIRequestContext,
    private readonly address: string,
  ) {}

  private async act(way: string, data: object): Promise<void> {
    const { version } = await (await this.request.get(this.address)).json();
    const done = await this.request.post(`${this.address}/${way}`, { data: { ...data, version } });
    expect(done.ok(), await done.text()).toBe(true);
  }

  ask(code: string, reason: string): Promise<void> {
    const items = [{ kind: "component", code, label: "Giấy tờ tùy thân", reason }];
    return this.act("supplement", { items, working_days: 5 });
  }

  decide(decision: string): Promise<void> {
    return this.act("decision", { decision, note: "" });
  }

  async result(name: string, data: Buffer): Promise<void> {
    const headers = { "content-type": "application/octet-stream", "x-file-name": name };
    const sent = await this.request.put(`${this.address}/results/${crypto.randomUUID()}`, { data, headers });
    expect(sent.ok(), await sent.text()).toBe(true);
  }
}

test("by keyboard alone: fees are paid, a supplement is supplied, the result is checked and kept", async ({ page, browser, playwright, baseURL }) => {
  once("desktop");
  test.slow();
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
  const link = (name: string | RegExp) => page.getByRole("link", { name, exact: typeof name === "string" });
  const keys = new Keys(page);

  // The way to the fees is another journey's (`hands`).
  await page.goto("/thu-tuc/2.000635");
  await button("Nộp hồ sơ trực tuyến").first().click();
  await page.getByLabel("Nội dung yêu cầu giải quyết").fill("Xin cấp bản sao");
  await page.getByRole("group", { name: "Loại việc hộ tịch" }).getByLabel("Khai sinh").check();
  await page.getByLabel("Họ và tên người trong sổ hộ tịch").fill("Nguyễn Thị Ví Dụ");
  await page.getByLabel("Số bản sao").fill("2");
  await button("Tiếp tục").click();
  await citizen.attach(FORM, "libreoffice.pdf");
  await citizen.openSigning(FORM);
  await citizen.sendRequest();
  const phone = await Phone.of(browser, people.thu.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();

  const code = await test.step("a way to pay is chosen, and the fee is paid online", async () => {
    await keys.press(button("Tiếp tục"));
    await keys.at("Phí, lệ phí");
    await keys.choose(page.getByRole("group", { name: "Cách nộp" }), 1);
    await keys.press(link("Tiếp tục"));
    await keys.at("Nộp hồ sơ");
    await keys.press(page.getByLabel(/Tôi cam đoan/), "Space");
    await keys.press(button("Nộp hồ sơ"));
    const receipt = page.getByRole("region", { name: "Biên nhận" });
    await expect(receipt).toBeFocused({ timeout: 60_000 });
    const code = (await receipt.locator(".big.code").innerText()).trim();
    await keys.press(page.getByRole("navigation", { name: "Chính" }).getByRole("link", { name: "Thanh toán", exact: true }));
    await keys.at("Thanh toán");
    await keys.press(link(`Nộp phí hồ sơ ${code}`));
    await keys.at(/Nộp phí|Thanh toán/);
    const online = page.getByLabel("Thanh toán trực tuyến");
    await keys.to(page.getByRole("group", { name: "Cách nộp" }).getByRole("radio", { checked: true }));
    for (let pressed = 0; pressed < 4 && !(await online.isChecked()); pressed += 1) await page.keyboard.press("ArrowDown");
    await expect(online).toBeChecked();
    await keys.press(button("Thanh toán trực tuyến"));
    // The gateway is the sandbox's page: whoever comes back is told what became of it.
    await keys.press(button("Thanh toán"));
    await expect(page.getByText("Đã nộp 16.000 đồng.", { exact: false })).toBeVisible();
    await keys.press(page.getByText("Lịch sử thanh toán"));
    await keys.kept("reading what was paid");
    return code;
  });

  const { id } = await submitted(page.request, code);
  const officer = await playwright.request.newContext({ baseURL });
  expect((await officer.post("/api/session", { data: { user_name: people.officer.login, password } })).ok()).toBe(true);
  const desk = new Desk(officer, `/api/officer/dossiers/${id}`);
  await desk.ask(PROOF, "Gửi ảnh chụp cả hai mặt.");

  await test.step("what is missing is supplied", async () => {
    await page.reload();
    await keys.press(link(/^Thông báo/));
    await keys.at("Thông báo");
    await keys.press(link(`Hồ sơ ${code}: Yêu cầu bổ sung giấy tờ`));
    await keys.at(/trích lục/);
    const supply = page.getByRole("region", { name: "Cần bổ sung" });
    await keys.press(supply.getByRole("button", { name: "Tôi đã bổ sung xong" }));
    await expect(supply.getByRole("alert")).toContainText("Giấy tờ tùy thân");
    await keys.kept("finishing too early");
    await keys.press(supply.getByRole("button", { name: "Bổ sung tệp" }));
    await keys.at("Thành phần hồ sơ");
    await keys.give(citizen.component("Giấy tờ tùy thân").locator("input[type=file]").first(), fixture("scan.pdf"));
    await expect(citizen.file("scan.pdf")).toBeVisible();
    await keys.press(button("Tiếp tục"));
    await expect(supply).toContainText("Đã sẵn sàng");
    await keys.press(supply.getByRole("button", { name: "Tôi đã bổ sung xong" }));
    await expect(supply).toBeHidden({ timeout: 30_000 });
    await keys.kept("sending the supplement");
  });

  for (const act of ["receive", "process"]) await desk.decide(act);
  await desk.result("trich-luc.pdf", readFileSync(fixture("signed-before.pdf")));
  for (const act of ["finish", "return"]) await desk.decide(act);
  await officer.dispose();

  await test.step("the result is fetched, checked and kept", async () => {
    await page.reload();
    const result = page.getByRole("region", { name: "Kết quả", exact: true });
    await expect(result).toBeVisible();
    const save = result.getByRole("button", { name: "Tải về trich-luc.pdf" });
    const [file] = await Promise.all([page.waitForEvent("download"), keys.press(save)]);
    expect(file.suggestedFilename()).toBe("trich-luc.pdf");
    await keys.press(result.getByRole("button", { name: "Kiểm tra chữ ký của trich-luc.pdf" }));
    await expect(result.getByRole("region", { name: "Kết quả kiểm tra chữ ký" })).toContainText("Nội dung đã ký còn nguyên vẹn", { timeout: 30_000 });
    await keys.kept("checking the result");
    await keys.press(result.getByRole("button", { name: "Lưu kết quả vào kho dữ liệu cá nhân" }));
    await expect(result).toContainText(/kho dữ liệu cá nhân/);
    await keys.kept("keeping the result");
  });
});

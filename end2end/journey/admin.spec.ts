import { randomUUID } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";
import { submitted } from "../support/desk.ts";
import { accessible, look, readable } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

/** Not the procedure of the other journeys: its fee changes here. */
const DEATH = "1.000656";
const administrator = { login: "quantri.giang", name: "Bùi Thị Giang", phone: "" };

/** Hands in, for the registration of a death, the form that was signed for another dossier. */
async function handInDeath(request: APIRequestContext, signed: string): Promise<string> {
  const first = await submitted(request, signed);
  const dossier = await (await request.get(`/api/dossiers/${first.id}`)).json();
  const id = randomUUID();
  const attachments = [];
  const files: Buffer[] = [];
  for (const [position, component] of ["to-khai", "giay-bao-tu"].entries()) {
    const manifest = dossier.attachments[position];
    files.push(await (await request.get(`/api/dossiers/${first.id}/attachments/${manifest.id}`)).body());
    attachments.push({ ...manifest, id: randomUUID(), component, signed_as: manifest.signings.length > 0 ? manifest.id : null });
  }
  const detail = { ten_nguoi_mat: "Nguyễn Văn Ví Dụ", ngay_mat: "2026-11-01", noi_mat: "Xã Ví Dụ" };
  const data = { procedure: DEATH, form: { ...dossier.form, detail }, payment: "none", declared: true, attachments };
  const announced = await request.put(`/api/dossiers/${id}`, { data });
  expect(announced.ok(), await announced.text()).toBe(true);
  for (const [position, bytes] of files.entries()) {
    const sent = await request.put(`/api/dossiers/${id}/attachments/${attachments[position]!.id}`, { data: bytes, headers: { "content-type": "application/octet-stream" } });
    expect(sent.ok(), await sent.text()).toBe(true);
  }
  expect((await request.post(`/api/dossiers/${id}/submission`)).ok()).toBe(true);
  return id;
}

test("an administrator changes a fee from today on: citizens see it, a dossier that was submitted keeps the old one", async ({ page, browser }) => {
  once("desktop");
  test.slow();
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  const signed = await citizen.handIn(browser, "typst.pdf");
  const before = await handInDeath(page.request, signed);

  // The administrator begins at their own screen, and finds no inbox in the menu.
  const office = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const officer = new Person(await office.newPage(), administrator);
  await officer.signIn();
  const { page: desk } = officer;
  await expect(desk.getByRole("heading", { level: 1, name: "Quản trị danh mục" })).toBeVisible();
  await expect(desk.getByRole("link", { name: "Hộp hồ sơ" })).toHaveCount(0);
  await desk.getByLabel("Tìm thủ tục").fill("khai tu");
  await look(desk, "admin-list");
  await desk.getByRole("link", { name: "Thủ tục đăng ký khai tử", exact: true }).click();
  await expect(desk.getByRole("heading", { level: 1, name: "Thủ tục đăng ký khai tử" })).toBeVisible();

  // What is wrong is told with its line; nothing is saved.
  const amount = desk.getByLabel("Mức thu (đồng)");
  await amount.fill("-8");
  await desk.getByRole("button", { name: "Lưu bản nháp" }).click();
  await expect(desk.getByRole("alert")).toContainText("số tiền không được âm");
  await amount.fill("8000");
  await desk.getByLabel("Ghi chú của phiên bản").fill("Theo nghị quyết mới");
  await desk.getByRole("button", { name: "Kiểm tra và xem trước" }).click();
  const preview = desk.getByRole("dialog", { name: "Xem trước" });
  await expect(preview.getByText("amount = 8000")).toBeVisible();
  await expect(preview.getByText("8.000").first()).toBeVisible();
  await accessible(desk, "the preview");
  await preview.getByRole("button", { name: "Đóng" }).click();
  await look(desk, "admin-form");
  await desk.getByRole("button", { name: "Lưu bản nháp" }).click();
  await expect(desk.getByText("Đang sửa bản nháp.")).toBeVisible();

  // Citizens see nothing of a draft.
  await page.goto(`/thu-tuc/${DEATH}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("8.000")).toHaveCount(0);

  await desk.getByRole("button", { name: "Ban hành…" }).click();
  const dialog = desk.getByRole("dialog", { name: "Ban hành" });
  await accessible(desk, "publishing");
  await dialog.getByRole("button", { name: "Ban hành", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(desk.getByRole("row", { name: /Đã ban hành.*Đang áp dụng/ })).toBeVisible();
  await readable(desk, "a document");
  await page.reload();
  await expect(page.getByText("8.000").first()).toBeVisible();
  const kept = await (await page.request.get(`/api/dossiers/${before}`)).json();
  expect(kept.definition.fees[0].amount).toBe(0);
  const after = await (await page.request.get(`/api/dossiers/${await handInDeath(page.request, signed)}`)).json();
  expect(after.definition.fees[0].amount).toBe(8000);

  // Rights in words, and a change that is looked at before it is done.
  await desk.goto("/can-bo/quyen");
  await desk.getByLabel("Tìm cán bộ").fill("dung");
  await desk.getByRole("button", { name: "Tìm", exact: true }).click();
  await expect(desk.getByText("Sở Y tế; mọi thủ tục").first()).toBeVisible();
  await look(desk, "admin-rights");
  await desk.getByRole("button", { name: "Sửa quyền của Ngô Thị Dung" }).click();
  const rights = desk.getByRole("dialog", { name: "Sửa quyền" });
  await accessible(desk, "an officer's rights");
  await rights.getByRole("button", { name: "Bỏ quyền 3" }).click();
  await rights.getByRole("button", { name: "Tiếp tục" }).click();
  await rights.getByRole("button", { name: "Đổi quyền" }).click();
  await expect(rights).toBeHidden();
  await expect(desk.getByRole("row", { name: /Ngô Thị Dung/ })).not.toContainText("Lãnh đạo");
  await office.close();
});

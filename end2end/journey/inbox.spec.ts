import { handInAgain } from "../support/desk.ts";
import { accessible, look, readable } from "../support/look.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";
import { once } from "../support/once.ts";

test("an officer works through the inbox by keyboard: finds without accents, keeps a filter, receives two at once", async ({ page, browser }) => {
  once("desktop");
  test.slow();
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  const code = await citizen.handIn(browser, "typst.pdf");
  // Nobody else has this name: other journeys leave dossiers on the same desk.
  const family = `Quách ${Date.now().toString(36)}`;
  await handInAgain(page.request, code, [`${family} Đào`, `${family} Lựu`, `${family} Mận`]);

  const desk = await browser.newContext({ viewport: page.viewportSize()!, locale: "vi-VN" });
  const officer = new Person(await desk.newPage(), people.officer);
  await officer.arrive(null);
  const { page: inbox } = officer;
  const { keyboard } = inbox;
  await inbox.goto("/can-bo");
  await expect(inbox.locator(".desk-lines tbody tr").first()).toBeVisible();

  // The keys are told by a key, and a dialog keeps them to itself.
  await keyboard.press("?");
  const help = inbox.getByRole("dialog", { name: "Phím tắt của hộp hồ sơ" });
  await expect(help).toBeVisible();
  await accessible(inbox, "the keys");
  await keyboard.press("Escape");
  await expect(help).toBeHidden();

  // Found without accents; Escape leaves the field and keeps what was searched for.
  await keyboard.press("/");
  await keyboard.type(family.replace("á", "a").toLowerCase());
  await expect(inbox.locator(".desk-lines tbody tr")).toHaveCount(3);
  await keyboard.press("Escape");
  await expect(inbox.getByRole("searchbox")).not.toBeFocused();
  await expect(inbox.locator(".desk-lines tbody tr")).toHaveCount(3);

  // A filter that is kept.
  await inbox.getByRole("button", { name: "Chờ tiếp nhận" }).click();
  await inbox.getByRole("button", { name: "Lưu bộ lọc này" }).click();
  await inbox.getByLabel("Tên bộ lọc").fill(family);
  await inbox.getByRole("button", { name: "Lưu lại" }).click();
  const kept = inbox.getByRole("list", { name: "Bộ lọc của tôi" }).getByRole("button", { name: family, exact: true });
  await expect(kept).toHaveAttribute("aria-pressed", "true");

  // The first and the third are chosen and received by one act; the second stays.
  const lines = inbox.locator(".desk-lines tbody tr");
  const second = await lines.nth(1).locator(".code").innerText();
  for (const key of ["j", "x", "j", "j", "x"]) await keyboard.press(key);
  await expect(inbox.getByText("Đã chọn 2 hồ sơ")).toBeVisible();
  // A class of a chosen line once met another screen's style, and its cells fell under each other.
  expect(await lines.evaluateAll((rows) => rows.map((row) => getComputedStyle(row).display))).toEqual(["table-row", "table-row", "table-row"]);
  await look(inbox, "86-inbox");
  await readable(inbox, "the inbox");
  await inbox.getByRole("button", { name: "Tiếp nhận (2)" }).click();
  const dialog = inbox.getByRole("dialog", { name: "Làm cho nhiều hồ sơ" });
  await accessible(inbox, "one act on many");
  await dialog.getByRole("button", { name: "Thực hiện" }).click();
  await expect(dialog).toBeHidden();
  await expect(lines).toHaveCount(1);
  await expect(lines.locator(".code")).toHaveText(second);

  // Enter opens the line; back in the inbox the filter still stands, the keyboard is at the line, and the kept filter is removed.
  await keyboard.press("j");
  await keyboard.press("Enter");
  await expect(inbox).toHaveURL(/\/can-bo\/ho-so\//);
  await expect(inbox.getByText(family, { exact: false }).first()).toBeVisible();
  await inbox.goBack();
  await expect(kept).toHaveAttribute("aria-pressed", "true");
  await expect(lines).toHaveCount(1);
  await expect(inbox.getByRole("link", { name: second })).toBeFocused();
  await inbox.getByRole("button", { name: `Xóa bộ lọc ${family}` }).click();
  await expect(kept).toBeHidden();
  await desk.close();
});

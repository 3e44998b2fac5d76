import { FORM, atSigning, comesTo, focused, place, tabTo } from "../support/placement.ts";
import { people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

test("from the dossier to the sent request by keyboard alone", async ({ page, browser }) => {
  test.skip(test.info().project.name !== "desktop", "a phone has no Tab key");
  const citizen = new Person(page, people.mau);
  await citizen.signIn();
  await citizen.withoutProfiles();
  await citizen.addProfile({ image: false });
  await citizen.startDossier();
  await citizen.attach(FORM, "libreoffice.pdf");

  // From here on: no mouse.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo(page, focused(/Ký số NEAC/));
  await page.keyboard.press("Enter");
  const box = citizen.box();
  await expect(box).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".why")).toContainText("Đã tìm thấy");

  // Normal order: toolbar, then pages, then the box; Tab leaves the box again.
  await tabTo(page, focused(/^Trang \d+: đặt ô ký tại đây$/));
  await tabTo(page, focused(/^Ô ký trang/));
  await page.keyboard.press("Tab");
  expect(await focused(/^Ô ký trang/)(page)).toBe(false);
  await page.keyboard.press("Shift+Tab");
  await expect(box).toBeFocused();

  const [onPage, left, top, width, height] = (await place(citizen)) as [number, number, number, number, number];
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+ArrowRight");
  await page.keyboard.press("Alt+ArrowDown");
  await comesTo(citizen, [onPage, left + 1, top, width, height + 1]);
  await expect(page.locator("#said"), "said once, after a rest").toContainText(`cách trái ${left + 1} mm`);
  await page.keyboard.press("Delete");
  await expect(box).toBeHidden();
  // The focus is on the page; Enter puts the box where it was proposed and goes there.
  await page.keyboard.press("Enter");
  await expect(box).toBeFocused();
  await comesTo(citizen, [onPage, left, top, width, height]);
  await page.keyboard.press("Home");
  await expect(box).toBeFocused();
  await expect.poll(async () => (await place(citizen))[0]).toBe(1);
  await page.keyboard.press("End");
  await expect(box).toBeFocused();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await comesTo(citizen, [onPage, left, top, width, height]);
  await box.focus();
  await page.keyboard.press("Escape");
  expect(await focused(new RegExp(`^Trang ${onPage}:`))(page), "Escape leaves the box to its page").toBe(true);

  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Xác nhận" })).toBeEnabled();
  await tabTo(page, focused("Xác nhận"), 40);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Vui lòng kiểm tra điện thoại và nhập mã pin ký số" })).toBeVisible({ timeout: 30_000 });
  // The phone is left as it was found.
  const phone = await Phone.of(browser, people.mau.login);
  await phone.reject();
  await phone.close();
});

test("boxes are copied, pasted, doubled and made the signature by keyboard", async ({ page }) => {
  test.skip(test.info().project.name !== "desktop", "a phone has no Ctrl key");
  const citizen = await atSigning(page, "libreoffice.pdf");
  const box = citizen.box();
  const marks = page.getByRole("group", { name: /^Hình minh họa chữ ký trang/ });
  await box.focus();
  await page.keyboard.press("Control+d");
  await expect(marks).toHaveCount(1);
  await expect(marks.first()).toBeFocused();
  await page.keyboard.press("Home");
  await expect(marks.first()).toHaveAccessibleName(/trang 1/);
  await expect(page.getByText("Chỉ ô ở trang 2 là chữ ký số. Ô ở các trang khác là hình minh họa.")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(box).toBeFocused();
  await expect.poll(async () => (await place(citizen))[0]).toBe(1);
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+v");
  await expect(marks).toHaveCount(2);
  await page.keyboard.press("Delete");
  await expect(marks).toHaveCount(1);
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("Control+z");
  await expect(marks).toHaveCount(0);
});

import type { Locator, Page } from "@playwright/test";
import { fixture } from "../support/fixture.ts";
import { accessible } from "../support/look.ts";
import { once } from "../support/once.ts";
import { password, people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

// `offline.spec.ts` cuts the network at each of the four steps and while files are sent; here it is cut in everything else
// that a citizen does: at the moment of pressing. Nothing typed is lost, the page says so, and the next press goes on.

/** One deed: where, what is typed, what is pressed, and how one sees that it was done. */
type Deed = { name: string; at: string; fill?: (page: Page) => Promise<void>; press: (page: Page) => Locator; done: (page: Page) => Locator };

const UNREACHED = /Không có kết nối mạng\. Những gì bạn đã nhập vẫn được giữ/;
/** Of this run: one that failed may have left its own. */
const note = `Mạng bị cắt ${Date.now()}`;
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Presses without a network, reads what is said, presses again with one. */
async function cut(page: Page, { name, press, done }: Pick<Deed, "name" | "press" | "done">): Promise<void> {
  await test.step(name, async () => {
    // The screen itself, not the words that stand for it until it came: what a screen does without its chunk is told in `chunk.spec.ts`.
    await expect(page.locator("[data-held], #skeleton")).toHaveCount(0);
    await page.context().setOffline(true);
    await press(page).click();
    await expect(page.getByText(UNREACHED).first()).toBeVisible();
    await expect(done(page)).toHaveCount(0);
    await accessible(page, `${name}, without a network`);
    await page.context().setOffline(false);
    await press(page).click();
    await expect(done(page).first()).toBeVisible({ timeout: 30_000 });
  });
}

const deeds: Deed[] = [
  {
    name: "one's own data",
    at: "/thong-tin-ca-nhan",
    fill: (page) => page.getByLabel("Email").fill("thu.cat@example.vn"),
    press: (page) => button(page, "Lưu lại"),
    done: (page) => page.locator(".notice.good"),
  },
  {
    name: "the password",
    at: "/doi-mat-khau",
    fill: async (page) => {
      await page.getByLabel("Mật khẩu hiện tại").fill("không phải");
      for (const field of ["#new-password", "#new-password-again"]) await page.locator(field).fill("một câu dễ nhớ");
    },
    press: (page) => button(page, "Đổi mật khẩu"),
    done: (page) => page.getByText("Mật khẩu hiện tại chưa đúng."),
  },
  {
    name: "a reminder",
    at: "/nhac-viec",
    fill: async (page) => {
      await page.getByLabel("Nhắc về").selectOption({ label: "Ghi chú của riêng tôi" });
      await page.getByLabel("Nội dung").fill(note);
      await page.getByLabel(/^Ngày/).first().fill("15/01/2030");
    },
    press: (page) => button(page, "Thêm lời nhắc"),
    done: (page) => page.getByRole("listitem").filter({ hasText: note }),
  },
  {
    name: "tracking",
    at: "/tra-cuu",
    fill: (page) => page.getByLabel("Mã hồ sơ").fill("000.00.00.H34-200101-0001"),
    press: (page) => button(page, "Tra cứu"),
    done: (page) => page.getByText("Không có hồ sơ nào mang mã này."),
  },
  {
    name: "looking a payment up",
    at: "/thanh-toan",
    fill: (page) => page.getByRole("textbox", { name: "Mã hồ sơ" }).fill("000.00.00.H34-200101-0001"),
    press: (page) => button(page, "Tra cứu"),
    done: (page) => page.getByText("Không tìm thấy nội dung này."),
  },
  {
    name: "feedback",
    at: "/phan-anh",
    fill: async (page) => {
      await page.getByLabel("Về việc gì").selectOption({ label: "Cổng dịch vụ công này" });
      await page.locator("#feedback-content").fill("Mạng ở xã tôi hay bị cắt.");
    },
    press: (page) => button(page, "Gửi phản ánh"),
    done: (page) => page.locator("#feedback-sent .code"),
  },
  {
    name: "the survey",
    at: "/khao-sat",
    fill: (page) => page.getByRole("group", { name: "Nhìn chung bạn có hài lòng không?" }).getByRole("radio").nth(3).check({ force: true }),
    press: (page) => button(page, "Gửi đánh giá"),
    done: (page) => page.locator("#survey-sent"),
  },
];

test.use({ serviceWorkers: "allow" });

test("the network is cut at each press: signing in, data, reminders, look-ups, feedback, survey", async ({ page, context }) => {
  once("phone");
  test.slow();
  await page.goto("/dang-nhap");
  await page.getByLabel("Tên đăng nhập").fill(people.thu.login);
  await page.getByLabel("Mật khẩu").fill(password);
  await cut(page, {
    name: "signing in",
    press: (page) => page.locator("main").getByRole("button", { name: "Đăng nhập", exact: true }),
    done: () => page.locator("details.account"),
  });
  for (const deed of deeds) {
    await page.goto(deed.at);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await deed.fill?.(page);
    await cut(page, deed);
  }
  // A file is checked without any network.
  await page.goto("/kiem-tra");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => localStorage.getItem("trusted-roots"));
  await context.setOffline(true);
  await page.locator("input[type=file]").setInputFiles(fixture("signed-before.pdf"));
  await expect(page.getByRole("region", { name: "Kết quả kiểm tra chữ ký" })).toContainText("Nội dung đã ký còn nguyên vẹn", { timeout: 30_000 });
  await context.setOffline(false);
});

test("the network is cut at each press: a profile, the request to sign, a message, taking the dossier back", async ({ page, browser }) => {
  once("phone");
  test.slow();
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  await citizen.withoutProfiles();
  await page.goto("/chu-ky");
  await page.getByRole("button", { name: "+ Thêm chữ ký" }).click();
  const form = page.getByRole("dialog", { name: "Mẫu chữ ký", exact: true });
  await form.getByLabel("Tên chữ ký").fill("Chữ ký cá nhân");
  await form.getByLabel("Số điện thoại ký số").fill(people.thu.phone);
  await form.getByLabel("Từ khóa định vị vị trí").fill("NGƯỜI LÀM ĐƠN");
  await form.getByRole("button", { name: "+ Thêm thông tin" }).click();
  await form.getByLabel("Tài khoản").last().fill(people.thu.login);
  await form.getByLabel("Nhà cung cấp").last().selectOption({ label: "VNPT-CA" });
  await cut(page, { name: "a profile", press: () => form.getByRole("button", { name: "Lưu lại" }), done: () => page.getByRole("cell", { name: "Chữ ký cá nhân" }) });

  await citizen.startDossier();
  await citizen.attach("Tờ khai đăng ký khai sinh", "typst.pdf");
  await citizen.attach("Giấy chứng sinh", "scan.pdf");
  await citizen.openSigning("Tờ khai đăng ký khai sinh");
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
  const choosing = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(choosing.getByRole("radio").first()).toBeVisible();
  await page.context().setOffline(true);
  await choosing.getByRole("button", { name: "Xác nhận" }).click();
  await expect(page.getByText("yêu cầu ký chưa gửi được; điện thoại chưa hiện gì"), "nobody waits for a phone that does not ring").toBeVisible({ timeout: 30_000 });
  await accessible(page, "the request to sign, without a network");
  await page.context().setOffline(false);
  const phone = await Phone.of(browser, people.thu.login);
  await phone.confirm();
  await phone.close();
  await citizen.finishSigning();
  await citizen.submit();

  await page.getByRole("link", { name: "Theo dõi hồ sơ này" }).click();
  await page.getByLabel("Viết tin nhắn").fill("Mạng vừa bị cắt.");
  await cut(page, { name: "a message", press: () => button(page, "Gửi tin nhắn"), done: () => page.getByRole("region", { name: "Trao đổi" }).getByText("Mạng vừa bị cắt.") });
  // What is there stays readable, and says how old it is.
  await page.context().setOffline(true);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: /khai sinh/ })).toBeVisible();
  await expect(page.getByText(/^Cập nhật lúc/).first()).toBeVisible();
  await accessible(page, "a dossier without a network");
  await page.context().setOffline(false);
  await page.reload();
  await button(page, "Rút hồ sơ").click();
  const asked = page.getByRole("dialog", { name: "Rút hồ sơ" });
  await cut(page, { name: "taking back", press: () => asked.getByRole("button", { name: "Xác nhận rút hồ sơ" }), done: () => page.locator("p.state, .standing").filter({ hasText: /rút/i }) });
});

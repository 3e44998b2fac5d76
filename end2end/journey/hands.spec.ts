import { fixture } from "../support/fixture.ts";
import { Keys } from "../support/keys.ts";
import { once } from "../support/once.ts";
import { password, people, Person } from "../support/person.ts";
import { Phone } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

const FORM = "Tờ khai đăng ký khai sinh";
const PROOF = "Giấy chứng sinh";

test.beforeEach(() => once("desktop"));

test("by keyboard alone: from the first page to a dossier that is found, filled in, signed, handed in, talked about and taken back", async ({ page, browser }) => {
  test.slow();
  const keys = new Keys(page);
  const citizen = new Person(page, people.thu);
  await citizen.arrive();
  await page.context().clearCookies();
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
  const link = (name: string | RegExp) => page.getByRole("link", { name, exact: typeof name === "string" });
  const group = (name: string) => page.getByRole("group", { name, exact: true });

  // Find, and sign in where it is asked for.
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await keys.press(link("Bỏ qua, tới nội dung chính"));
  await keys.write(page.getByRole("searchbox"), "dang ky khai sinh");
  await keys.press(link("Thủ tục đăng ký khai sinh"));
  await keys.at("Thủ tục đăng ký khai sinh");
  await keys.press(button("Nộp hồ sơ trực tuyến"));
  await keys.at("Đăng nhập");
  await keys.write(page.getByLabel("Tên đăng nhập"), people.thu.login);
  await keys.write(page.getByLabel("Mật khẩu"), password);
  await page.keyboard.press("Enter");

  // Step 1: a fault is told, and its line leads to the field.
  await keys.at("Thủ tục đăng ký khai sinh");
  await keys.press(button("Nộp hồ sơ trực tuyến"));
  await keys.at("Thông tin hồ sơ");
  await keys.write(page.getByLabel("Nội dung yêu cầu giải quyết"), "Đăng ký khai sinh cho con");
  await keys.write(page.getByLabel("Họ, chữ đệm, tên của trẻ"), "Nguyễn Thị Phím");
  await keys.write(page.getByRole("textbox", { name: "Ngày sinh của trẻ" }), "01112025");
  await keys.choose(group("Giới tính của trẻ"), 1);
  await keys.choose(group("Quan hệ của bạn với trẻ"), 0);
  await keys.choose(group("Cha, mẹ đã đăng ký kết hôn"), 1);
  await keys.press(button("Tiếp tục"));
  const faults = page.locator("#error-summary");
  await expect(faults).toBeFocused();
  await keys.press(faults.getByRole("link", { name: /^Nơi sinh/ }));
  await expect(page.getByLabel("Nơi sinh")).toBeFocused();
  await page.keyboard.type("Trạm y tế Xã Ví Dụ");
  await keys.press(button("Tiếp tục"));

  // Step 2: attach, put in order, replace, remove and bring back.
  await keys.at("Thành phần hồ sơ");
  const form = citizen.component(FORM);
  await keys.give(form.locator("input[type=file]").first(), fixture("typst.pdf"));
  await expect(citizen.file("typst.pdf")).toBeVisible();
  await keys.kept("attaching a file");
  await keys.give(form.locator("input[type=file]").first(), fixture("chromium.pdf"));
  await keys.press(citizen.file("typst.pdf").getByRole("button", { name: "Chuyển xuống" }));
  await expect(form.locator("li .name").last()).toHaveText("typst.pdf");
  await keys.kept("moving a file down");
  await keys.give(citizen.file("chromium.pdf").getByRole("button", { name: "Thay tệp" }), fixture("libreoffice.pdf"));
  await expect(citizen.file("libreoffice.pdf")).toBeVisible();
  await keys.kept("replacing a file");
  await keys.press(button("Đóng").last());
  await keys.press(citizen.file("typst.pdf").getByRole("button", { name: "Xóa" }));
  await expect(button("Hoàn tác")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(citizen.file("typst.pdf")).toBeVisible();
  await keys.kept("bringing a file back");
  await keys.press(citizen.file("typst.pdf").getByRole("button", { name: "Xóa" }));
  await keys.press(button("Đóng").last());
  await keys.give(citizen.component(PROOF).locator("input[type=file]").first(), fixture("scan.pdf"));
  await expect(citizen.file("scan.pdf")).toBeVisible();
  await keys.press(citizen.file("scan.pdf").getByRole("button", { name: "Xem", exact: true }));
  await expect(citizen.file("scan.pdf").locator("canvas").first()).toBeVisible({ timeout: 30_000 });
  await keys.press(citizen.file("scan.pdf").getByRole("button", { name: "Đóng tệp" }));

  // Sign.
  await keys.press(form.getByRole("link", { name: "Ký số NEAC" }));
  await expect(citizen.box()).toBeVisible({ timeout: 30_000 });
  await keys.kept("opening the signing screen");
  await keys.press(button("Chọn vị trí ký"));
  const choosing = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
  await expect(choosing.getByRole("radio").first()).toBeVisible();
  await expect(choosing.getByRole("button", { name: "Xác nhận" })).toBeEnabled();
  await keys.press(choosing.getByRole("button", { name: "Xác nhận" }));
  await expect(page.getByRole("heading", { name: "Vui lòng kiểm tra điện thoại và nhập mã pin ký số" })).toBeFocused({ timeout: 30_000 });
  const phone = await Phone.of(browser, people.thu.login);
  await phone.confirm();
  await phone.close();
  await expect(page.getByRole("heading", { name: "Ký số thành công" })).toBeVisible({ timeout: 60_000 });
  await keys.press(button("Tiếp tục hồ sơ"));

  // Fees, declaration, receipt.
  await keys.at("Thành phần hồ sơ");
  await expect(form.getByText("libreoffice_signed.pdf")).toBeVisible();
  await keys.press(button("Tiếp tục"));
  await keys.at("Phí, lệ phí");
  await keys.press(link("Tiếp tục"));
  await keys.at("Nộp hồ sơ");
  await keys.press(button("Nộp hồ sơ"));
  await expect(page.getByLabel(/Tôi cam đoan/)).toBeFocused();
  await page.keyboard.press("Space");
  await keys.press(button("Nộp hồ sơ"));
  const receipt = page.getByRole("region", { name: "Biên nhận" });
  await expect(receipt).toBeFocused({ timeout: 60_000 });
  const code = (await receipt.locator(".big.code").innerText()).trim();
  const [paper] = await Promise.all([page.waitForEvent("download"), keys.press(receipt.getByRole("button", { name: /^Tải giấy biên nhận/ }))]);
  expect(paper.suggestedFilename()).toContain(code);
  await keys.kept("downloading the receipt");

  // Afterwards: a message, then the dossier is taken back.
  await keys.press(link("Theo dõi hồ sơ này"));
  await keys.at(/khai sinh/);
  await keys.write(page.getByLabel("Viết tin nhắn"), "Tôi chỉ dùng bàn phím.");
  await keys.press(button("Gửi tin nhắn"));
  await expect(page.getByRole("region", { name: "Trao đổi" })).toContainText("Tôi chỉ dùng bàn phím.");
  await keys.kept("sending a message");
  await keys.press(button("Rút hồ sơ"));
  const asked = page.getByRole("dialog", { name: "Rút hồ sơ" });
  await expect(asked).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(asked).toBeHidden();
  await expect(button("Rút hồ sơ"), "the dialog gives the focus back").toBeFocused();
  await page.keyboard.press("Enter");
  await keys.write(asked.getByLabel("Lý do (không bắt buộc)"), "Nộp nhầm");
  await keys.press(asked.getByRole("button", { name: "Xác nhận rút hồ sơ" }));
  await expect(asked).toBeHidden();
  await keys.kept("taking the dossier back");

  // Whoever has the code looks it up.
  await keys.press(page.getByRole("navigation", { name: "Chính" }).getByRole("link", { name: "Tra cứu hồ sơ" }));
  await keys.at("Tra cứu hồ sơ");
  await keys.write(page.getByLabel("Mã hồ sơ"), code);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Kết quả tra cứu" })).toContainText("rút");
});

test("by keyboard alone: profiles, filters, checking a file, what one writes to the portal, reminders, the account", async ({ page }) => {
  test.slow();
  const keys = new Keys(page);
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  await citizen.withoutProfiles();
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
  const link = (name: string | RegExp) => page.getByRole("link", { name, exact: typeof name === "string" });
  const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
  const site = (name: string) => page.getByRole("navigation", { name: "Chính" }).getByRole("link", { name, exact: true });
  /** Through the account's menu. */
  const own = async (name: string, title = name) => {
    await keys.press(citizen.menu());
    await keys.press(page.locator("details.account").getByRole("link", { name, exact: true }));
    await keys.at(title);
  };
  const step = test.step;
  await page.goto("/");
  await expect(citizen.menu()).toBeVisible();

  await step("a signature profile is made, edited and deleted", async () => {
    await own("Cập nhật chữ ký");
    await keys.press(button("+ Thêm chữ ký"));
    const form = dialog("Mẫu chữ ký");
    await keys.give(form.locator("input[type=file]"), fixture("autograph.png"));
    await expect(form.getByAltText("Ảnh chữ ký đã chọn")).toBeVisible();
    await keys.write(form.getByLabel("Tên chữ ký"), "Chữ ký phím");
    await keys.write(form.getByLabel("Số điện thoại ký số"), "0900000022");
    await keys.write(form.getByLabel("Từ khóa định vị vị trí"), "NGƯỜI LÀM ĐƠN");
    await keys.press(form.getByRole("button", { name: "+ Thêm thông tin" }));
    await keys.write(form.getByLabel("Tài khoản").last(), people.thu.login);
    await keys.pick(form.getByLabel("Nhà cung cấp").last(), "VNPT");
    await keys.press(form.getByRole("button", { name: "Lưu lại" }));
    await expect(form).toBeHidden();
    await expect(page.getByRole("cell", { name: "Chữ ký phím" }).first()).toBeVisible();
    await keys.kept("saving a profile");
    await keys.press(button("Sửa Chữ ký phím"));
    await expect(form).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(button("Sửa Chữ ký phím")).toBeFocused();
    await keys.press(button("Xóa Chữ ký phím"));
    await keys.press(dialog("Xóa mẫu chữ ký?").getByRole("button", { name: "Xóa", exact: true }));
    await expect(page.getByRole("cell", { name: "Chữ ký phím" })).toHaveCount(0);
    await keys.kept("deleting a profile");
  });

  await step("the catalogue is filtered", async () => {
    await keys.press(site("Thủ tục hành chính"));
    await keys.at("Thủ tục hành chính");
    await keys.press(page.locator("summary", { hasText: "Tìm kiếm nâng cao" }));
    await keys.pick(page.getByLabel("Sự kiện"), "Việc");
    await expect(page).toHaveURL(/su-kien=/);
    await keys.press(button(/^Bỏ lọc/));
    await expect(page).not.toHaveURL(/su-kien=/);
    await keys.kept("taking a filter away");
    await keys.press(button(/^Xem thêm \d+ thủ tục$/));
    await expect(page.locator(".cards > li")).toHaveCount(40);
    await keys.kept("showing more");
  });

  await step("a signed file is checked", async () => {
    await keys.press(site("Kiểm tra chữ ký"));
    await keys.at("Kiểm tra chữ ký số");
    await keys.give(page.locator("#file"), fixture("signed-before.pdf"));
    const report = page.getByRole("region", { name: "Kết quả kiểm tra chữ ký" });
    await expect(report).toBeVisible({ timeout: 30_000 });
    await keys.kept("choosing a file");
    await keys.press(report.getByText("Xem bằng chứng"));
    await expect(report.getByRole("row").first()).toBeVisible();
    const [saved] = await Promise.all([page.waitForEvent("download"), keys.press(button("Tải báo cáo (PDF)"))]);
    expect(saved.suggestedFilename()).toMatch(/\.pdf$/);
  });

  await step("feedback is sent and looked up, a survey answered, news and help read, a payment not found", async () => {
    await keys.press(site("Phản ánh kiến nghị"));
    await keys.at("Phản ánh kiến nghị");
    await keys.press(button("Gửi phản ánh"));
    await expect(page.locator("#error-summary")).toBeFocused();
    await keys.pick(page.getByLabel("Về việc gì"), "Cổng");
    await keys.write(page.locator("#feedback-content"), "Tôi dùng bàn phím.");
    await keys.press(button("Gửi phản ánh"));
    const code = (await page.locator("#feedback-sent .code").innerText()).trim();
    await keys.kept("sending feedback");

    await keys.press(site("Khảo sát đánh giá"));
    await keys.at("Khảo sát đánh giá");
    await keys.choose(page.getByRole("group", { name: "Nhìn chung bạn có hài lòng không?" }), 4);
    await keys.press(button("Gửi đánh giá"));
    await expect(page.locator("#survey-sent")).toBeFocused();

    await keys.press(site("Phản ánh kiến nghị"));
    await keys.at("Phản ánh kiến nghị");
    await keys.write(page.getByLabel("Mã phản ánh"), code);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Phản ánh đã được nhận và đang chờ cán bộ trả lời.")).toBeVisible();
    await keys.press(site("Tin tức"));
    await keys.at("Tin tức");
    await keys.press(link(/^Ký tất cả tệp của hồ sơ/));
    await keys.at(/^Ký tất cả tệp của hồ sơ/);
    await keys.press(site("Hỗ trợ"));
    await keys.at("Hướng dẫn và hỗ trợ");
    await keys.press(page.locator(".help-topics a").first());
    await expect(page).toHaveURL(/\/ho-tro\/./);
    await keys.press(site("Thanh toán"));
    await keys.at("Thanh toán");
    await keys.write(page.getByRole("textbox", { name: "Mã hồ sơ" }), "000.00.00.H34-200101-0001");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toBeVisible();
  });

  await step("reminders, notices, one's own data, the password, the language, the way out", async () => {
    await own("Đăng ký nhắc việc");
    await keys.pick(page.getByLabel("Nhắc về"), "Ghi chú");
    await keys.write(page.getByLabel("Nội dung"), "Gọi lại");
    await keys.write(page.getByRole("textbox", { name: /^Ngày/ }), "15012030");
    await keys.press(button("Thêm lời nhắc"));
    await expect(page.getByRole("listitem").filter({ hasText: "Gọi lại" })).toBeVisible();
    await keys.kept("adding a reminder");
    await keys.press(button("Xóa lời nhắc: Gọi lại"));
    await expect(page.getByText("Gọi lại")).toBeHidden();
    await keys.kept("deleting a reminder");
    await keys.press(link(/^Thông báo/));
    await keys.at("Thông báo");
    await own("Thông tin cá nhân");
    await keys.write(page.getByLabel("Email"), "thu.phim@example.vn");
    await page.keyboard.press("Enter");
    await expect(page.locator(".notice.good")).toBeVisible();
    await keys.kept("saving one's data");
    await own("Đổi mật khẩu");
    await keys.write(page.getByLabel("Mật khẩu hiện tại"), "không phải");
    await keys.write(page.getByLabel("Mật khẩu mới").first(), "một câu dễ nhớ");
    await keys.write(page.getByLabel("Nhập lại mật khẩu mới"), "một câu dễ nhớ");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Mật khẩu hiện tại chưa đúng.")).toBeVisible();
    await keys.kept("a wrong password");
    await keys.press(page.getByRole("banner").getByRole("button", { name: "English" }));
    await expect(page.getByRole("heading", { level: 1, name: "Change password" })).toBeVisible();
    await keys.press(page.getByRole("banner").getByRole("button", { name: "Tiếng Việt" }));
    await expect(page.getByRole("heading", { level: 1, name: "Đổi mật khẩu" })).toBeVisible();
    await keys.press(citizen.menu());
    await keys.press(page.locator("details.account").getByRole("button", { name: "Đăng xuất", exact: true }));
    await expect(page.getByRole("banner").getByRole("link", { name: "Đăng nhập" })).toBeVisible();
  });
});

test("by keyboard alone: a file is kept, renamed and taken out of the store", async ({ page }) => {
  const keys = new Keys(page);
  const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
  await new Person(page, people.thu).arrive(null);
  await page.goto("/");
  await keys.press(page.getByRole("navigation", { name: "Chính" }).getByRole("link", { name: "Kho dữ liệu cá nhân" }));
  await keys.at("Kho dữ liệu cá nhân");
  await keys.give(page.locator("#store-add"), fixture("typst.pdf"));
  const line = page.locator("li.kept-file").filter({ hasText: "typst.pdf" });
  const agree = page.getByRole("dialog").getByRole("button", { name: "Đồng ý lưu" });
  await expect(agree.or(line)).toBeVisible();
  if (await agree.isVisible()) await keys.press(agree);
  await expect(line).toBeVisible();
  await keys.kept("keeping a file");
  await keys.press(line.getByRole("button", { name: "Đổi tên, ghi hạn dùng" }));
  await keys.write(dialog("Đổi tên, ghi hạn dùng").getByLabel("Tên tệp"), "Tờ khai cũ");
  await page.keyboard.press("Enter");
  const renamed = page.locator("li.kept-file").filter({ hasText: "Tờ khai cũ.pdf" });
  await expect(renamed).toBeVisible();
  await keys.kept("renaming a file");
  await keys.press(renamed.getByRole("button", { name: "Xóa khỏi kho" }));
  await keys.press(dialog("Xóa khỏi kho").getByRole("button", { name: "Xóa khỏi kho" }));
  await expect(renamed).toHaveCount(0);
  await keys.kept("taking a file out");
});

import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute } from "node:path";
import { type Browser, expect, type Locator, type Page } from "@playwright/test";
import { fixture } from "./fixture.ts";
import { signedFile } from "./judge.ts";
import { Phone } from "./phone.ts";

/** The invented people of the demo catalogue. */
export const people = {
  mau: { login: "062099000011", name: "Nguyễn Văn Mẫu", phone: "0900000011" },
  thu: { login: "062199000022", name: "Trần Thị Thử", phone: "0900000022" },
  viDu: { login: "062099000033", name: "Lê Hoàng Ví Dụ", phone: "0900000033" },
  officer: { login: "canbo.kiem", name: "Phạm Thị Kiểm", phone: "" },
};
export const password = "Demo@2026";

type Who = (typeof people)[keyof typeof people];

/** What a person does in the portal, with the words that stand on screen. */
export class Person {
  constructor(
    readonly page: Page,
    readonly who: Who,
  ) {}

  /**
   * Signed in and with this one signature profile (or as many as there are, for `null`), by the API: for journeys that are about
   * something else. The page is where it was; its next screen shows it.
   */
  async arrive(profile: { image?: boolean; keyword?: string } | null = {}): Promise<void> {
    const { request } = this.page;
    expect((await request.post("/api/session", { data: { user_name: this.who.login, password } })).ok()).toBe(true);
    if (!profile) return;
    await this.withoutProfiles();
    const { image = true, keyword = "NGƯỜI LÀM ĐƠN" } = profile;
    const data = {
      name: "Chữ ký cá nhân",
      phone: this.who.phone,
      keyword,
      image: image ? readFileSync(fixture("autograph.png")).toString("base64") : null,
      accounts: [{ citizen_id: this.who.login, provider: "vnpt-ca" }],
      is_default: true,
    };
    expect((await request.post("/api/profiles", { data })).ok()).toBe(true);
  }

  /** Signs in by the form. */
  async signIn(): Promise<void> {
    const { page } = this;
    await page.goto("/dang-nhap");
    await page.getByLabel("Tên đăng nhập").fill(this.who.login);
    await page.getByLabel("Mật khẩu").fill(password);
    await page.getByRole("button", { name: "Đăng nhập", exact: true }).click();
    await expect(this.menu()).toBeVisible();
  }

  /** The account menu at the top right. */
  menu(): Locator {
    return this.page.locator("summary", { hasText: this.who.name });
  }

  /** Removes every profile of the person. */
  async withoutProfiles(): Promise<void> {
    const { request } = this.page;
    const profiles = (await (await request.get("/api/profiles")).json()) as { id: string }[];
    for (const { id } of profiles) expect((await request.delete(`/api/profiles/${id}`)).ok()).toBe(true);
  }

  /** `Cập nhật chữ ký` → `+ Thêm chữ ký`, filled and saved. */
  async addProfile({ name = "Chữ ký cá nhân", phone = this.who.phone, keyword = "NGƯỜI LÀM ĐƠN", image = true, provider = "VNPT-CA", account = this.who.login } = {}): Promise<void> {
    const { page } = this;
    await page.goto("/chu-ky");
    await page.getByRole("button", { name: "+ Thêm chữ ký" }).click();
    const dialog = page.getByRole("dialog", { name: "Mẫu chữ ký", exact: true });
    if (image) {
      await dialog.locator("input[type=file]").setInputFiles(fixture("autograph.png"));
      await expect(dialog.getByAltText("Ảnh chữ ký đã chọn")).toBeVisible();
    }
    await dialog.getByLabel("Tên chữ ký").fill(name);
    await dialog.getByLabel("Số điện thoại ký số").fill(phone);
    await dialog.getByLabel("Từ khóa định vị vị trí").fill(keyword);
    await dialog.getByRole("button", { name: "+ Thêm thông tin" }).click();
    await dialog.getByLabel("Tài khoản", { exact: false }).last().fill(account);
    await dialog.getByLabel("Nhà cung cấp", { exact: false }).last().selectOption({ label: provider });
    await dialog.getByRole("button", { name: "Lưu lại" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("cell", { name }).first()).toBeVisible();
  }

  /** From a birth registration's page, or from the catalogue's search, to step 2. */
  async startDossier({ search = false } = {}): Promise<void> {
    const { page } = this;
    if (search) {
      await page.goto("/thu-tuc");
      await page.getByLabel("Tìm theo tên, mã hoặc từ khóa").fill("dang ky khai sinh");
      await page.getByRole("link", { name: "Thủ tục đăng ký khai sinh", exact: true }).click();
    } else await page.goto("/thu-tuc/1.001193");
    await page.getByRole("button", { name: "Nộp hồ sơ trực tuyến" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Thông tin hồ sơ" })).toBeVisible();
    await expect(page.getByLabel("Họ và tên").first()).toHaveValue(this.who.name);
    await page.getByLabel("Nội dung yêu cầu giải quyết").fill("Đăng ký khai sinh cho con");
    await this.fillDetail();
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Thành phần hồ sơ" })).toBeVisible();
  }

  /** The birth registration's own fields. */
  private async fillDetail(): Promise<void> {
    const detail = this.page.getByRole("group", { name: "Thông tin chi tiết" });
    await detail.getByLabel("Họ, chữ đệm, tên của trẻ").fill("Nguyễn Thị Ví Dụ");
    await detail.getByLabel("Ngày sinh của trẻ", { exact: false }).first().fill("01/11/2025");
    await detail.getByLabel("Nơi sinh").fill("Trạm y tế Xã Ví Dụ");
    for (const [group, choice] of [["Giới tính của trẻ", "Nữ"], ["Quan hệ của bạn với trẻ", "Cha"], ["Cha, mẹ đã đăng ký kết hôn", "Không"]] as const) {
      await detail.getByRole("group", { name: group }).getByLabel(choice, { exact: true }).check();
    }
  }

  /** The card of a component in step 2. */
  component(name: string): Locator {
    return this.page.locator("section.component", { hasText: name }).first();
  }

  /** Attaches a file of `fixture/made`, or any other by its absolute path. */
  async attach(component: string, file: string): Promise<void> {
    await this.component(component).locator("input[type=file]").setInputFiles(isAbsolute(file) ? file : fixture(file));
    await expect(this.component(component).getByText(basename(file), { exact: false }).first()).toBeVisible();
  }

  /** The line of an attached file, signed or not. */
  file(name: string): Locator {
    return this.page.locator("li.file-row", { hasText: name.replace(/\.pdf$/, "") }).first();
  }

  /** Opens the signing screen of a component's file. */
  async openSigning(component: string, file?: string): Promise<void> {
    const place = file ? this.file(file) : this.component(component);
    await place.getByRole("link", { name: "Ký số NEAC" }).first().click();
  }

  /** `Ký số tất cả` on the dossier's step 2, where at least two files are unsigned. */
  async signAll(): Promise<void> {
    await this.page.getByRole("button", { name: /^Ký số (tất cả|\d+ tệp đã chọn)/ }).click();
    await expect(this.page.getByRole("navigation", { name: "Các tệp sẽ ký" })).toBeVisible();
  }

  /** The line of a file on the screen where several are signed; on a phone the list is opened first. */
  async listed(name: string): Promise<Locator> {
    const list = this.page.getByRole("navigation", { name: "Các tệp sẽ ký" });
    const toggle = list.locator("button.which");
    if ((await toggle.isVisible()) && (await toggle.getAttribute("aria-expanded")) !== "true") await toggle.click();
    return list.getByRole("listitem").filter({ hasText: name });
  }

  /** The main button once every box stands → profile, account, certificate → `Xác nhận`. */
  async sendAll(count: number): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: `Ký ${count} tệp bằng 1 lần xác nhận` }).click({ timeout: 60_000 });
    const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
    await expect(dialog.getByRole("radio").first()).toBeVisible();
    await dialog.getByRole("button", { name: "Xác nhận" }).click();
    await expect(page.getByRole("heading", { name: "Vui lòng kiểm tra điện thoại và nhập mã pin ký số" })).toBeVisible({ timeout: 60_000 });
  }

  box(): Locator {
    return this.page.getByRole("group", { name: /^Ô ký trang/ });
  }

  /** `Chọn vị trí ký` → profile, account, certificate → `Xác nhận`. */
  async sendRequest(): Promise<void> {
    const { page } = this;
    await expect(this.box()).toBeVisible({ timeout: 30_000 });
    await page.getByRole("button", { name: "Chọn vị trí ký" }).click();
    const dialog = page.getByRole("dialog", { name: "Chọn mẫu chữ ký" });
    await expect(dialog.getByRole("radio").first()).toBeVisible();
    await dialog.getByRole("button", { name: "Xác nhận" }).click();
    await expect(page.getByRole("heading", { name: "Vui lòng kiểm tra điện thoại và nhập mã pin ký số" })).toBeVisible({ timeout: 30_000 });
  }

  /** After the phone's confirmation: the signed file replaces the unsigned one. */
  async finishSigning(): Promise<void> {
    const { page } = this;
    await expect(page.getByRole("heading", { name: "Ký số thành công" })).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "Tiếp tục hồ sơ" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Thành phần hồ sơ" })).toBeVisible();
  }

  /** Takes a signed file of the draft out of the browser's own storage: nothing is downloaded for it, nothing was uploaded. */
  async saveSigned(component: string, target: string, folder?: "signed" | "signed-elsewhere"): Promise<string> {
    return this.save(this.component(component), target, folder);
  }

  /** The same for a file by its own name. */
  async saveFile(name: string, target: string): Promise<string> {
    return this.save(this.file(name), target);
  }

  private async save(place: Locator, target: string, folder?: "signed" | "signed-elsewhere"): Promise<string> {
    const button = place.getByRole("button", { name: "Tải về" }).first();
    const [download] = await Promise.all([this.page.waitForEvent("download"), button.click()]);
    const file = signedFile(target, folder);
    mkdirSync(dirname(file), { recursive: true });
    await download.saveAs(file);
    return file;
  }

  /** A birth registration whose form is signed by the phone and whose certificate is not, handed in; its code. */
  async handIn(browser: Browser, form: string): Promise<string> {
    await this.startDossier();
    await this.attach("Tờ khai đăng ký khai sinh", form);
    await this.attach("Giấy chứng sinh", "scan.pdf");
    await this.openSigning("Tờ khai đăng ký khai sinh");
    await this.sendRequest();
    const phone = await Phone.of(browser, this.who.login);
    await phone.confirm();
    await phone.close();
    await this.finishSigning();
    return this.submit();
  }

  /** Fees, review, declaration, submit; the code of the receipt. */
  async submit(): Promise<string> {
    const { page } = this;
    await page.getByRole("button", { name: "Tiếp tục" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Phí, lệ phí" })).toBeVisible();
    await page.getByRole("link", { name: "Tiếp tục" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Nộp hồ sơ" })).toBeVisible();
    await page.getByLabel(/Tôi cam đoan/).check();
    await page.getByRole("button", { name: "Nộp hồ sơ" }).click();
    const receipt = page.getByRole("region", { name: "Biên nhận" });
    await expect(receipt).toBeVisible({ timeout: 60_000 });
    return (await receipt.locator(".big.code").innerText()).trim();
  }
}

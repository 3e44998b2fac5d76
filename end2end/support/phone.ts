import { type Browser, expect, type Page, request } from "@playwright/test";

/** Address of the sandbox provider. */
export const sandbox = process.env.SANDBOX_URL ?? "http://localhost:8090";
/** PIN of every sandbox account. */
export const pin = "123456";

type Fault = "none" | "down" | "lost-answer" | "wrong-value";

/** Switches of the sandbox provider: what goes wrong from now on, how long requests wait, which account is unlocked. */
export async function settings(change: { fault?: Fault; lifetime_seconds?: number; unlock?: string }): Promise<void> {
  const context = await request.newContext();
  const answer = await context.post(`${sandbox}/admin/settings`, { data: change });
  expect(answer.ok()).toBe(true);
  await context.dispose();
}

/** The sandbox as a fresh start has it; what an earlier test left on the phones is gone. */
export async function calm(): Promise<void> {
  await settings({ fault: "none", lifetime_seconds: 300 });
  const context = await request.newContext();
  await context.delete(`${sandbox}/admin/requests`);
  await context.dispose();
}

/** The provider's app on somebody's phone: its own browser window. */
export class Phone {
  private constructor(readonly page: Page, private readonly address: string) {}

  static async of(browser: Browser, account: string, provider = "vnpt-ca"): Promise<Phone> {
    const context = await browser.newContext({ viewport: { width: 390, height: 780 }, locale: "vi-VN" });
    return new Phone(await context.newPage(), `${sandbox}/phone/${provider}?account=${account}`);
  }

  /** Opens the app and waits until a request is there; its text. */
  async waitForRequest(): Promise<string> {
    await this.page.goto(this.address);
    const request = this.page.locator("form.request").first();
    await expect(request).toBeVisible({ timeout: 20_000 });
    return request.innerText();
  }

  async confirm(typed = pin): Promise<void> {
    await this.waitForRequest();
    await this.page.getByLabel("Mã PIN").first().fill(typed);
    await this.page.getByRole("button", { name: "Xác nhận ký" }).first().click();
  }

  async reject(): Promise<void> {
    await this.waitForRequest();
    await this.page.getByRole("button", { name: "Từ chối" }).first().click();
    // The click alone does not wait for where the form leads, and whoever opens the app again would cut it off.
    await this.page.waitForURL(/[?&]told=/);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

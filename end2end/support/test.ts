import { test as base, type Page } from "@playwright/test";
import { calm } from "./phone.ts";
import { reach, slow, slowDown } from "./slow.ts";

/** What a page complains of in its console, but for answers of the server that a test provokes. */
function listen(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    const provoked = /Failed to load resource|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|ERR_NETWORK|unknown error occurred when fetching the script/.test(message.text());
    if (message.type() === "error" && !provoked) complaints.push(`${message.text()} (${page.url()}, ${message.location().url}:${message.location().lineNumber})`);
  });
}

/** When each page is as slow as it shall be. */
const slowed = new WeakMap<Page, Promise<void>>();

/** Playwright's test with a provider that behaves, failing on everything that a page complains of: a panic above all. */
export const test = base.extend<{ quiet: undefined }>({
  context: async ({ context }, use) => {
    if (slow) {
      const cut = context.setOffline.bind(context);
      context.setOffline = async (offline) => {
        await cut(offline);
        await Promise.all(context.pages().map((page) => reach(page, offline)));
      };
    }
    await use(context);
  },
  page: async ({ page }, use) => {
    // Slow before it goes anywhere: done beside a journey it would bring the network back that the journey just cut.
    await slowed.get(page);
    await use(page);
  },
  quiet: [
    async ({ context }, use) => {
      await calm();
      const complaints: string[] = [];
      context.on("page", (page) => {
        listen(page, complaints);
        // A page that was closed meanwhile needs no slowing down.
        if (slow) slowed.set(page, slowDown(page).catch(() => {}));
      });
      await use(undefined);
      if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join("\n")}`);
    },
    { auto: true },
  ],
});

export { expect } from "@playwright/test";

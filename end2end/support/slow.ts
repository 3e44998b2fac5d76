import type { CDPSession, Page } from "@playwright/test";

/** A cheap phone on a bad network: what Lighthouse calls "slow 4G", and a processor four times slower (`cargo xtask walk --slow`). */
export const slow = Boolean(process.env.SLOW);

/** Each page's session: the browser takes what was last asked for by any of them, and Playwright has its own. */
const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** Makes a page's network and processor slow; service workers fetch by a session of their own and stay fast. */
export async function slowDown(page: Page): Promise<void> {
  await reach(page, false);
  const session = await sessions.get(page);
  await session?.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

/** The page's slow network, or none. */
export async function reach(page: Page, offline: boolean): Promise<void> {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  const session = await sessions.get(page);
  await session?.send("Network.enable");
  await session?.send("Network.emulateNetworkConditions", {
    offline,
    latency: 150,
    downloadThroughput: (1.6 * 1024 * 1024) / 8,
    uploadThroughput: (0.75 * 1024 * 1024) / 8,
  });
}

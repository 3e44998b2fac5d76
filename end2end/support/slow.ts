import type { Page } from "@playwright/test";

/** A cheap phone on a bad network: what Lighthouse calls "slow 4G", and a processor four times slower (`cargo xtask walk --slow`). */
export const slow = Boolean(process.env.SLOW);

/** Makes a page's network and processor slow; service workers fetch by a session of their own and stay fast. */
export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 1024 * 1024) / 8,
    uploadThroughput: (0.75 * 1024 * 1024) / 8,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

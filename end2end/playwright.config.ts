import { defineConfig, devices } from "@playwright/test";

// Chromium takes the last list of features only, so that this one begins with what Playwright switches off itself (1.65,
// `chromiumSwitches`). The last four are pages of Chromium's own that it makes ready for the address bar of every window, which nobody sees
// here: 1.1 of 1.6 seconds of processor that a new person's first page takes.
const features = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "PreloadTopChromeWebUI",
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
];

// Servers are started by `cargo xtask test`; this file only says where they are and how to look at them.
const chromium = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--disable-features=${features.join(",")}`,
  ],
};

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  // Pictures have their own settings; what another walker of `cargo xtask test` walks is not walked twice.
  testIgnore: ["look/**", ...(process.env.WITHOUT ?? "").split(",").filter(Boolean).map((name) => `journey/${name}.spec.ts`)],
  outputDir: "results/traces",
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // Once more with a record of every step, which costs too much to be kept of journeys that go well. What passes only then is told
  // as flaky, and is an error of the portal or of the journey to be found.
  retries: 1,
  timeout: process.env.SLOW ? 600_000 : 120_000,
  expect: { timeout: process.env.SLOW ? 60_000 : 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.PORTAL_URL ?? "http://localhost:8080",
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    trace: { mode: "on-first-retry", screenshots: true, snapshots: true, sources: true },
    screenshot: "only-on-failure",
    launchOptions: chromium,
    // Each journey is somebody's first visit: keeping the whole portal for the time without a network costs two seconds of
    // processor time. Journeys where the network is cut, and the one through everything, let it.
    serviceWorkers: "block",
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    {
      name: "phone",
      use: {
        ...devices["Pixel 7"],
        viewport: { width: 360, height: 740 },
        defaultBrowserType: "chromium",
        launchOptions: chromium,
      },
    },
  ],
});

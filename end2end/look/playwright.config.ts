import base from "../playwright.config.ts";
import { defineConfig } from "@playwright/test";

// Pictures: not part of the journeys. `--project=baseline` compares every screen with what was looked at and kept
// (`--update-snapshots` keeps new ones), `--project=help` takes the pictures of the guidance. `pack.py` makes them small.
export default defineConfig({
  ...base,
  testDir: ".",
  testIgnore: [],
  outputDir: "../results/look",
  snapshotPathTemplate: "{testDir}/baseline/{arg}{ext}",
  timeout: 600_000,
  expect: { timeout: 15_000, toHaveScreenshot: { animations: "disabled", caret: "hide", maxDiffPixelRatio: 0.01, threshold: 0.25 } },
  use: { ...base.use, trace: "off", viewport: { width: 1440, height: 900 } },
  projects: [
    { name: "baseline", testMatch: "baseline.spec.ts" },
    { name: "help", testMatch: "help.spec.ts" },
  ],
});

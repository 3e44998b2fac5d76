import { test } from "@playwright/test";

/** What does not know the screen's size is walked on one size; on both by `cargo xtask walk --every-size`. */
export function once(size: "desktop" | "phone"): void {
  test.skip(!process.env.EVERY_SIZE && test.info().project.name !== size, "once is enough");
}

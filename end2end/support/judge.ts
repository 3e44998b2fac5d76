import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "@playwright/test";

const here = resolve(import.meta.dirname, "..");
const python = process.env.PYTHON ?? join(here, ".venv/bin/python");

/** The sandbox provider's root certificate, left by `cargo xtask test`. */
export const root = process.env.SANDBOX_ROOT ?? join(here, "results/sandbox-root.pem");
/** The root of the signer who signed `signed-before.pdf`. */
export const otherRoot = join(here, "fixture/made/other-root.pem");

/**
 * Where a signed file is left for people and judges: `signed` holds what the sandbox's root alone proves, `signed-elsewhere`
 * what another root is needed for.
 */
export const signedFile = (name: string, folder: "signed" | "signed-elsewhere" = "signed"): string => join(here, "results", folder, name);

/** pyHanko, pdfsig and qpdf accept every signature of the file, or the test fails with what they said. */
export function accepted(file: string, roots: string[] = [root]): void {
  expect(existsSync(file), `${file} was not saved`).toBe(true);
  try {
    execFileSync(python, [join(here, "judge/judge.py"), file, ...roots], { encoding: "utf8" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`the judges refuse ${file}:\n${stdout}${stderr}`);
  }
}

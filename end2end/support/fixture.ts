import { join, resolve } from "node:path";

/** A file that `fixture/make.py` made. */
export const fixture = (name: string): string => join(resolve(import.meta.dirname, ".."), "fixture/made", name);

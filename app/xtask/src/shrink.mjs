// Shrinks small wasm modules in place: `node shrink.mjs BINARYEN FILE…`, with the address of Binaryen's library.
//
// Most of the page's chunks are a few kilobytes, and `wasm-opt` needs a second to start: here one start serves for all of them. What the
// library lacks, its last look at the order of the stack, is one part in a hundred of a module: large ones are left to `wasm-opt -Oz`.
import { readFileSync, writeFileSync } from "node:fs";

const [address, ...files] = process.argv.slice(2);
const { default: binaryen } = await import(address);
// Both of -Oz.
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
for (const file of files) {
  const module = binaryen.readBinary(readFileSync(file));
  module.optimize();
  writeFileSync(file, module.emitBinary());
  module.dispose();
}

// Starts the engine. Messages that arrive before it is ready are kept and handed over, so that none is lost.

// A module whose only function makes a vector: valid where the browser knows 128-bit SIMD. sw.js asks the same question.
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);
const engine = WebAssembly.validate(SIMD) ? "worker" : "worker-plain";

const early = [];
self.onmessage = (event) => early.push(event);
try {
  // Both at once: the engine is compiled while it arrives.
  const wasm = fetch(new URL(`./${engine}_bg.wasm`, import.meta.url));
  wasm.catch(() => {});
  const { default: init } = await import(`./${engine}.js`);
  await init({ module_or_path: wasm });
  // The engine has set its own handler by now.
  const handle = self.onmessage;
  for (const event of early) handle.call(self, event);
} catch (error) {
  console.error(error);
  self.postMessage({ failed: true });
}

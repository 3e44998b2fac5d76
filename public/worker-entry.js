// Starts the engine. Messages that arrive before it is ready are kept and handed over, so that none is lost.
import init from "./worker.js";

const early = [];
self.onmessage = (event) => early.push(event);
await init();
// The engine has set its own handler by now.
const handle = self.onmessage;
for (const event of early) handle.call(self, event);

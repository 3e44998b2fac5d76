import { expect, type BrowserContext, type Page } from "@playwright/test";

/** A worker that is asked by a test directly, in the words of `contract::worker`, without the portal's page. */
export class Engine {
  private constructor(private readonly page: Page) {}

  /** On an empty page of the portal, or where the page is when there is no network. `plain`: as in a browser without SIMD. */
  static async start(page: Page, { plain = false, online = true } = {}): Promise<Engine> {
    const shell = online ? await (await page.request.get("/")).text() : await page.content();
    const base = shell.match(/\/pkg\/[0-9a-f]+/)![0];
    if (plain) await page.route("**/worker-entry.js", async (route) => route.fulfill({ response: await route.fetch(), body: `WebAssembly.validate = () => false;\n${await (await route.fetch()).text()}` }));
    if (online) await page.goto("/icon.svg");
    await page.evaluate((base) => {
      type Said = { id?: number; body?: { answer: string }; buffers?: unknown[]; ready?: boolean; failed?: boolean };
      let worker: Worker, last: number, waiting: Map<number, (said: Said | string) => void>;
      const start = (): void => {
        [last, waiting] = [0, new Map()];
        // The page it stands on has no program, and so no policy that says which scripts are the portal's own.
        const { trustedTypes } = window as unknown as { trustedTypes?: { defaultPolicy: unknown; createPolicy: (name: string, rules: object) => void } };
        if (trustedTypes && !trustedTypes.defaultPolicy) trustedTypes.createPolicy("default", { createScriptURL: (address: string) => address });
        worker = new Worker(`${base}/worker-entry.js`, { type: "module" });
        const end = (why: string): void => waiting.forEach((tell) => tell(why));
        worker.onerror = (event) => end(event.message || "not loaded");
        worker.onmessage = ({ data }: { data: Said }) => {
          if (data.failed) end("not loaded");
          if (data.id !== undefined) waiting.get(data.id)?.(data);
        };
      };
      start();
      const ask = (body: object, buffers: ArrayBuffer[] = [], patience = 60_000): Promise<Said> =>
        new Promise((resolve, reject) => {
          const id = ++last;
          const late = setTimeout(() => waiting.get(id)?.("late"), patience);
          waiting.set(id, (said) => {
            waiting.delete(id);
            clearTimeout(late);
            if (typeof said === "string") reject(new Error(said));
            else resolve(said);
          });
          worker.postMessage({ id, body, buffers }, buffers);
        });
      const restart = (): void => {
        worker.terminate();
        start();
      };
      Object.assign(window, { ask, restart });
    }, base);
    return new Engine(page);
  }

  /** Opens a file, draws its first page at 1.5 pixels a point; the pixels, or the name of the problem. */
  async firstPage(file: Buffer): Promise<{ width: number; height: number; pixels: Uint8Array } | string> {
    const drawn = await this.page.evaluate(async (text) => {
      const { ask } = window as unknown as { ask: (body: object, buffers?: ArrayBuffer[]) => Promise<{ body: { answer: string; problem?: { problem: string } }; buffers: ImageBitmap[] }> };
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const opened = await ask({ ask: "open", document: 1, password: null }, [bytes.buffer]);
      if (opened.body.answer !== "opened") return opened.body.problem!.problem;
      const { body, buffers } = await ask({ ask: "render", document: 1, page: 0, scale: 1.5, clip: null, urgency: "seen" });
      if (body.answer !== "rendered") return body.problem!.problem;
      const { width, height } = buffers[0]!;
      const context = new OffscreenCanvas(width, height).getContext("2d")!;
      context.drawImage(buffers[0]!, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      let packed = "";
      for (let at = 0; at < data.length; at += 32768) packed += String.fromCharCode(...data.subarray(at, at + 32768));
      return { width, height, pixels: btoa(packed) };
    }, file.toString("base64"));
    return typeof drawn === "string" ? drawn : { ...drawn, pixels: Uint8Array.from(Buffer.from(drawn.pixels, "base64")) };
  }

  /** Opens a file, draws and reads its first page within ten seconds each; how it ended and how long it took, in milliseconds. */
  async look(file: Buffer): Promise<{ outcome: string; died: boolean; milliseconds: number }> {
    return this.page.evaluate(async (text) => {
      const { ask, restart } = window as unknown as { ask: (body: object, buffers?: ArrayBuffer[], patience?: number) => Promise<{ body: { answer: string; problem?: { problem: string } } }>; restart: () => void };
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const since = performance.now();
      const told: string[] = [];
      try {
        for (const [body, buffers] of [
          [{ ask: "open", document: 1, password: null }, [bytes.buffer]],
          [{ ask: "render", document: 1, page: 0, scale: 1.5, clip: null, urgency: "seen" }, []],
          [{ ask: "text", document: 1, page: 0 }, []],
        ] as [object, ArrayBuffer[]][]) {
          const { body: answer } = await ask(body, buffers, 10_000);
          told.push(answer.problem?.problem ?? answer.answer);
          if (answer.answer === "failed" && told.length === 1) break;
        }
        return { outcome: told.join(" "), died: false, milliseconds: performance.now() - since };
      } catch (error) {
        restart();
        return { outcome: `${told.join(" ")} ${String(error)}`, died: true, milliseconds: performance.now() - since };
      }
    }, file.toString("base64"));
  }
}

/** Lets a test harm the workers of every page: end them with an error, make them work for ever, or on one page only. */
export async function vulnerable(context: BrowserContext, { hangOnPage = -1 } = {}): Promise<void> {
  await context.addInitScript(() => {
    const engines: Worker[] = [];
    const Own = window.Worker;
    window.Worker = class extends Own {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        engines.push(this);
      }
    };
    Object.assign(window, { engines });
  });
  await context.route("**/worker-entry.js", async (route) => {
    const response = await route.fetch().catch(() => undefined);
    const script = await response?.text().catch(() => undefined);
    // The journey ended while a worker was being replaced: nobody waits for it. If somebody did, they would wait in vain, and say so.
    if (!response || script === undefined) return;
    const body = `${script}
      self.addEventListener("message", ({ data }) => {
        if (data.harm === "crash") throw new Error("crashed on purpose");
      });
      const handleAsk = self.onmessage;
      self.onmessage = (event) => {
        const { id, body } = event.data;
        if (body?.ask === "render" && body.page === ${hangOnPage}) {
          self.postMessage({ begun: id });
          for (;;) {}
        }
        handleAsk.call(self, event);
      };`;
    await route.fulfill({ response, body });
  });
}

/** How many workers a page has started. */
export const engines = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { engines: Worker[] }).engines.length);

/** Ends the page's worker as a trap does. */
export async function crash(page: Page): Promise<void> {
  const before = await engines(page);
  // A worker that is still being made does not hear it yet; one that ended does not mind.
  await expect
    .poll(async () => {
      await page.evaluate((number) => (window as unknown as { engines: Worker[] }).engines[number - 1]!.postMessage({ harm: "crash" }), before);
      return engines(page);
    })
    .toBe(before + 1);
}

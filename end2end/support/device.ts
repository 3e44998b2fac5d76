import { expect, type Page } from "@playwright/test";

/** Everything the portal keeps on the device, as text: what somebody finds who looks into the browser's storage. */
export async function lying(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const opened = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("ho-so-ky-so");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const latin = new TextDecoder("latin1");
    const utf8 = new TextDecoder();
    const show = (value: unknown): string => {
      if (value instanceof Uint8Array) return `${latin.decode(value)} ${utf8.decode(value)}`;
      if (value instanceof CryptoKey) return `key ${value.extractable}`;
      if (Array.isArray(value)) return value.map(show).join(" ");
      if (value && typeof value === "object") return Object.entries(value).map(([name, inner]) => `${name}=${show(inner)}`).join(" ");
      return String(value);
    };
    let all = "";
    for (const store of opened.objectStoreNames) {
      const transaction = opened.transaction(store);
      const values = await new Promise<unknown[]>((resolve) => {
        const request = transaction.objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      all += values.map((value) => `${store}: ${show(value)}\n`).join("");
    }
    opened.close();
    return `${all}${JSON.stringify({ ...localStorage })}${JSON.stringify({ ...sessionStorage })}`;
  });
}

/** Waits until the service worker has the page and the whole catalogue. */
export async function kept(page: Page, procedure: string): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  const has = () => page.evaluate(async (address) => Boolean(navigator.serviceWorker.controller && (await caches.match(address))), `/api/procedures/${procedure}`);
  await expect.poll(has, { timeout: 30_000 }).toBe(true);
}

import { createHmac } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP = 30_000;

/** An authenticator app (RFC 6238: HMAC-SHA-1, six digits, 30 seconds) for the key as it stands on screen. */
export class Authenticator {
  private readonly key: Buffer;
  private used = 0;

  constructor(key: string) {
    const bits = [...key.replace(/\s/g, "")].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
    this.key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  }

  private code(step: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigInt64BE(BigInt(step));
    const digest = createHmac("sha1", this.key).update(counter).digest();
    const at = (digest[19] ?? 0) & 15;
    return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  }

  /** A code that was not given yet: the portal takes each once, of one step before and after now as well. It waits when there is none. */
  async next(): Promise<string> {
    for (;;) {
      const now = Math.floor(Date.now() / STEP);
      // A step that is about to end is left alone, so that it is still taken when it arrives.
      const early = Date.now() % STEP > STEP - 8000 ? now : now - 1;
      const step = Math.max(this.used + 1, early);
      if (step <= now + 1) {
        this.used = step;
        return this.code(step);
      }
      await new Promise((done) => setTimeout(done, 500));
    }
  }

  /** The one that was given last. */
  again(): string {
    return this.code(this.used);
  }
}

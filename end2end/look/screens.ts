import type { Page } from "@playwright/test";
import { fixture } from "../support/fixture.ts";
import { people, Person } from "../support/person.ts";

/** Who looks. */
export type Who = "nobody" | "citizen" | "officer";

/** A screen to look at. `open` leads there; the address may need what `prepare` made. */
export type Screen = { name: string; who: Who; open: string | ((page: Page, made: Made) => Promise<void>) };

/** What has to exist before a citizen's screens can be looked at. */
export type Made = { draft: string };

const at = (name: string, open: string, who: Who = "nobody"): Screen => ({ name, who, open });

/** Every screen; a new one is one line. */
export const screens: Screen[] = [
  at("home", "/"),
  at("sign-in", "/dang-nhap"),
  at("procedures", "/thu-tuc"),
  at("procedure", "/thu-tuc/1.001193"),
  at("track", "/tra-cuu"),
  at("check", "/kiem-tra"),
  {
    name: "checked",
    who: "nobody",
    open: async (page) => {
      await page.goto("/kiem-tra");
      await page.locator("input[type=file]").setInputFiles(fixture("signed-before.pdf"));
      await page.getByRole("region", { name: "Kết quả kiểm tra chữ ký" }).waitFor({ timeout: 30_000 });
    },
  },
  at("help", "/ho-tro"),
  at("help-sign", "/ho-tro/ky-so"),
  at("help-provider", "/ho-tro/vnpt-smartca"),
  at("help-providers", "/ho-tro/nha-cung-cap"),
  at("news", "/tin-tuc"),
  at("feedback", "/phan-anh"),
  at("survey", "/khao-sat"),
  at("design", "/mau-giao-dien"),
  at("nothing", "/khong-co-trang-nay"),
  {
    name: "menu",
    who: "citizen",
    open: async (page) => {
      await page.goto("/");
      await page.locator("details.account summary").click();
    },
  },
  at("account", "/thong-tin-ca-nhan", "citizen"),
  at("password", "/doi-mat-khau", "citizen"),
  at("profiles", "/chu-ky", "citizen"),
  at("dossiers", "/quan-ly-ho-so", "citizen"),
  at("payments", "/thanh-toan", "citizen"),
  at("documents", "/kho-du-lieu", "citizen"),
  at("notices", "/thong-bao", "citizen"),
  at("reminders", "/nhac-viec", "citizen"),
  { name: "information", who: "citizen", open: (page, made) => go(page, `/ho-so/${made.draft}/thong-tin`) },
  { name: "components", who: "citizen", open: (page, made) => go(page, `/ho-so/${made.draft}/thanh-phan`) },
  { name: "fees", who: "citizen", open: (page, made) => go(page, `/ho-so/${made.draft}/phi`) },
  { name: "review", who: "citizen", open: (page, made) => go(page, `/ho-so/${made.draft}/nop`) },
  {
    name: "sign",
    who: "citizen",
    open: async (page, made) => {
      await go(page, `/ho-so/${made.draft}/thanh-phan`);
      await page.getByRole("link", { name: "Ký số NEAC" }).first().click();
      await page.getByRole("group", { name: /^Ô ký trang/ }).waitFor({ timeout: 30_000 });
    },
  },
  at("inbox", "/can-bo", "officer"),
];

async function go(page: Page, address: string): Promise<void> {
  await page.goto(address);
}

/** Signs somebody in and, for the citizen, begins a dossier with one file. */
export async function prepare(page: Page, who: Who): Promise<Made> {
  if (who === "nobody") return { draft: "" };
  const person = new Person(page, who === "officer" ? people.officer : people.mau);
  await person.signIn();
  if (who === "officer") return { draft: "" };
  await person.withoutProfiles();
  await person.addProfile();
  await person.startDossier();
  await person.attach("Tờ khai", "libreoffice.pdf");
  return { draft: new URL(page.url()).pathname.split("/")[2] ?? "" };
}

/** Nothing moves any more, and what differs from day to day reads the same: digits are noughts. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.locator(".skeleton:not(.design .skeleton), .coming").first().waitFor({ state: "detached" });
  await page.evaluate(async () => {
    await document.fonts.ready;
    scrollTo(0, 0);
  });
}

export async function noughts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode as Text;
      if (/\d/.test(text.data)) text.data = text.data.replace(/\d/g, "0");
    }
  });
}

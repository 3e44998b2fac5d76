import { look } from "../support/look.ts";
import { once } from "../support/once.ts";
import { people, Person } from "../support/person.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(() => once("phone"));

/** Lines of one answer (`contract::dossier::DOSSIERS_PAGE`). */
const PAGE = 500;
const ALL = PAGE + 3;

const line = (n: number) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  code: `000.00.00.H34-251101-${String(9999 - n)}`,
  procedure: "1.001193",
  procedure_name: "Thủ tục đăng ký khai sinh",
  applicant: people.thu.name,
  status: "received",
  submitted_at: 1_762_000_000_000 - n * 60_000,
  due_at: null,
  files: 2,
  signed_files: 1,
});

// Whoever hands in for others has more than one answer holds. To hand in five hundred would take the journey minutes: what the server
// answers is put in its place here, page by page; that it does answer so, `server/store/src/dossier/tests.rs` shows.
test("more dossiers than one answer holds are reached by a button, and found", async ({ page }) => {
  const citizen = new Person(page, people.thu);
  await citizen.arrive(null);
  const asked: (string | null)[] = [];
  let broken = true;
  await page.route(/\/api\/dossiers(\?.*)?$/, async (route) => {
    const behind = new URL(route.request().url()).searchParams.get("behind");
    asked.push(behind);
    if (behind && broken) return route.fulfill({ status: 503, contentType: "application/problem+json", body: "{}" });
    const from = behind ? Number(behind.slice(-12)) + 1 : 0;
    const lines = Array.from({ length: Math.min(PAGE, ALL - from) }, (_, n) => line(from + n));
    return route.fulfill({ json: lines });
  });
  await page.goto("/quan-ly-ho-so");
  const lines = page.locator("ul.mine > li");
  await expect(lines).toHaveCount(PAGE);
  const older = page.getByRole("button", { name: "Xem hồ sơ cũ hơn" });
  await older.scrollIntoViewIfNeeded();
  await page.screenshot({ path: "results/screens/phone/older-button.png" });

  // What was not fetched yet is not said not to be there.
  const search = page.getByLabel("Tìm trong hồ sơ của bạn");
  const apart = page.getByText("hồ sơ cũ hơn chưa được tìm");
  await expect(apart).toHaveCount(0);
  await search.fill(line(ALL - 1).code);
  await expect(lines).toHaveCount(0);
  await expect(apart).toBeVisible();
  await search.fill("");
  await expect(lines).toHaveCount(PAGE);

  // What fails says so, and is asked for again.
  await older.click();
  await expect(page.locator(".notice.bad")).toBeVisible();
  await expect(lines).toHaveCount(PAGE);
  broken = false;
  await older.click();
  await expect(lines).toHaveCount(ALL);
  await expect(older, "there are no more").toHaveCount(0);
  await expect(page.locator(`.mine a[href$="${line(PAGE).id}"]`).first(), "the keyboard goes on there").toBeFocused();
  await expect(page.locator(".notice.bad")).toHaveCount(0);
  const last = line(PAGE - 1).id;
  expect(asked).toEqual([null, last, last]);

  await search.fill(line(ALL - 1).code);
  await expect(lines).toHaveCount(1);
  await look(page, "older-found");
});

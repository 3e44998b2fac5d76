import { expect, type Locator, type Page } from "@playwright/test";

/** What has the focus, as a person knows it. */
type Focus = { what: string; name: string; ring: boolean; nobody: boolean };

/** Somebody who has a keyboard and no mouse. Every stop of Tab has to have a name and a ring that is seen. */
export class Keys {
  constructor(readonly page: Page) {}

  private now(): Promise<Focus> {
    return this.page.evaluate(() => {
      const node = document.activeElement as HTMLElement;
      const labelled = (node.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
      const labels = [...((node as HTMLInputElement).labels ?? [])].map((label) => label.textContent).join(" ");
      const name = [node.getAttribute("aria-label"), labelled, labels, node.textContent, node.title].map((text) => (text ?? "").trim()).find(Boolean) ?? "";
      // Some rings are drawn around what stands for a control: the card of a link, the label of a hidden input.
      const shown = [node, node.parentElement, node.parentElement?.parentElement, node.nextElementSibling, ...((node as HTMLInputElement).labels ?? [])];
      const ring = shown.some((one) => one && getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) > 0);
      return { what: `<${node.tagName.toLowerCase()} id="${node.id}"> ${name.replace(/\s+/g, " ").slice(0, 60)}`, name, ring, nobody: node === document.body };
    });
  }

  /** Tab (or Shift+Tab) until this has the focus. */
  async to(wanted: Locator, { back = false, most = 90 } = {}): Promise<void> {
    await expect(wanted).toBeVisible();
    const way: string[] = [];
    for (let pressed = 0; pressed < most; pressed += 1) {
      if (await wanted.evaluate((node) => node === document.activeElement)) return;
      await this.page.keyboard.press(back ? "Shift+Tab" : "Tab");
      const focus = await this.now();
      if (!focus.nobody) {
        expect(focus.name, `${focus.what} has a name`).not.toBe("");
        expect(focus.ring, `${focus.what} shows that it has the focus`).toBe(true);
      }
      way.push(focus.what);
    }
    throw new Error(`Tab does not reach ${wanted}:\n${way.join("\n")}`);
  }

  /** Goes there and presses a key. */
  async press(wanted: Locator, key = "Enter"): Promise<void> {
    await this.to(wanted);
    await this.page.keyboard.press(key);
  }

  /** Goes to a field and writes, in the place of what stood there. */
  async write(field: Locator, text: string): Promise<void> {
    await this.to(field);
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.type(text);
  }

  /** Goes to a group of choices and takes the one at this place, counted from the first. */
  async choose(group: Locator, place: number): Promise<void> {
    await this.to(group.getByRole("radio").first());
    await this.page.keyboard.press("Space");
    for (let step = 0; step < place; step += 1) await this.page.keyboard.press("ArrowDown");
    await expect(group.getByRole("radio").nth(place)).toBeChecked();
  }

  /** Goes to a list and down to the entry that begins with this. */
  async pick(list: Locator, entry: string): Promise<void> {
    await this.to(list);
    const chosen = () => list.evaluate((node: HTMLSelectElement) => node.selectedOptions[0]?.text ?? "");
    for (let step = 0; step < 40 && !(await chosen()).startsWith(entry); step += 1) {
      await this.page.keyboard.press("ArrowDown");
      await expect(list, "choosing keeps the focus").toBeFocused();
    }
    expect(await chosen()).toContain(entry);
  }

  /** Goes to what chooses files, opens the system's dialog by key and takes these there. */
  async give(opener: Locator, files: string | string[], key = "Enter"): Promise<void> {
    const choosing = this.page.waitForEvent("filechooser");
    await this.press(opener, key);
    await (await choosing).setFiles(files);
  }

  /** Somebody who pressed something is not thrown back to the beginning of the page. */
  async kept(after: string): Promise<void> {
    await expect.poll(async () => (await this.now()).nobody, { message: `the focus after: ${after}` }).toBe(false);
  }

  /** Another screen begins at its title. */
  async at(title: string | RegExp): Promise<void> {
    const heading = this.page.getByRole("heading", { level: 1, name: title });
    await expect(heading).toBeVisible({ timeout: 30_000 });
    await expect(heading, `“${title}” is where one begins`).toBeFocused();
  }
}

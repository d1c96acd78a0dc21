// Chromium without a window, and what each page of it must keep to.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const PICTURES = new URL("../../../target/console/", import.meta.url).pathname;
const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
mkdirSync(PICTURES, { recursive: true });

export class Browser {
  static async start() {
    const profile = mkdtempSync(join(tmpdir(), "hislink-chromium-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      headless: true,
      timeout: 120000,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"],
      viewport: { width: 1366, height: 768 },
    });
    return Object.assign(new Browser(), { context, profile, page: context.pages()[0] });
  }

  async stop() {
    await this.context.close();
    // Some of its processes may write a last word after the end.
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Opens the console on a page of its own that keeps a list of what must not happen. */
  async open(sandbox, { query = "", size = { width: 1366, height: 768 }, dark = false } = {}) {
    const page = await this.context.newPage();
    page.setDefaultTimeout(60000);
    page.offences = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.offences.push(message.text()));
    page.on("pageerror", (error) => page.offences.push(String(error)));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== sandbox.control) page.offences.push(`request to ${request.url()}`);
    });
    page.on("dialog", (dialog) => { page.offences.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    await page.setViewportSize(size);
    // Without what fades: a colour is measured as it stays.
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
    await page.goto(sandbox.console + query);
    await page.locator("#link", { hasText: /已连接|Connected/ }).waitFor();
    return page;
  }
}

/** Nothing is wider than the window, and nothing went wrong behind the scenes. */
export async function sound(page, what) {
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    const panel = [...document.querySelectorAll("main > [role=tabpanel]")].find((one) => !one.hidden);
    const parts = [root, document.body, panel, ...panel.querySelectorAll(".pane, .stack, .scroll, pre, #list")];
    return parts.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
      .map((one) => `${one.nodeName}.${one.className}#${one.id}: ${one.scrollWidth} > ${one.clientWidth}`);
  });
  assert.deepEqual(wide, [], `${what}: scrolls sideways`);
  assert.deepEqual(page.offences, [], `${what}: errors`);
}

/** The rules of axe for people who do not see well, or use no mouse, or some of them; contrast of 4.5 is one. */
export async function accessible(page, what, rules = null) {
  await page.evaluate(`if (!globalThis.axe) { ${AXE} }`);
  const { violations, passes } = await page.evaluate((only) => globalThis.axe.run(document, {
    runOnly: only ? { type: "rule", values: only } : { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] },
    resultTypes: ["violations"],
  }), rules);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`);
  assert.deepEqual(told, [], what);
  assert.ok(passes.some(({ id }) => id === "color-contrast"), `${what}: contrast was not looked at`);
}

/** The element that has the focus, and whether one sees that it has it. */
export async function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const shown = element.getAttribute("aria-activedescendant");
    const style = getComputedStyle((shown && document.getElementById(shown)) || element);
    const box = element.getBoundingClientRect();
    return {
      id: element.id, tag: element.nodeName, name: element.dataset.name || element.getAttribute("aria-label") || element.textContent.trim().slice(0, 30),
      visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0,
    };
  });
}

/** A picture of what a person sees, once it is drawn. */
export async function picture(page, name) {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

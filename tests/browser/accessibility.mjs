// axe-core on each kind of page, light and dark, phone and desktop: WCAG 2.2 AA and best practices. Any violation fails.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { SCREENS, judge, pages, someOfEach, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const folder = process.argv[2];
const chosen = someOfEach(await pages(folder), 2);
const { origin } = await serve(folder);
const axe = await readFile(AXE, "utf8");
const { fault, end } = judge();

await withBrowser(async (browser) => {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      for (const { address } of chosen) {
        await page.goto(origin + address);
        // What is folded must pass as well.
        await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
        await page.evaluate(axe);
        await judged(address);
      }
      // The results below the field in the header, which stand on no page before somebody types.
      await page.goto(origin);
      await page.locator("header .search input").pressSequentially("hart attak");
      await page.locator(".search-panel li").first().waitFor();
      await page.evaluate(axe);
      await judged("/ with results");
      await context.close();

      async function judged(address) {
        const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: values }), RULES);
        for (const { id, help, nodes } of violations)
          for (const node of nodes)
            fault(`${address} (${screen}, ${colorScheme}): ${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.replaceAll("\n", "\n    ")}`);
      }
    }
  }
});
end(`${chosen.length} pages on 2 screens in 2 colour schemes`);

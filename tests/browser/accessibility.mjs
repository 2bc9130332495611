// axe-core on every kind of page and everything that pages hold, light and dark, phone and desktop: WCAG 2.2 AA and best
// practices. Any violation fails. Arguments: the folder of a built site; `whole` where it has to have everything there is.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { SCREENS, coverage, judge, pages, watchdog, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const [folder, whole] = process.argv.slice(2);
const all = await pages(folder);
const { origin } = await serve(folder);
const axe = await readFile(AXE, "utf8");
const { fault, holds, end } = judge();
const step = watchdog(90);
let looks = 0;

await withBrowser(async (browser) => {
  const chosen = await coverage(all, await browser.newPage(), whole && fault);
  const away = all.find(({ leads }) => leads);
  holds(!whole || away, "no page leads away, so none is looked at");
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      for (const { address } of chosen) {
        step(`${address} (${screen}, ${colorScheme})`);
        await page.goto(origin + address);
        await judged(address);
        // What is folded must pass as well; the menu is the same everywhere.
        const folded = await page.evaluate((within) => {
          const all = [...document.querySelectorAll(`${within} details:not([open])`)];
          all.forEach((details) => (details.open = true));
          return all.length;
        }, address === "/" ? "body" : "main");
        if (folded) await judged(`${address} unfolded`);
      }
      if (away) {
        // A redirect leads away at once; here it stays.
        await page.route(origin + away.address, (route) =>
          route.fulfill({ contentType: "text/html; charset=utf-8", body: away.html.replace(/<meta http-equiv="refresh"[^>]*>/, "") }),
        );
        await page.goto(origin + away.address);
        await judged(away.address);
      }
      if (whole) {
        // Results stand on no page before somebody types: below the field in the header, and on the search page.
        step(`results (${screen}, ${colorScheme})`);
        await page.goto(origin);
        await page.locator("header .search input").pressSequentially("hart attak");
        await page.locator(".search-panel li").first().waitFor();
        await judged("/ with results");
        await page.goto(`${origin}/search?q=leg`);
        await page.locator("main .results li, main ol li").first().waitFor();
        await judged("/search with results");
        await page.goto(`${origin}/search?q=xyzzyqwvbn`);
        await page.waitForFunction(() => document.querySelector("main [role=status], main [aria-live]")?.textContent.includes("xyzzy"));
        await judged("/search without results");
      }
      await context.close();

      async function judged(address) {
        looks += 1;
        await page.evaluate(axe);
        const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: values }), RULES);
        for (const { id, help, nodes } of violations)
          for (const node of nodes)
            fault(`${address} (${screen}, ${colorScheme}): ${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.replaceAll("\n", "\n    ")}`);
      }
    }
  }
});
end(`${looks} looks at pages on 2 screens in 2 colour schemes`);

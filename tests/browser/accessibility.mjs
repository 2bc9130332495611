// axe-core on every page, light and dark, phone and desktop: WCAG 2.2 AA and best practices. Any violation fails.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pages, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

const folder = process.argv[2];
const isRedirect = async (file) => (await readFile(file, "utf8")).includes('http-equiv="refresh"');
const addresses = await pages(folder, isRedirect);
const { origin, close } = await serve(folder);
const axe = await readFile(AXE, "utf8");
let faults = 0;
const fault = (message) => (faults++, console.error(message));

await withBrowser(async (browser) => {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      for (const address of addresses) {
        await page.goto(origin + address);
        await page.evaluate(axe);
        const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: values }), RULES);
        for (const { id, help, nodes } of violations)
          for (const node of nodes)
            fault(`${address} (${screen}, ${colorScheme}): ${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.replaceAll("\n", "\n    ")}`);
      }
      await context.close();
    }
  }
});
close();
console.log(`${addresses.length} pages on 2 screens in 2 colour schemes: ${faults} faults`);
process.exit(faults ? 1 : 0);

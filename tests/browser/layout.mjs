// Each kind of page from 320 to 2560 pixels: nothing runs out to the side, nothing moves while it loads, and nothing is refused
// by the site's own policy or asked of another host. 320 pixels are also what 400 % zoom leaves of 1280.

import { judge, pages, someOfEach, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const WIDTHS = [320, 390, 600, 768, 1024, 1280, 1920, 2560];

const folder = process.argv[2];
const chosen = someOfEach(await pages(folder), 2);
const { origin } = await serve(folder);
const { holds, fault, end } = judge();

await withBrowser(async (browser) => {
  for (const width of WIDTHS) {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && !page.url().endsWith("/404") && fault(`${page.url()}: ${message.text()}`));
    page.on("pageerror", (error) => fault(`${page.url()}: ${error.message}`));
    page.on("request", (request) => holds(request.url().startsWith(origin), `${page.url()} asks for ${request.url()}`));
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value))).observe({ type: "layout-shift", buffered: true });
    });
    for (const { address } of chosen) {
      await page.goto(origin + address, { waitUntil: "load" });
      // A busy machine may paint a page in pieces.
      for (let tries = 0; tries < 3 && (await page.evaluate(() => window.shift > 0)); tries++) await page.reload({ waitUntil: "load" });
      const { wide, shift, outside } = await page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        const scrolls = (element) => element.closest(".table, pre");
        const outside = [...document.body.querySelectorAll("*")].filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width > 1 && box.height > 1 && (box.right > limit + 1 || box.left < -1) && !scrolls(element) && element.checkVisibility();
        });
        return { wide: document.documentElement.scrollWidth - limit, shift: window.shift, outside: outside.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)) };
      });
      holds(wide <= 0, `${address} at ${width}: ${wide} pixels too wide`);
      holds(shift < 0.001, `${address} at ${width}: moves by ${shift} while it loads`);
      holds(outside.length === 0, `${address} at ${width}: outside the window: ${outside.join(" ")}`);
    }
    await context.close();
  }
});
end(`${chosen.length} pages at ${WIDTHS.length} widths`);

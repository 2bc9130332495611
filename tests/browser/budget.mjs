// What an article of up to 1,200 words and more costs a reader who comes for the first time: at most 30 kB of HTML, styles and scripts, packed;
// one request beside the page itself before anything is seen; nothing moves. Argument: the folder of a built site.

import { gzipSync } from "node:zlib";
import { SCREENS, judge, pages, watchdog, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const WORDS = 1200;
const BYTES = 30_000;

const folder = process.argv[2];
const { origin } = await serve(folder);
const { holds, end } = judge();
const step = watchdog(60);
let largest = 0;
let articles = 0;
let count = 0;

/** In the page: its words as the reading time counts them: those of text, questions and takeaways. */
const words = () => {
  const parts = [...document.querySelectorAll(".article .prose, .faq h3, #takeaways li")].filter((part) => !part.parentElement.closest(".prose"));
  return parts.flatMap((part) => part.textContent.split(/\s+/).filter(Boolean)).length;
};

await withBrowser(async (browser) => {
  for (const { address } of (await pages(folder)).filter(({ kind }) => kind === "article")) {
    step(address);
    const context = await browser.newContext({ viewport: SCREENS.phone });
    const page = await context.newPage();
    const loaded = [];
    page.on("response", (response) => loaded.push(response));
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value))).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(origin + address, { waitUntil: "networkidle" });
    count += Number((await page.evaluate(words)) >= WORDS);
    articles += 1;
    let bytes = 0;
    for (const response of loaded) {
      if (!["document", "stylesheet", "script"].includes(response.request().resourceType())) continue;
      bytes += gzipSync(await response.body()).length;
    }
    largest = Math.max(largest, bytes);
    holds(bytes <= BYTES, `${address}: ${bytes} bytes of HTML, styles and scripts`);
    for (let tries = 0; tries < 3 && (await page.evaluate(() => window.shift > 0)); tries++) await page.reload({ waitUntil: "load" });
    const shift = await page.evaluate(() => window.shift);
    holds(shift === 0, `${address}: moves by ${shift} while it loads`);
    const blocking = await page.evaluate(() =>
      performance.getEntriesByType("resource").filter(({ renderBlockingStatus }) => renderBlockingStatus === "blocking").map(({ name }) => name),
    );
    holds(blocking.length === 1 && blocking[0].endsWith(".css"), `${address}: waits for ${blocking.join(", ") || "nothing"}`);
    await context.close();
  }

  // The proof of it: a browser that gets the page and that one style sheet, and never an answer to anything else, shows the article.
  step("without anything else");
  const [{ address }] = (await pages(folder)).filter(({ kind, html }) => kind === "article" && html.includes('class="hero"'));
  const page = await browser.newPage();
  await page.route("**", (route) => ["document", "stylesheet"].includes(route.request().resourceType()) && route.continue());
  await page.goto(origin + address, { waitUntil: "commit" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length === 1, undefined, { timeout: 20_000 });
  holds(await page.locator("h1").isVisible(), `${address}: is painted without its title`);
});
holds(count > 0, `no article has ${WORDS} words`);
end(`${articles} articles, ${count} of them of ${WORDS} words and more, the largest ${largest} bytes`);

// Takes the pictures of the manual: each kind of page of the demonstration site on a phone and on a desktop, some of them dark.
//   galen build --out SITE && node tests/browser/pictures.mjs SITE docs/pictures
// Judges nothing.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SCREENS, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const ARTICLE = "/symptoms-guide/understanding-aching-legs-at-night";

// What is shown: its name, its address, and what a reader does there. Screens are those of `pages.mjs`.
const SHOWN = [
  { name: "home", address: "/" },
  { name: "home-dark", address: "/", colorScheme: "dark" },
  { name: "section", address: "/symptoms-guide" },
  { name: "category", address: "/conditions/category/heart-and-circulation" },
  { name: "article", address: ARTICLE },
  { name: "article-dark", address: ARTICLE, colorScheme: "dark" },
  { name: "care-cards", address: `${ARTICLE}#when-to-seek-help` },
  { name: "care-cards-dark", address: `${ARTICLE}#when-to-seek-help`, colorScheme: "dark" },
  { name: "faq", address: `${ARTICLE}#faq`, act: (page) => page.locator("#faq summary").first().click() },
  { name: "related", address: `${ARTICLE}#related` },
  { name: "page", address: "/about" },
  { name: "person", address: "/people/tomas-okafor" },
  { name: "people", address: "/people" },
  { name: "tag", address: "/tags/leg-pain" },
  { name: "tags", address: "/tags" },
  { name: "glossary", address: "/glossary" },
  { name: "term", address: "/glossary/conditions/pad" },
  { name: "a-z", address: "/a-z" },
  { name: "search", address: "/search?q=hart attack", act: (page) => page.locator(".results li").first().waitFor() },
  { name: "search-panel", address: ARTICLE, act: typeInHeader },
  { name: "not-found", address: "/nowhere" },
  { name: "gone", address: "/symptoms-guide/quinine-for-leg-cramps" },
];

// How tall a picture may be, in pixels of the page, and how much smaller than the page it is.
const TALLEST = { phone: 1300, desktop: 1400 };
const SCALE = { phone: 0.75, desktop: 0.625 };
const QUALITY = 60;

const [site, folder] = process.argv.slice(2);
const { origin } = await serve(site);
await mkdir(folder, { recursive: true });
let bytes = 0;

async function typeInHeader(page) {
  await page.locator("header .search input").pressSequentially("calf pain");
  await page.locator(".search-panel li").first().waitFor();
}

await withBrowser(async (browser) => {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    for (const { name, address, colorScheme = "light", act } of SHOWN) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      await visit(context, page, origin + address);
      await act?.(page);
      const picture = await taken(context, page, screen);
      bytes += picture.length;
      await writeFile(join(folder, `${name}-${screen}.webp`), picture);
      await context.close();
    }
  }
});
console.log(`${SHOWN.length * 2} pictures, ${Math.round(bytes / 1024)} KiB`);
process.exit(0);

/** Opens a page in its own typeface, which comes with the first visit and is there at once on a later one. */
async function visit(context, page, address) {
  const session = await context.newCDPSession(page);
  for (let visits = 0; visits < 10; visits++) {
    await page.goto(address, { waitUntil: "networkidle" });
    for (const domain of ["DOM", "CSS"]) await session.send(`${domain}.enable`);
    const { root } = await session.send("DOM.getDocument");
    const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector: "h1" });
    const { fonts } = await session.send("CSS.getPlatformFontsForNode", { nodeId });
    if (fonts.some(({ isCustomFont }) => isCustomFont)) return;
  }
  throw new Error(`${address} does not get its typeface`);
}

/** The page from where it stands downwards. */
async function taken(context, page, screen) {
  const { top, width, height } = await page.evaluate((tallest) => {
    const top = scrollY;
    return { top, width: innerWidth, height: Math.min(document.documentElement.scrollHeight - top, tallest) };
  }, TALLEST[screen]);
  // Pictures further down would wait for a reader.
  await page.evaluate(() => [...document.images].forEach((image) => (image.loading = "eager")));
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  // A window as tall as the picture, so that what sticks stays where it is.
  await page.setViewportSize({ width, height: Math.ceil(height) });
  await page.evaluate((top) => scrollTo(0, top), top);
  const session = await context.newCDPSession(page);
  const clip = { x: 0, y: await page.evaluate(() => scrollY), width, height, scale: SCALE[screen] };
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY, clip });
  return Buffer.from(data, "base64");
}

// Every kind of page and everything that pages hold, from 320 to 2560 pixels, zoomed to 400 %, with letters twice as large and
// with wide spacing: nothing runs out to the side, nothing is cut off, nothing moves while it loads, and nothing is refused by
// the site's own policy or asked of another host. Argument: the folder of a built site.

import { coverage, judge, pages, watchdog, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

// What a reader may set (WCAG 2.2, 1.4.12).
const SPACED = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }`;
const LARGE = "html { font-size: 200% !important; }";

const VIEWS = [
  ...[320, 390, 600, 768, 1024, 1280, 1920, 2560].map((width) => ({ name: `${width} pixels`, width, height: 900 })),
  // What a window of 1280 × 1024 pixels shows at 400 %.
  { name: "400 %", width: 320, height: 256, deviceScaleFactor: 4 },
  { name: "letters twice as large on a phone", width: 390, height: 844, style: LARGE },
  { name: "letters twice as large on a small phone", width: 320, height: 568, style: LARGE },
  { name: "letters twice as large", width: 1280, height: 900, style: LARGE },
  { name: "wide spacing on a phone", width: 390, height: 844, style: SPACED },
  { name: "wide spacing", width: 1280, height: 900, style: SPACED },
];

const folder = process.argv[2];
const all = await pages(folder);
const { origin } = await serve(folder);
const { holds, fault, end } = judge();
const step = watchdog(60);
let count = 0;

/** In the page: what is outside the window, cut off or gone. */
function look() {
  const limit = document.documentElement.clientWidth;
  const named = (elements) => [...new Set(elements)].slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
  const elements = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility({ visibilityProperty: true }));
  // What scrolls by itself may be wider, and what is only for screen readers is cut off.
  const scrolls = (element) => element.closest(".table, pre, .visually-hidden, .skip");
  const outside = elements.filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && (box.right > limit + 1 || box.left < -1) && !scrolls(element);
  });
  const cut = elements.filter((element) => {
    const { overflowX, overflowY, textOverflow } = getComputedStyle(element);
    const hides = (value) => value === "hidden" || value === "clip";
    const isCut =
      (hides(overflowX) && element.scrollWidth > element.clientWidth + 1) || (hides(overflowY) && element.scrollHeight > element.clientHeight + 2);
    return element.clientWidth > 1 && (isCut || textOverflow === "ellipsis") && !scrolls(element) && element.textContent.trim();
  });
  // What scrolls can be reached by keyboard, or nobody without a mouse sees the rest.
  const unreachable = [...document.querySelectorAll(".table, pre")].filter(
    (element) => element.scrollWidth > element.clientWidth + 1 && element.checkVisibility() && element.tabIndex < 0 && !element.querySelector("a"),
  );
  return {
    wide: document.documentElement.scrollWidth - limit,
    outside: named(outside),
    cut: named(cut),
    unreachable: named(unreachable),
    refused: window.refused,
  };
}

await withBrowser(async (browser) => {
  const chosen = await coverage(all, await browser.newPage());
  for (const { name, width, height, style, deviceScaleFactor } of VIEWS) {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor, bypassCSP: Boolean(style) });
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && !page.url().endsWith("/404") && fault(`${page.url()}: ${message.text()}`));
    page.on("pageerror", (error) => fault(`${page.url()}: ${error.message}`));
    page.on("request", (request) => holds(request.url().startsWith(`${origin}/`), `${page.url()} asks for ${request.url()}`));
    await page.addInitScript(() => {
      window.shift = 0;
      window.moved = [];
      window.refused = [];
      const note = ({ value, sources }) => {
        window.shift += value;
        window.moved.push(...sources.map(({ node }) => node?.outerHTML?.slice(0, 80)));
      };
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
        window.refused.push(`${violatedDirective} ${blockedURI} ${sample}`),
      );
    });
    for (const { address } of chosen) {
      step(`${address}: ${name}`);
      count += 1;
      await page.goto(origin + address, { waitUntil: "load" });
      // A busy machine may paint a page in pieces.
      for (let tries = 0; tries < 3 && (await page.evaluate(() => window.shift > 0)); tries++) await page.reload({ waitUntil: "load" });
      const { shift, moved } = await page.evaluate(() => ({ shift: window.shift, moved: window.moved }));
      await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
      if (style) await page.addStyleTag({ content: style });
      const { wide, outside, cut, unreachable, refused } = await page.evaluate(look);
      const told = `${address}, ${name}`;
      holds(wide <= 0, `${told}: ${wide} pixels too wide`);
      holds(outside.length === 0, `${told}: outside the window: ${outside.join(" ")}`);
      holds(cut.length === 0, `${told}: cut off: ${cut.join(" ")}`);
      holds(unreachable.length === 0, `${told}: scrolls, but not by keyboard: ${unreachable.join(" ")}`);
      holds(shift < 0.001, `${told}: moves by ${shift} while it loads: ${moved.join(" ")}`);
      holds(refused.length === 0, `${told}: refused: ${refused.join("; ")}`);
    }
    await context.close();
  }
});
end(`${count} looks in ${VIEWS.length} views`);

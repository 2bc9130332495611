// Pages as some people see them: with the keyboard, in forced colours, without motion, on paper. Argument: the folder of a
// built site.

import { SCREENS, coverage, judge, pages, watchdog, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const folder = process.argv[2];
const all = await pages(folder);
const { origin } = await serve(folder);
const { holds, end } = judge();
const step = watchdog(120);
const unfold = () => document.querySelectorAll("main details").forEach((details) => (details.open = true));

/** In the page: the element with the focus, and what is wrong with how it is seen. */
function focused() {
  const element = document.activeElement;
  if (element === document.body) return undefined;
  // The browser's own controls have the browser's own ring.
  if (element.localName === "video") return { isSeen: true, isThere: true };
  const name = element.outerHTML.slice(0, 100);
  const rings = [getComputedStyle(element), getComputedStyle(element, "::after")];
  const isSeen = rings.some(({ outlineStyle, outlineWidth, outlineColor }) => {
    const isClear = /rgba\(.*, 0\)|transparent/.test(outlineColor);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !isClear;
  });
  // Not even a part of it may be below something else (WCAG 2.2, 2.4.11), and it must be in the window.
  const boxes = [...element.getClientRects()].filter((box) => box.width > 0);
  const isThere = boxes.some((box) => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const on = document.elementFromPoint(x, y);
    return on && (element.contains(on) || on.contains(element));
  });
  return { name, isSeen, isThere };
}

/** Through all stops of a page with the Tab key. */
async function tabThrough(page, told) {
  await page.evaluate(unfold);
  let stops = 0;
  for (; stops < 400; stops++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(focused);
    if (!focus) break;
    holds(focus.isSeen, `${told}: no ring on ${focus.name}`);
    holds(focus.isThere, `${told}: out of sight: ${focus.name}`);
  }
  const focusable = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input, summary, textarea, [tabindex='0']")].filter((element) => element.checkVisibility({ visibilityProperty: true })).length);
  holds(stops >= focusable * 0.9, `${told}: only ${stops} stops of ${focusable}`);
  return stops;
}

await withBrowser(async (browser) => {
  const chosen = await coverage(all, await browser.newPage());
  const article = chosen[0].address;
  const open = async (options, address) => {
    const context = await browser.newContext({ viewport: SCREENS.desktop, ...options });
    const page = await context.newPage();
    await page.goto(origin + address);
    return { page, close: () => context.close() };
  };

  for (const [screen, viewport] of Object.entries(SCREENS)) {
    for (const [mode, options] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, "forced colours": { forcedColors: "active" } })) {
      for (const address of mode === "light" ? [article, "/search", "/a-z"] : [article]) {
        step(`Tab: ${address} (${screen}, ${mode})`);
        const { page, close } = await open({ viewport, ...options }, address);
        await tabThrough(page, `${address} (${screen}, ${mode})`);
        await close();
      }
    }
  }

  for (const { address } of chosen) {
    step(`forced colours: ${address}`);
    const forced = await open({ forcedColors: "active" }, address);
    const faint = await forced.page.evaluate(() => {
      document.querySelectorAll("main details").forEach((details) => (details.open = true));
      // Grounds are gone there: what is a box or a control needs an edge.
      const hasEdge = (element) => ["Top", "Bottom", "Left", "Right"].some((side) => {
        const style = getComputedStyle(element);
        return parseFloat(style[`border${side}Width`]) >= 1 && style[`border${side}Style`] !== "none";
      });
      const boxes = [...document.querySelectorAll(".care, .callout, .card, .promo, .takeaways, button, input:not([type=checkbox]), textarea, a.button")];
      return boxes.filter((box) => box.checkVisibility() && !hasEdge(box)).map((box) => box.outerHTML.slice(0, 100));
    });
    holds(faint.length === 0, `${address}: without an edge in forced colours: ${faint.join(" ")}`);
    await forced.close();

    step(`still: ${address}`);
    const still = await open({ reducedMotion: "reduce" }, address);
    const moving = await still.page.evaluate(() => {
      const moves = (style) => [style.transitionDuration, style.animationDuration].some((times) => times.split(",").some((time) => parseFloat(time) > 0)) || style.scrollBehavior === "smooth";
      const all = [document.documentElement, ...document.body.querySelectorAll("*")];
      return all.filter((element) => [undefined, "::before", "::after"].some((part) => moves(getComputedStyle(element, part)))).map((element) => element.outerHTML.slice(0, 100));
    });
    holds(moving.length === 0, `${address}: moves where less motion is asked for: ${moving.slice(0, 3).join(" ")}`);
    await still.close();

    step(`paper: ${address}`);
    const paper = await open({ colorScheme: "dark", viewport: { width: 718, height: 1000 } }, address);
    await paper.page.emulateMedia({ media: "print" });
    const printed = await paper.page.evaluate(() => {
      const isSeen = (element) => element.checkVisibility({ contentVisibilityAuto: true }) && element.getClientRects().length > 0;
      const seen = (selector) => [...document.querySelectorAll(selector)].filter(isSeen).map((element) => element.outerHTML.slice(0, 100));
      const address = (link) => getComputedStyle(link, "::after").content;
      const telling = '.prose a[href^="http"], .sources a[href^="http"], .prose a[href^="/"]:not(.term, .person a)';
      const links = [...document.querySelectorAll(telling)].filter(isSeen);
      const canonical = document.querySelector("link[rel=canonical]")?.href;
      return {
        chrome: seen(".site-header nav, .site-header form, .breadcrumb, #contents, .pagination, .footer-menu, .skip, form, video, .related"),
        silent: links.filter((link) => !address(link).includes(link.getAttribute("href"))).map((link) => link.outerHTML.slice(0, 100)),
        nameless: canonical !== undefined && !document.querySelector("footer").innerText.includes(canonical),
        folded: [...document.querySelectorAll("main .faq .prose")].filter((answer) => !isSeen(answer)).length,
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ground: getComputedStyle(document.body).backgroundColor,
        ink: getComputedStyle(document.querySelector("h1")).color,
      };
    });
    holds(printed.chrome.length === 0 || address === "/search", `${address}: on paper stands ${printed.chrome.join(" ")}`);
    holds(printed.silent.length === 0, `${address}: on paper these do not tell where they lead: ${printed.silent.join(" ")}`);
    holds(!printed.nameless, `${address}: on paper the page does not tell its own address`);
    holds(printed.folded === 0, `${address}: ${printed.folded} answers are folded on paper`);
    holds(printed.wide <= 0, `${address}: ${printed.wide} pixels too wide on paper`);
    holds(/, 0\)$|255, 255, 255/.test(printed.ground), `${address}: a ground of ${printed.ground} on paper`);
    const [red, green, blue] = printed.ink.match(/\d+/g).map(Number);
    holds(red + green + blue < 200, `${address}: ink of ${printed.ink} on paper`);
    await paper.close();
  }
});
end(`pages by keyboard, in forced colours, without motion and on paper`);


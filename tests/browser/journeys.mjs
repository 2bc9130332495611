// Ways through the demonstration site: with the keyboard alone, and without scripts.

import { SCREENS, judge, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const ARTICLE = "/symptoms-guide/understanding-aching-legs-at-night";

const { origin } = await serve(process.argv[2]);
const { holds, end } = judge();

/** Moves the focus with the Tab key until it is on what `selector` names. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 250; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return true;
    await page.keyboard.press("Tab");
  }
  holds(false, `${page.url()}: the Tab key never reaches ${selector}`);
  return false;
}

async function follow(page, selector) {
  if (!(await tabTo(page, selector))) return;
  const isVisible = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    const after = getComputedStyle(document.activeElement, "::after");
    return [style, after].some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2);
  });
  holds(isVisible, `${page.url()}: the focus on ${selector} is not seen`);
  await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
  await page.waitForLoadState();
}

const at = (page, path) => holds(decodeURI(page.url()).startsWith(origin + path), `${page.url()} is not ${path}`);

await withBrowser(async (browser) => {
  for (const javaScriptEnabled of [true, false]) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      const context = await browser.newContext({ viewport, javaScriptEnabled });
      const page = await context.newPage();
      const told = `${screen}, ${javaScriptEnabled ? "with" : "without"} scripts`;
      await page.goto(origin);
      await page.keyboard.press("Tab");
      holds(await page.locator(".skip:focus").count(), `${told}: the first stop is not the way past the menu`);
      await follow(page, '.card a[href="/symptoms-guide"]');
      at(page, "/symptoms-guide");
      await follow(page, `.card a[href="${ARTICLE}"]`);
      at(page, ARTICLE);
      if (screen === "phone") {
        await tabTo(page, "#contents summary");
        await page.keyboard.press("Enter");
      }
      // A question in the contents leads to its open answer.
      const question = await page.locator(".faq h3").nth(1).getAttribute("id");
      await follow(page, `#contents a[href="#${question}"]`);
      const answer = page.locator(".faq details").nth(1).locator(".prose");
      holds(await answer.isVisible(), `${told}: the answer that was asked for is folded`);
      if (javaScriptEnabled) holds(await page.locator(".faq details").nth(1).evaluate((details) => details.open), `${told}: it is not said to be open`);
      await page.goto(origin + ARTICLE);
      await tabTo(page, "a.term");
      if (javaScriptEnabled) {
        const definition = page.locator("#definition");
        holds(await definition.isVisible(), `${told}: no definition beside the term`);
        await page.keyboard.press("Escape");
        holds(!(await definition.isVisible()), `${told}: Escape does not close the definition`);
      }
      await follow(page, "a.term");
      at(page, "/glossary/");
      await page.goto(origin + ARTICLE);
      await follow(page, ".byline a[rel=author]");
      at(page, "/people/");
      await page.goto(origin + ARTICLE);
      await follow(page, ".related .card a");
      holds(!page.url().endsWith(ARTICLE), `${told}: a related topic leads nowhere`);
      await context.close();
    }
  }
});
end("4 ways through the site");

// Ways through the demonstration site: with the keyboard alone, and without scripts.

import { SCREENS, judge, watchdog, withBrowser } from "./pages.mjs";
import { serve } from "./server.mjs";

const CATEGORY = "/symptoms-guide/category/bones-and-joints";
const ARTICLE = "/symptoms-guide/understanding-aching-legs-at-night";

const { origin } = await serve(process.argv[2]);
const { holds, end } = judge();
const step = watchdog(120);

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

/** Types into a search field, and goes down to the first heading that is found. */
async function search(page, field, results, told) {
  await tabTo(page, field);
  await page.keyboard.type("hart attack", { delay: 20 });
  await page.locator(`${results} .search-place a`).first().waitFor();
  await page.keyboard.press("Escape");
  holds(await page.locator(field).evaluate((input) => input === document.activeElement), `${told}: Escape leaves the field`);
  await page.keyboard.press("Backspace");
  await page.keyboard.type("k");
  const place = page.locator(`${results} .search-place a`).first();
  await place.waitFor();
  const toHeading = () => document.activeElement.matches(".search-place a");
  for (let presses = 0; presses < 20 && !(await page.evaluate(toHeading)); presses++) await page.keyboard.press("ArrowDown");
  holds(await page.evaluate(toHeading), `${told}: the arrows do not reach a heading`);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.hash !== "");
  await page.waitForLoadState();
  const heading = page.locator(`[id="${decodeURIComponent(new URL(page.url()).hash.slice(1))}"]`);
  holds(await heading.isVisible(), `${told}: the heading that was found is not seen`);
}

/** What readers see of a search by a name that the page does not have as its title, mistyped, and how they keep to one section. */
async function refine(page, told) {
  await page.goto(`${origin}/search?q=hart+attack`);
  const first = page.locator(".results > ol > li").first();
  await first.waitFor();
  holds((await first.innerText()).startsWith("Myocardial infarction"), `${told}: a heart attack is not found first`);
  holds(/Myocardial infarction\s+Glossary/.test(await first.evaluate((item) => item.textContent)), `${told}: a title and its group run together`);
  holds((await first.locator("mark").allInnerTexts()).join(" ").toLowerCase().includes("heart attack"), `${told}: nothing says that it is also called heart attack`);
  await tabTo(page, ".search-status button");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector(".search-status button"));
  holds((await page.locator("main input").inputValue()) === "heart attack", `${told}: the correction is not taken over`);
  const all = await page.locator(".results > ol > li").count();
  await tabTo(page, ".search-groups button:last-of-type");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".search-groups button:last-of-type")?.getAttribute("aria-pressed") === "true");
  const groups = new Set(await page.locator(".results .search-group").allInnerTexts());
  holds(all > 1 && groups.size === 1, `${told}: ${[...groups].join(", ")} are shown together`);
  holds(await page.evaluate(() => document.activeElement.matches("[aria-pressed=true]")), `${told}: the filter loses the focus`);
  const said = page.locator("main form [role=status]");
  await page.waitForFunction(() => document.querySelector("main form [role=status]").textContent.includes("heart attack"));
  holds(/^\d+ results? /.test(await said.innerText()), `${told}: a screen reader is not told how much was found`);
  const [title, group] = [await page.title(), [...groups][0]];
  holds(title.startsWith("heart attack – Search – "), `${told}: the tab is called ${title}`);
  await page.locator(".results > ol > li > a").first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/search"));
  await page.goBack();
  await page.reload();
  await page.locator(".search-groups [aria-pressed=true]").waitFor();
  const pressed = await page.locator(".search-groups [aria-pressed=true]").innerText();
  holds(pressed.startsWith(group), `${told}: back from a result, ${pressed} are shown instead of ${group}`);
}

/** Where nothing is found, links lead on from there, and to the sections too. */
async function deadEnd(page, told) {
  await page.goto(`${origin}/search?q=ambulance`);
  const way = page.locator(".search-ways a");
  await way.first().waitFor();
  holds((await page.locator(".results > ol > li").count()) === 0, `${told}: an ambulance is found`);
  const ways = await way.evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
  holds(ways.includes("/a-z") && ways.includes("/conditions") && new Set(ways).size === ways.length, `${told}: nothing is found, and the ways on are ${ways}`);
  await page.goto(`${origin}/search?q=leg`);
  await page.locator(".results > ol > li").first().waitFor();
  holds(!(await way.first().isVisible()), `${told}: ways on stand before results`);
}

const at = (page, path) => holds(decodeURI(page.url()).startsWith(origin + path), `${page.url()} is not ${path}`);

await withBrowser(async (browser) => {
  for (const javaScriptEnabled of [true, false]) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      const context = await browser.newContext({ viewport, javaScriptEnabled });
      const page = await context.newPage();
      const told = `${screen}, ${javaScriptEnabled ? "with" : "without"} scripts`;
      step(told);
      await page.goto(origin);
      await page.keyboard.press("Tab");
      holds(await page.locator(".skip:focus").count(), `${told}: the first stop is not the way past the menu`);
      await follow(page, '.card a[href="/symptoms-guide"]');
      at(page, "/symptoms-guide");
      await follow(page, `.listing a[href="${CATEGORY}"]`);
      at(page, CATEGORY);
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
      await page.goto(origin + ARTICLE);
      if (javaScriptEnabled) {
        const menu = page.locator(".menu > details > summary");
        if (await menu.isVisible()) {
          await menu.press("Enter");
          await tabTo(page, ".menu a");
          await page.keyboard.press("Escape");
          const isBack = await menu.evaluate((summary) => !summary.parentElement.open && summary === document.activeElement);
          holds(isBack, `${told}: Escape does not close the menu and go back to it`);
        }
        await search(page, "#search", ".search-panel", `${told}, in the header`);
        await page.goto(`${origin}/search`);
        await search(page, "main input", ".results", `${told}, on the search page`);
        await refine(page, `${told}, on the search page`);
        await deadEnd(page, told);
      } else {
        await tabTo(page, "#search");
        await page.keyboard.type("leg");
        await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
        at(page, "/search?q=leg");
        holds(await page.locator("noscript .notice, .notice").first().isVisible(), `${told}: nothing says that the search needs a script`);
      }
      await context.close();
    }
  }
});
end("4 ways through the site");

// The preview as an editor sees it: what is saved shows by itself, where the editor was looking.
// Arguments: its origin, and the folder of the site, which is changed.

import { writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SCREENS, judge, withBrowser } from "./pages.mjs";

const [origin, folder] = process.argv.slice(2);
const HEADACHE = join(folder, "articles/symptoms-guide/headache.md");
const STYLE = join(folder, "static/theme.css");
const text = await readFile(HEADACHE, "utf8");
const style = await readFile(STYLE, "utf8");
const { holds, end } = judge();
const limit = { timeout: 15_000 };

// Where it is, for a run that gets stuck: what a page is asked to evaluate has no limit of its own.
let step = "start";
const giveUp = (why) => {
  // The next run finds the site as this one did.
  writeFileSync(HEADACHE, text);
  writeFileSync(STYLE, style);
  console.error(`${why}: ${step}`);
  process.exit(2);
};
const stuck = setTimeout(() => giveUp("stuck"), 180_000);

await withBrowser(async (browser) => {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.goto(`${origin}/symptoms-guide/headache`);

    step = `${screen}: edit`;
    // An edit, without losing the place; in ten other tabs, too.
    const tabs = await Promise.all(Array.from({ length: 9 }, () => context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto(`${origin}/symptoms-guide/headache`)));
    await page.bringToFront();
    await page.evaluate(() => scrollTo(0, 700));
    const place = await page.evaluate(() => {
      const first = [...document.querySelectorAll("main :is(h2, h3, p, li)")].find((one) => one.getBoundingClientRect().top > 0);
      return [first.textContent, first.getBoundingClientRect().top];
    });
    await writeFile(HEADACHE, `${text}\nSaved for ${screen}.\n`);
    step = `${screen}: tabs show the edit`;
    for (const tab of [page, ...tabs]) await tab.getByText(`Saved for ${screen}.`).waitFor({ state: "attached", ...limit });
    // The same words at the same height: a typeface that has come meanwhile makes what is above longer or shorter.
    const isThere = ([words, top]) => [...document.querySelectorAll("main :is(h2, h3, p, li)")].some((one) => one.textContent === words && Math.abs(one.getBoundingClientRect().top - top) < 40);
    await page.waitForFunction(isThere, place, limit).catch(() => holds(false, `${screen}: the place is lost`));
    step = `${screen}: tabs close`;
    await Promise.all(tabs.map((tab) => tab.close()));

    step = `${screen}: styles`;
    // Styles change without a reload.
    await page.evaluate(() => (window.sameOne = true));
    await writeFile(STYLE, `${style}\nbody { background: rgb(1, 2, 3); }\n`);
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)", undefined, limit);
    holds(await page.evaluate(() => window.sameOne === true), `${screen}: a change of style loads the page again`);
    await writeFile(STYLE, style);
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor !== "rgb(1, 2, 3)", undefined, limit);

    step = `${screen}: mistake`;
    // A mistake stands on the page, which stays, and goes when it is mended.
    await writeFile(HEADACHE, text.replace("title =", "titel ="));
    const findings = page.locator("galen-findings");
    await findings.getByText("unknown key `titel`").first().waitFor(limit);
    holds(await findings.getByText("did you mean `title`?").first().isVisible(), `${screen}: no way out is told`);
    holds(await page.locator("main").isVisible(), `${screen}: the page is gone`);
    await writeFile(HEADACHE, text);
    await findings.waitFor({ state: "detached", ...limit });

    step = `${screen}: panel`;
    // The panel.
    const panel = page.locator("galen-panel");
    await panel.locator("summary").first().click();
    for (const words of ["published", "to the next review"]) holds(await panel.getByText(words).first().isVisible(), `${screen}: the panel does not say ${words}`);
    await panel.locator("summary").first().click();

    step = `${screen}: another day`;
    // The day picker shows what is scheduled.
    await writeFile(HEADACHE, text.replace(/^published = .*$/m, "published = 2027-03-01"));
    await page.getByText("Page not found").first().waitFor(limit);
    await page.goto(`${origin}/symptoms-guide`);
    await page.locator("galen-panel summary").first().click();
    await page.locator("galen-panel input[type=date]").fill("2027-03-02");
    await page.locator("galen-panel form button").click();
    await page.waitForLoadState();
    holds(await page.locator('.card a[href="/symptoms-guide/headache"]').count(), `${screen}: another day does not show the scheduled article`);
    await writeFile(HEADACHE, text);
    await context.close();
  }
}).catch((error) => {
  // That is Chromium's own failure: no page may crash its process.
  if (error.message.includes("Page crashed")) giveUp("the browser crashed");
  throw error;
});
clearTimeout(stuck);
end("the preview on 2 screens");

// Takes the pictures of the preview for the manual: the newsroom, the panel of an article, a mistake over its page.
// Arguments: the preview's origin, the folder of its site (a copy of the demonstration: a text is changed for a moment), and
// where the pictures go. Judges nothing.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withBrowser } from "./pages.mjs";

const [origin, site, folder] = process.argv.slice(2);
const headache = join(site, "articles/symptoms-guide/headache.md");
const text = await readFile(headache, "utf8");

await withBrowser(async (browser) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const take = async (name) => {
    await page.waitForTimeout(500);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 70 });
    await writeFile(join(folder, `${name}.webp`), Buffer.from(data, "base64"));
  };
  await page.goto(`${origin}/_galen/`);
  await page.reload();
  await take("newsroom");
  await page.goto(`${origin}/symptoms-guide/heartburn`);
  await page.reload();
  await page.locator("galen-panel summary").first().click();
  await take("panel");
  await page.locator("galen-panel summary").first().click();
  try {
    await writeFile(headache, text.replace('tags = ["headache"', 'tags = ["headach"'));
    await page.goto(`${origin}/symptoms-guide/headache`);
    await page.locator("galen-findings").getByText("there is no tag").first().waitFor();
    await take("mistake");
  } finally {
    await writeFile(headache, text);
  }
});
process.exit(0);

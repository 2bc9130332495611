// Lighthouse as on a phone: home, an article, a category and the search. Accessibility, best practices and SEO have to be
// perfect, and nothing may move. How fast a page is depends on the machine: performance.mjs measures that.
// Arguments: the folder of a site that was built for http://127.0.0.1:PORT, and that port.

import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { CHROMIUM, FLAGS, judge, watchdog } from "./pages.mjs";
import { serve } from "./server.mjs";

export const PAGES = {
  home: "/",
  article: "/symptoms-guide/understanding-aching-legs-at-night",
  category: "/symptoms-guide/category/bones-and-joints",
  search: "/search",
};

// What must not be listed, must not be listed: the search page asks for that, and so this one audit does not count there.
const UNLISTED = new Set([PAGES.search]);

/** Calls `work` with a function that audits an address and resolves to Lighthouse's result. */
export async function withLighthouse(work) {
  const profile = await mkdtemp(join(tmpdir(), "galen-lighthouse-"));
  const chrome = await launch({ chromePath: CHROMIUM, chromeFlags: ["--headless=new", ...FLAGS], userDataDir: profile, logLevel: "silent" });
  try {
    return await work(async (url, categories) => {
      const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: "error", onlyCategories: categories, maxWaitForLoad: 30_000 });
      if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
      return lhr;
    });
  } finally {
    chrome.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, port] = process.argv.slice(2);
  const { origin } = await serve(folder, Number(port));
  const { holds, fault, end } = judge();
  const step = watchdog(240);
  await withLighthouse(async (audit) => {
    for (const [name, path] of Object.entries(PAGES)) {
      step(name);
      const { categories, audits } = await audit(origin + path, ["accessibility", "best-practices", "seo", "performance"]);
      for (const id of ["accessibility", "best-practices", "seo"]) {
        // The score is rounded; every audit that counts has to pass.
        for (const { id: audit, weight } of categories[id].auditRefs) {
          const { score, title, details } = audits[audit];
          if (weight === 0 || score === null || score === 1) continue;
          if (audit === "is-crawlable" && UNLISTED.has(path)) continue;
          fault(`${name}: ${id}: ${audit}: ${title}\n    ${JSON.stringify(details?.items ?? [], null, 1).slice(0, 600)}`);
        }
      }
      const listed = audits["is-crawlable"].score === 1;
      holds(listed !== UNLISTED.has(path), `${name}: ${listed ? "asks" : "does not ask"} to be listed`);
      const shift = audits["cumulative-layout-shift"].numericValue;
      holds(shift === 0, `${name}: moves by ${shift} while it loads`);
      const scores = ["accessibility", "best-practices", "seo"].map((id) => `${id} ${Math.round(categories[id].score * 100)}`);
      console.log(`${name}: ${scores.join(", ")}, layout shift ${shift}`);
    }
  });
  end("Lighthouse on 4 pages");
}

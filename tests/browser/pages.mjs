// The pages of a built site, a browser to open them in, and a place for what is wrong. Judges nothing.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

/** What pages may hold that looks like nothing else, each as a selector: the parts of an article, every block, every kind of list. */
export const FEATURES = {
  hero: ".hero",
  byline: ".byline",
  tags: ".tags",
  lead: ".lead",
  takeaways: "#takeaways",
  contents: "#contents",
  faq: "#faq details",
  sources: "#sources li",
  history: "#history",
  disclaimer: "#disclaimer",
  experts: ".article-foot #experts",
  related: "#related .card",
  backlinks: ".backlinks",
  term: "a.term",
  citation: "a.citation, .citation a",
  footnotes: ".footnotes",
  table: ".prose table",
  picture: ".prose img",
  code: ".prose pre",
  task: ".prose .task, .prose input[type=checkbox]",
  definitions: ".prose dl",
  quote: ".prose blockquote",
  note: ".callout-note",
  tip: ".callout-tip",
  important: ".callout-important",
  warning: ".callout-warning",
  caution: ".callout-caution",
  "self-care": ".care-self-care",
  "non-urgent": ".care-non-urgent",
  urgent: ".care-urgent",
  emergency: ".care-emergency .numbers",
  promo: ".promo",
  ask: "form.ask",
  "experts in a text": ".prose .experts",
  video: "video",
  "video elsewhere": ".video-card",
  pagination: ".pagination",
  plain: "body.page-article:not(:has(.byline))",
};

const KINDS = ["home", "article", "section", "category", "tag", "person", "term", "people", "tags", "glossary", "a-z", "search", "not-found", "gone"];

/** The pages of a built site, each with its kind and whether it leads away at once. */
export async function pages(folder) {
  const files = await readdir(folder, { recursive: true });
  const found = [];
  for (const file of files.filter((name) => name.endsWith(".html")).sort()) {
    const html = await readFile(join(folder, file), "utf8");
    const kind = html.match(/<body class="page-([^" ]+)/)?.[1] ?? "?";
    const leads = html.includes('http-equiv="refresh"');
    found.push({ address: `/${file.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "")}`, kind, leads, html });
  }
  return found;
}

/** Of the pages that people read, the first `count` of each kind. */
export function someOfEach(all, count) {
  const seen = new Map();
  return all.filter(({ kind, leads }) => {
    seen.set(kind, (seen.get(kind) ?? 0) + Number(!leads));
    return !leads && seen.get(kind) <= count;
  });
}

/**
 * As few pages as hold every kind and every feature that there is on the site. `page` is only used to parse. Where `faults` is
 * given, it is told of what no page has.
 */
export async function coverage(all, page, fault) {
  const read = all.filter(({ leads }) => !leads);
  await page.goto("about:blank");
  const held = await page.evaluate(
    ([texts, features]) =>
      texts.map((html) => {
        const parsed = new DOMParser().parseFromString(html, "text/html");
        return Object.keys(features).filter((name) => parsed.querySelector(features[name]));
      }),
    [read.map(({ html }) => html), FEATURES],
  );
  const open = new Map(read.map((one, at) => [one, new Set([`the kind ${one.kind}`, ...held[at]])]));
  const missing = new Set([...open.values()].flatMap((names) => [...names]));
  for (const wanted of fault ? [...KINDS.map((kind) => `the kind ${kind}`), ...Object.keys(FEATURES)] : []) if (!missing.has(wanted)) fault(`no page has ${wanted}, so it is not looked at`);
  const chosen = [];
  while (missing.size > 0) {
    // Of two the longer one: a theme of a site's own may name nothing as the built-in one does.
    const gain = ([{ html }, names]) => [...names].filter((name) => missing.has(name)).length + html.length / 1e9;
    const [best, names] = [...open].reduce((best, one) => (gain(one) > gain(best) ? one : best));
    names.forEach((name) => missing.delete(name));
    chosen.push(best);
  }
  return chosen;
}

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A browser that asks nothing of the network for itself. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Ends a run that got stuck, with the code for which it is tried once more: a browser may hang on a machine that is very busy.
 * Each step has `seconds`; the function that is returned begins the next.
 */
export function watchdog(seconds, cleanUp = () => {}) {
  let step = "start";
  let timer;
  const begin = (name) => {
    step = name;
    clearTimeout(timer);
    timer = setTimeout(() => {
      cleanUp();
      console.error(`stuck: ${step}`);
      process.exit(2);
    }, seconds * 1000);
  };
  begin(step);
  return begin;
}

/** Runs `work` with a browser that has a profile of its own and asks nothing of the network. */
export async function withBrowser(work) {
  const profile = await mkdtemp(join(tmpdir(), "galen-browser-"));
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, `--disk-cache-dir=${profile}`],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Collects faults; `end` tells them and ends the process. */
export function judge() {
  const faults = [];
  return {
    holds: (condition, message) => condition || faults.push(message),
    fault: (message) => faults.push(message),
    end: (summary) => {
      for (const fault of faults) console.error(fault);
      console.log(`${summary}: ${faults.length} faults`);
      process.exit(faults.length ? 1 : 0);
    },
  };
}

// The pages of a built site, a browser to open them in, and a place for what is wrong. Judges nothing.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

/** The pages that people read, each with its kind: every HTML file but redirects, which lead away at once. */
export async function pages(folder) {
  const files = await readdir(folder, { recursive: true });
  const found = [];
  for (const file of files.filter((name) => name.endsWith(".html")).sort()) {
    const html = await readFile(join(folder, file), "utf8");
    if (html.includes('http-equiv="refresh"')) continue;
    const kind = html.match(/<body class="page-([^"]+)"/)?.[1] ?? "?";
    found.push({ address: `/${file.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "")}`, kind });
  }
  return found;
}

/** The first `count` pages of each kind. */
export function someOfEach(all, count) {
  const seen = new Map();
  return all.filter(({ kind }) => {
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return seen.get(kind) <= count;
  });
}

/** Runs `work` with a browser that has a profile of its own and asks nothing of the network. */
export async function withBrowser(work) {
  const profile = await mkdtemp(join(tmpdir(), "galen-browser-"));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--disk-cache-dir=${profile}`,
    ],
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

// The pages of a built site, and a browser to open them in. Judges nothing.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** Addresses of all pages that people read: every HTML file but redirects, which lead away at once. */
export async function pages(folder, isRedirect) {
  const files = await readdir(folder, { recursive: true });
  const addresses = [];
  for (const file of files.filter((name) => name.endsWith(".html")).sort()) {
    if (await isRedirect(join(folder, file))) continue;
    addresses.push(`/${file.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "")}`);
  }
  return addresses;
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

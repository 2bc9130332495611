// How fast Lighthouse finds the pages of the demonstration site: the median of five runs on each, as on a phone. A measurement,
// not a test: the scores depend on the machine, and on what else it does. `cargo build --release` comes first.
// Usage: node tests/browser/performance.mjs [RUNS]

import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PAGES, withLighthouse } from "./lighthouse.mjs";
import { watchdog } from "./pages.mjs";
import { serve } from "./server.mjs";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const SITE = ["site.toml", "articles", "data", "static", "templates"];
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "total-byte-weight"];

const runs = Number(process.argv[2] ?? 5);
const folder = await mkdtemp(join(tmpdir(), "galen-performance-"));
const output = join(folder, "public");
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const free = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

try {
  for (const part of SITE) await cp(join(REPOSITORY, part), join(folder, part), { recursive: true });
  const settings = join(folder, "site.toml");
  await writeFile(settings, (await readFile(settings, "utf8")).replace(/^base_url = .*$/m, `base_url = "http://127.0.0.1:${free}"`));
  const { status } = spawnSync(join(REPOSITORY, "target/release/galen"), ["build", "-q", "--root", folder], { stdio: "inherit" });
  if (status !== 0) throw new Error("the site cannot be built; `cargo build --release` makes the program");
  const { origin } = await serve(output, free);
  const step = watchdog(120);
  console.log("page      score  (lowest)  first paint ms  largest paint ms  blocked ms  shift  bytes");
  await withLighthouse(async (audit) => {
    for (const [name, path] of Object.entries(PAGES)) {
      const found = [];
      for (let run = 1; run <= runs; run++) {
        step(`${name}, run ${run}`);
        found.push(await audit(origin + path, ["performance"]));
      }
      const scores = found.map((lhr) => Math.round(lhr.categories.performance.score * 100));
      const [first, largest, blocked, shift, bytes] = METRICS.map((id) => median(found.map((lhr) => lhr.audits[id].numericValue)));
      const cells = [median(scores), `(${Math.min(...scores)})`, Math.round(first), Math.round(largest), Math.round(blocked), shift, bytes];
      console.log(name.padEnd(10) + cells.map((cell, at) => String(cell).padEnd([7, 10, 16, 18, 12, 7, 0][at])).join(""));
    }
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

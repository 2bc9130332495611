// The Nu HTML checker on every page of some built sites, redirects included: no errors, no warnings. Arguments: their folders.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

// CommonMark writes `<br />`, which means the same and is no warning.
const ADVICE = /: info: Trailing slash on void elements has no effect/;

const folders = process.argv.slice(2);
const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
const options = ["-jar", jar, "--skip-non-html", "--stdout", "--exit-zero-always", "--format", "gnu"];
const { status, stdout, stderr, error } = spawnSync("java", [...options, ...folders], { encoding: "utf8", maxBuffer: 1 << 26, timeout: 240_000 });
if (error) throw error;
const faults = (stdout + stderr).split("\n").filter((line) => line.trim() && !ADVICE.test(line));
for (const fault of faults) console.error(fault);
console.log(`the Nu HTML checker on ${folders.length} sites: ${faults.length} messages`);
process.exit(status || faults.length ? 1 : 0);

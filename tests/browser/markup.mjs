// The Nu HTML checker on every page and style sheet of a built site: no errors, no warnings.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
const { status, stdout, stderr, error } = spawnSync("java", ["-jar", jar, "--skip-non-html", "--format", "gnu", process.argv[2]], { encoding: "utf8", maxBuffer: 1 << 26 });
if (error) throw error;
process.stderr.write(stdout + stderr);
const faults = (stdout + stderr).split("\n").filter((line) => line.trim());
console.log(`the Nu HTML checker: ${faults.length} messages`);
process.exit(status || faults.length ? 1 : 0);

// Serves a built site on loopback as a CDN would: addresses without an ending, `_headers`, texts packed, the site's own 404 page.
// Knows nothing of Galen but what lies in the folder.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".png": "image/png",
  ".jpg": "image/jpeg",
};

const TEXT = /^text\/|json$|xml$/;

/** Serves `folder`, on a port of its own or on this one; resolves to the origin and a function that ends it. */
export async function serve(folder, port = 0) {
  const rules = await headerRules(folder);
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const found = await find(folder, path);
    const file = found ?? (await find(folder, "/404.html"));
    for (const [name, value] of headersFor(rules, path)) response.setHeader(name, value);
    const type = TYPES[extname(file.name)] ?? "application/octet-stream";
    const isPacked = TEXT.test(type) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    if (isPacked) response.setHeader("content-encoding", "gzip");
    if (!response.hasHeader("content-type")) response.setHeader("content-type", type);
    response.writeHead(found ? 200 : 404);
    response.end(isPacked ? gzipSync(file.bytes) : file.bytes);
  });
  await new Promise((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function find(folder, path) {
  const name = join(folder, normalize(path));
  if (name !== folder && !name.startsWith(folder + sep)) return undefined;
  for (const candidate of [name, `${name.replace(/\/$/, "")}.html`, join(name, "index.html")]) {
    try {
      return { name: candidate, bytes: await readFile(candidate) };
    } catch (error) {
      if (!["ENOENT", "EISDIR", "ENOTDIR"].includes(error.code)) throw error;
    }
  }
  return undefined;
}

/** The rules of `_headers`: a pattern at the margin, indented headers below it. */
async function headerRules(folder) {
  const rules = [];
  for (const line of (await readFile(join(folder, "_headers"), "utf8")).split("\n")) {
    if (!line.trim() || line.startsWith("#")) continue;
    if (!/^\s/.test(line)) rules.push({ pattern: line.trim(), headers: [] });
    else rules.at(-1).headers.push(line.trim().split(/:\s*(.*)/s, 2));
  }
  return rules;
}

function headersFor(rules, path) {
  const matches = ({ pattern }) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
  return rules.filter(matches).flatMap((rule) => rule.headers);
}

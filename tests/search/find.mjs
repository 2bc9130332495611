// Searches a finished index as a browser does, and prints as JSON what came of it; tests/search.rs says what should.
// node find.mjs words TABLE | queries FOLDER QUERIES | known FOLDER

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Index, distance, excerpt, highlight, stem, words } from "../../static/search.js";

const read = async (file) => JSON.parse(await readFile(file, "utf8"));
const [what, ...args] = process.argv.slice(2);
console.log(JSON.stringify(await { words: checkWords, queries, known }[what](...args)));

/** What differs from the table that the index is held to as well. */
async function checkWords(table) {
  const wanted = await read(table);
  const faults = [];
  const check = (name, found, expected) => {
    const [a, b] = [found, expected].map((value) => JSON.stringify(value));
    if (a !== b) faults.push(`${name}: ${a}, not ${b}`);
  };
  for (const [text, expected] of Object.entries(wanted.words)) check(text, words(text), expected);
  for (const [word, expected] of Object.entries(wanted.stems)) check(word, stem(word), expected);
  for (const [a, b, most, expected] of wanted.distances) check(`${a} ${b}`, distance(a, b, most) === Infinity ? null : distance(a, b, most), expected);
  check("marks", highlight("Aching – L’œdème: 頭痛薬", new Set(["ach", "œdeme", "頭痛"])).filter(([, is]) => is).map(([word]) => word), ["Aching", "œdème", "頭", "痛"]);
  const long = `${"word ".repeat(100)}needle ${"word ".repeat(100)}`;
  const short = excerpt(long, new Set(["needle"]));
  check("excerpt", [short.includes("needle"), short.startsWith("… "), short.endsWith(" …"), short.length < 200], [true, true, true, true]);
  check("no excerpt", excerpt("nothing here", new Set(["needle"])), undefined);
  return faults;
}

function indexOf(folder) {
  const bytes = { sum: 0 };
  const index = new Index(async (path) => {
    const file = await readFile(join(folder, path));
    bytes.sum += gzipSync(file).length;
    return JSON.parse(file);
  });
  return { index, bytes };
}

async function titles(index, text, isTyped = false) {
  const { hits } = await index.search(text, isTyped);
  return Promise.all(hits.slice(0, 3).map(async ({ item, heading }) => ({ ...(await index.record(item)), item, heading })));
}

/** The titles of the first three results of each query. */
async function queries(folder, file) {
  const { index } = indexOf(folder);
  return Promise.all((await read(file)).map(async ([query]) => [query, (await titles(index, query)).map(({ title }) => title)]));
}

/** Two neighbouring letters in the middle of the longest word change places. */
function mistyped(title) {
  const longest = title.match(/\p{L}+/gu)?.sort((a, b) => b.length - a.length)[0] ?? "";
  const at = Math.floor(longest.length / 2);
  const wrong = longest.slice(0, at - 1) + longest[at] + longest[at - 1] + longest.slice(at + 1);
  return longest.length < 5 || wrong === longest ? undefined : title.replace(longest, wrong);
}

/** How many items are among the first three results of their title, mistyped; and of each heading that only one has. */
async function known(folder) {
  const { index } = indexOf(folder);
  const { items, groups } = await index.root();
  const records = await Promise.all(Array.from({ length: items }, (_, item) => index.record(item)));
  const step = Math.ceil(items / 400);
  const asked = records.map((record, item) => ({ ...record, item })).filter(({ item }) => item % step === 0);
  const holders = new Map();
  for (const { headings } of records) for (const [text] of headings) holders.set(text, (holders.get(text) ?? 0) + 1);
  const told = { titles: [0, 0], headings: [0, 0], anchors: [0, 0], first: 0, missed: [] };
  const count = (name, query, good) => {
    told[name][1] += 1;
    told[name][0] += good ? 1 : 0;
    if (!good && told.missed.length < 20) told.missed.push(`${name}: ${query}`);
  };
  for (const { title, headings, item } of asked) {
    const wrong = mistyped(title);
    if (wrong) count("titles", wrong, (await titles(index, wrong)).some((found) => found.title === title));
    const [heading, anchor] = headings.find(([text]) => holders.get(text) === 1) ?? [];
    if (!heading) continue;
    const found = (await titles(index, heading)).find((found) => found.item === item);
    count("headings", heading, found);
    if (found) count("anchors", heading, found.headings[found.heading - 1]?.[1] === anchor);
  }
  const sizes = [];
  for (const { title } of asked.slice(0, 100)) {
    const fresh = indexOf(folder);
    const { hits } = await fresh.index.search(mistyped(title) ?? title, true);
    await Promise.all(hits.slice(0, 5).map(({ item }) => fresh.index.record(item)));
    sizes.push(fresh.bytes.sum);
  }
  const plain = [];
  for (const { title } of asked.slice(0, 100)) {
    const fresh = indexOf(folder);
    const { hits } = await fresh.index.search(title, true);
    await Promise.all(hits.slice(0, 5).map(({ item }) => fresh.index.record(item)));
    plain.push(fresh.bytes.sum);
  }
  told.first = { correct: middleAndMost(plain), mistyped: middleAndMost(sizes) };
  return { ...told, items, groups: groups.length };
}

function middleAndMost(sizes) {
  sizes.sort((a, b) => a - b);
  return [sizes[sizes.length >> 1], sizes.at(-1)];
}

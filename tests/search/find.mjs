// Searches a finished index as a browser does, and prints as JSON what came of it; tests/search.rs says what should.
// node find.mjs words TABLE | queries FOLDER QUERIES | said FOLDER TABLE | known FOLDER SITE

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Index, areKin, distance, excerpt, highlight, soundAlike, stem, words } from "../../static/search.js";

const packed = new Map();
const read = async (file) => JSON.parse(await readFile(file, "utf8"));
const [what, ...args] = process.argv.slice(2);
console.log(JSON.stringify(await { words: checkWords, queries, said, known }[what](...args)));

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
  for (const [a, b, expected] of wanted.kin) check(`${a} ${b}`, areKin(a, b), expected);
  for (const [a, b, expected] of wanted.sounds) check(`${a} ${b}`, soundAlike(a, b), expected);
  check("marks", highlight("Aching – L’œdème: 頭痛薬", new Set(["ach", "œdeme", "頭痛"])).filter(([, is]) => is).map(([word]) => word), ["Aching", "œdème", "頭", "痛"]);
  const long = `${"word ".repeat(100)}needle ${"word ".repeat(100)}`;
  const short = excerpt(long, new Set(["needle"]));
  check("excerpt", [short.includes("needle"), short.startsWith("… "), short.endsWith(" …"), short.length < 200], [true, true, true, true]);
  check("no excerpt", excerpt("nothing here", new Set(["needle"])), undefined);
  return faults;
}

/** An index whose files nobody has fetched, and the bytes fetched so far. */
function indexOf(folder) {
  const bytes = { sum: 0 };
  const index = new Index(async (path) => {
    const file = await readFile(join(folder, path));
    if (!packed.has(path)) packed.set(path, gzipSync(file).length);
    bytes.sum += packed.get(path);
    return JSON.parse(file);
  });
  return { index, bytes };
}

async function titles(index, text, isTyped = false, most = 3) {
  const { hits } = await index.search(text, isTyped);
  return Promise.all(hits.slice(0, most).map(async ({ item, heading }) => ({ ...(await index.record(item)), item, heading })));
}

/** The titles of the first three results of each query. */
async function queries(folder, file) {
  const { index } = indexOf(folder);
  return Promise.all((await read(file)).map(async ([query]) => [query, (await titles(index, query)).map(({ title }) => title)]));
}

/** What differs from the table of what readers are told: suggestions, queries that find nothing or something, headings not to lead to. */
async function said(folder, table) {
  const { index } = indexOf(folder);
  const { suggestions, nothing, something, elsewhere } = await read(table);
  const faults = [];
  for (const [query, expected] of Object.entries(suggestions)) {
    const { correction = null } = await index.search(query);
    if (correction !== expected) faults.push(`${query}: ${correction}, not ${expected}`);
  }
  for (const query of [...nothing, ...something]) {
    const { hits } = await index.search(query);
    if (hits.length > 0 !== something.includes(query)) faults.push(`${query}: ${hits.length} results`);
  }
  for (const [query, wrong] of Object.entries(elsewhere)) {
    const found = await titles(index, query, false, 5);
    if (found.some(({ headings, heading }) => headings[heading - 1]?.[0] === wrong)) faults.push(`${query} leads to ${wrong}`);
  }
  return faults;
}

function same(one, other) {
  return words(one).map(stem).join(" ") === words(other).map(stem).join(" ");
}

/** A number below `bound` that looks like chance and is the same in every run. */
function chance(seed, bound) {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) % bound;
}

/** One mistake in a word of at least five letters: two letters swapped, one wrong, one left out or one too many; of twenty mistakes one at the first letter. */
function mistyped(text, seed) {
  const long = text.match(/\p{L}{5,}/gu) ?? [];
  if (long.length === 0) return undefined;
  const word = long[chance(seed, long.length)];
  const at = seed % 20 === 0 ? 0 : 1 + chance(seed + 1, word.length - 2);
  const letter = "etaoinsr"[chance(seed + 2, 8)];
  const [before, here, next, after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)];
  const other = letter === here.toLowerCase() ? "u" : letter;
  const wrong = [before + next + here + after, before + other + next + after, before + next + after, before + here + letter + next + after][chance(seed + 3, 4)];
  return wrong === word ? undefined : text.replace(word, wrong);
}

/** Other names of terms, tags and categories, as the site's files have them: [name, title]. */
async function otherNames(site) {
  const texts = [];
  for (const entry of await readdir(join(site, "data"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (path.includes("glossary") && entry.name.endsWith(".md")) texts.push((await readFile(path, "utf8")).split("+++")[1]);
    if (["tags.toml", "categories.toml"].includes(entry.name)) texts.push(...(await readFile(path, "utf8")).split(/^\[/m));
  }
  return texts.flatMap((text) => {
    const title = /^title = "(.+)"/m.exec(text)?.[1];
    const list = /^synonyms = \[(.*)\]/m.exec(text)?.[1] ?? "";
    const short = /^abbreviation = "(.+)"/m.exec(text)?.[1];
    return [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name).concat(short ?? []).map((name) => [name, title]);
  });
}

/**
 * How many known items are among the first three results: titles with one mistake; headings as they are, where a result with
 * just this heading counts; other names of terms, tags and categories, where the page of that name counts.
 * And the bytes that the first search of a reader fetches, with five results, as gzip: [in the middle, most].
 */
async function known(folder, site) {
  const { index } = indexOf(folder);
  const { items } = await index.root();
  const step = Math.ceil(items / 500);
  const asked = await Promise.all(Array.from({ length: Math.ceil(items / step) }, async (_, at) => ({ ...(await index.record(at * step)), seed: at })));
  const told = { items, titles: [0, 0], headings: [0, 0], anchors: [0, 0], names: [0, 0], missed: [] };
  const queries = { title: [], mistyped: [], heading: [], name: [], word: [] };
  const count = (name, query, good) => {
    told[name][1] += 1;
    told[name][0] += good ? 1 : 0;
    if (!good) told.missed.push(`${name}: ${query}`);
  };
  for (const { title, headings, seed } of asked) {
    queries.title.push(title);
    queries.word.push(words(title).sort((a, b) => b.length - a.length)[0] ?? title);
    const wrong = mistyped(title, seed);
    if (wrong) {
      queries.mistyped.push(wrong);
      count("titles", `${wrong} (${title})`, (await titles(index, wrong)).some((found) => same(found.title, title)));
    }
    if (headings.length === 0) continue;
    const [heading] = headings[chance(seed, headings.length)];
    queries.heading.push(heading);
    const found = await titles(index, heading);
    const good = found.find(({ headings }) => headings.some(([text]) => same(text, heading)));
    count("headings", heading, good || found.some(({ title }) => same(title, heading)));
    if (good) count("anchors", heading, found.some(({ headings, heading: at }) => at > 0 && same(headings[at - 1][0], heading)));
  }
  for (const [name, title] of await otherNames(site)) {
    queries.name.push(name);
    count("names", `${name} (${title})`, (await titles(index, name)).some((found) => same(found.title, title)));
  }
  told.bytes = {};
  for (const [kind, texts] of Object.entries(queries)) told.bytes[kind] = await fetched(folder, texts);
  told.missed = told.missed.slice(0, 40);
  return told;
}

async function fetched(folder, texts) {
  const sizes = [];
  for (const text of texts.slice(0, 250)) {
    const { index, bytes } = indexOf(folder);
    const { hits } = await index.search(text, true);
    await Promise.all(hits.slice(0, 5).map(({ item }) => index.record(item)));
    sizes.push(bytes.sum);
  }
  sizes.sort((a, b) => a - b);
  return [sizes[sizes.length >> 1], sizes.at(-1)];
}

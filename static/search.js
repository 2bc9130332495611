// Finds pages in the site's index, of which only the pieces that a search needs are fetched, and shows what is found while the
// reader types: on the search page, and below the field in the header, where theme.js loads it once the field is entered.
// Without it the field leads to the search page, which says what to do instead.
// How the index is made, and its format: docs/search.md.

// How much a match counts that is not the whole word as typed.
const BEGINNING = 0.6;
const KIN = 0.5;
const CORRECTED = 0.4;
// How much a word that stands below a heading leads there, against one that the heading says.
const BELOW = 0.1;
const MOST_BEGINNINGS = 24;
// Pieces of terms that a search fetches, one less where a word is being typed, which may take two: words above that are too
// common to tell pages apart.
const MOST_PIECES = 5;
// Results whose titles are compared with what was typed, and how much they count.
const FIRST = 5;
const WHOLE_TITLE = 1.6;
const IN_TITLE = 1.4;
const UNSPACED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const RUNS = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}])+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
// In a text as it is written: one character of a script without spaces, or a word with its accents.
const WRITTEN = new RegExp(`[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])+`, "gu");

/** The words of a text, as the index has them: "Œdème, CO₂" gives ["œdeme", "co2"]. */
export function words(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ς/g, "σ");
  return (plain.match(RUNS) ?? []).flatMap((run) => (IS_UNSPACED.test(run) ? pairs([...run]) : run === "s" ? [] : [run]));
}

const pairs = (letters) =>
  letters.length === 1 ? letters : letters.slice(1).map((letter, before) => letters[before] + letter);

/** What is left of an English word without its grammar; the same rules, in the same order, made the index. */
export function stem(word) {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let rest = word;
  if (word.length > 4 && word.endsWith("ies")) rest = word.slice(0, -3) + "y";
  else if (word.endsWith("sses") || (word.length > 5 && word.endsWith("sis"))) rest = word.slice(0, -2);
  else if (word.endsWith("s") && !/(ss|us|is)$/.test(word)) rest = word.slice(0, -1);
  const base = /^(.*)(?:ing|ed)$/.exec(rest)?.[1];
  if (base?.length >= 3 && !base.endsWith("e") && /[aeiouy]/.test(base)) {
    rest = /([^aeioulsz])\1$/.test(base) ? base.slice(0, -1) : base;
  }
  if (rest.length > 3) rest = rest.replace(/e$/, "");
  if (rest.length > 5) rest = rest.replace(/ae|oe/g, "e");
  if (rest.length > 4) rest = rest.replace(/our$/, "or");
  if (rest.length > 4) rest = rest.replace(/iz$/, "is");
  return rest;
}

/** How many letters are wrong, two swapped ones counting as one; more than `most` is Infinity. */
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let above = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, above[j - 2] + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return Infinity;
    [above, row] = [row, next];
  }
  return row[b.length] > most ? Infinity : row[b.length];
}

// Letters that two words have at least where one may be the other with one mistake, or with two. Stems that are shorter than
// SHORT are not compared: too many are alike.
const ONE_MISTAKE = 4;
const TWO_MISTAKES = 8;
const SHORT = 6;

const shorter = (one, other) => Math.min(one.length, other.length);

/** How many letters may be wrong if one word is the other mistyped. */
const most = (word, other) => (shorter(word, other) >= TWO_MISTAKES ? 2 : shorter(word, other) >= ONE_MISTAKE ? 1 : 0);

/** Whether two words are alike but for a letter within one that is up to two others in the other one: "headake", "headache". */
export function soundAlike(word, other) {
  const letters = shorter(word, other);
  let [before, after] = [0, 0];
  while (before < letters && word[before] === other[before]) before++;
  while (after < letters - before && word.at(-1 - after) === other.at(-1 - after)) after++;
  const rests = [word.length, other.length].map((length) => length - before - after);
  return letters >= SHORT && before > 0 && after > 0 && Math.min(...rests) <= 1 && Math.max(...rests) <= 2;
}

const NEGATED = /^(ai|are|ca|could|did|do|does|had|has|have|is|might|must|need|should|was|were|wo|would)nt$/;

/** The words of an English negation without its apostrophe: "cant" gives ["can", "t"], as "can't" does. */
const apart = (word) => (NEGATED.test(word) ? [word.slice(0, -1), "t"] : [word]);

/** The numbers of a text: digits of base 45 from "#" on, the last one; before it those of base 46 from there on. */
function* numbers(text) {
  let number = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code - (code > 92 ? 36 : 35);
    if (digit < 45) {
      yield number * 45 + digit;
      number = 0;
    } else number = number * 46 + digit - 45;
  }
}

/** What the index says of a term: the number of items that hold it, and for some of them { item, heading, length, impact }. */
export function postings(text) {
  const [items, naming, ...rest] = numbers(text);
  const list = [];
  for (let at = 0, item = 0; at < rest.length; at += 2) {
    if (at === 2 * naming) item = 0;
    item += rest[at];
    const code = rest[at + 1];
    if (at < 2 * naming) list.push({ item, heading: code >> 7, length: (code >> 3) & 15, impact: (4 + (code & 7)) / 12 });
    else list.push({ item, heading: Math.floor(code / 3), length: 0, impact: (1 + (code % 3)) / 12 });
  }
  return { items, list };
}

/** The index of a site. `load` fetches and parses a file by its path from the root's folder; a second time not from a cache. */
export class Index {
  #load;
  #files = new Map();
  #asked = new Set();

  constructor(load) {
    this.#load = load;
  }

  // Every file is fetched once; one that failed is tried again.
  #file(path) {
    if (!this.#files.has(path)) {
      const file = Promise.resolve(this.#load(path, this.#asked.has(path)));
      this.#asked.add(path);
      this.#files.set(path, file);
      file.catch(() => this.#files.delete(path));
    }
    return this.#files.get(path);
  }

  /** Fetches everything anew. */
  forget() {
    this.#files.clear();
  }

  root() {
    return this.#file("search-index.json");
  }

  // The terms that say nothing of a subject, as "what" and "should".
  async #empty() {
    const root = await this.root();
    return (root.empty ??= new Set(root.stop.split(" ")));
  }

  #piece(name) {
    return this.#file(`search-index/${name}.json`);
  }

  /** What is shown of an item: title, href, description, headings [[text, anchor]], texts, other names. */
  async record(item) {
    const { records, each } = await this.root();
    const [title, href, description, flat, texts, names = []] = (await this.#piece(records[Math.floor(item / each)]))[item % each];
    const headings = flat.flatMap((text, at) => (at % 2 ? [] : [[text, flat[at + 1] || anchorOf(text)]]));
    return { title, href, description, headings, texts, names };
  }

  // The terms of the piece in which a term is or would be.
  async #around(term) {
    const { terms } = await this.root();
    const name = terms[placeOf(terms, term) + 1];
    return name ? this.#piece(name) : {};
  }

  // The terms that begin so, with the items that hold them, the most common first.
  async #beginning(start) {
    const { terms } = await this.root();
    const from = placeOf(terms, start);
    const more = terms[from + 2]?.startsWith(start) ? [terms[from + 2]] : [];
    const pieces = await Promise.all([start, ...more].map((term) => this.#around(term)));
    const all = pieces.flatMap((piece) => Object.keys(piece).filter((term) => term.startsWith(start) && !term.includes(" ")).map((term) => [term, piece[term]]));
    // A longer list is one of a more common term.
    return all.sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_BEGINNINGS);
  }

  async #exact(term) {
    const piece = await this.#around(term);
    return Object.hasOwn(piece, term) ? [[term, piece[term]]] : [];
  }

  // The known words that begin with a letter, as { word, common }.
  async #vocabulary(letter) {
    const { words } = await this.root();
    const at = words.indexOf(letter);
    if (at < 0) return [];
    const file = await this.#piece(words[at + 1]);
    if (!file.known) {
      let before = "";
      file.known = file[0].split(" ").map((coded) => {
        before = [...before].slice(0, parseInt(coded[0], 36)).join("") + coded.slice(2);
        return { word: before, common: Number(coded[1]) };
      });
    }
    return file.known;
  }

  /** The terms most like a word that is not in the index, best first. */
  async #corrections(word, stemmed, isTyped) {
    if (word.length < ONE_MISTAKE) return [];
    const stem = stemmed(word);
    const wrong = ({ word: other, term }) => {
      const ofStems = shorter(stem, term) >= SHORT ? distance(stem, term, most(word, other)) + 0.1 : Infinity;
      // What is being typed may be the beginning of a longer word.
      const ofBeginning = isTyped && other.length > word.length ? distance(word, other.slice(0, word.length), 1) + 0.5 : Infinity;
      return Math.min(distance(word, other, most(word, other)), ofStems, ofBeginning) + (other[0] === word[0] ? 0 : 0.25);
    };
    const listed = async (letters) => {
      const known = (await Promise.all(letters.map((letter) => this.#vocabulary(letter)))).flat();
      return known.map((one) => ({ ...one, term: stemmed(one.word) }));
    };
    // A term beside it may be a word too rare to be listed among those to correct to.
    const beside = Object.keys(await this.#around(stem)).filter((term) => !term.includes(" "));
    const own = [...beside.map((term) => ({ word: term, term, common: -1 })), ...(await listed([word[0]]))];
    const others = (await this.root()).words.filter((letter, at) => at % 2 === 0 && letter !== word[0] && letter !== word[1]);
    const among = (known) => known.map((one) => ({ ...one, wrong: wrong(one) })).filter((one) => one.wrong < Infinity);
    let alike = among(own);
    for (const letters of [[word[1]], others]) if (!alike.some((one) => one.wrong <= 1.5)) alike.push(...among(await listed(letters)));
    if (alike.length === 0) alike = own.filter((one) => soundAlike(word, one.word)).map((one) => ({ ...one, wrong: 2 }));
    const empty = await this.#empty();
    alike.sort((a, b) => a.wrong - b.wrong || b.common - a.common || (a.word < b.word ? -1 : 1));
    const best = alike.filter((one) => one.wrong < alike[0].wrong + 0.5);
    return [...new Set(best.map(({ term }) => term))].filter((term) => !empty.has(term)).slice(0, 2);
  }

  // The terms that a word means: [term, postings, weight]; and those it was corrected to, if it is no word of the site.
  async #matches(word, stemmed, isTyped) {
    const weighted = (terms, weight) => terms.map(([term, text]) => [term, postings(text), weight]);
    // "bleedin" is on its way to "bleeding".
    const forms = new Set([word, ...(isTyped && word.length > 3 ? ["d", "g", "ng"] : []).map((rest) => word + rest)].map(stemmed));
    const exact = (await Promise.all([...forms].map((form) => this.#exact(form)))).flat();
    const found = weighted(exact, 1);
    if (stemmed === unstemmed) {
      const around = Object.entries(await this.#around(word));
      found.push(...weighted(around.filter(([term]) => areKin(term, word)), KIN));
    }
    const isWord = isTyped || found.length > 0;
    if (isTyped || exact.length === 0) {
      const more = (await this.#beginning(word)).filter(([term]) => !found.some(([other]) => other === term));
      found.push(...weighted(more, BEGINNING));
    }
    // "restles" lacks a letter, "gastro" is the beginning of a word.
    const lacking = isWord ? [] : found.map(([term]) => term).filter((term) => distance(word, term, most(word, term)) < Infinity);
    if (found.length > 0) return { found, corrected: lacking.length > 0 ? lacking : undefined };
    if ((await this.#empty()).has(stemmed(word))) return { found };
    const corrected = await this.#corrections(word, stemmed, isTyped);
    const terms = await Promise.all(corrected.map((term) => this.#exact(term)));
    return { found: weighted(terms.flat(), CORRECTED), corrected };
  }

  // Which of the words to look up, and which pairs of neighbours: those that tell most first, until enough is to be fetched.
  async #plan(query, stemmed, telling, last) {
    const { terms, common } = await this.root();
    const ranks = new Map(common.split(" ").map((term, at) => [term, at]));
    const isTelling = (word) => telling.has(stemmed(word));
    const rank = (word) => (isTelling(word) ? ranks.size : 0) + (ranks.get(stemmed(word)) ?? ranks.size);
    const isCommon = (word) => word !== undefined && word !== last && ranks.has(stemmed(word));
    const pairs = query.flatMap((word, at) => (isCommon(word) && isCommon(query[at + 1]) ? [[word, query[at + 1]]] : []));
    const pieces = new Set();
    const most = MOST_PIECES - (last === undefined ? 0 : 1);
    const fits = (term) => {
      const piece = placeOf(terms, term);
      return pieces.has(piece) || (pieces.size < most && pieces.add(piece));
    };
    const unique = [...new Set(query)];
    const rare = unique.filter((word) => isTelling(word) && !isCommon(word) && fits(stemmed(word)));
    const paired = pairs.filter((pair) => fits(pair.map(stemmed).join(" ")));
    const others = unique.filter((word) => !rare.includes(word)).sort((a, b) => rank(b) - rank(a));
    const looked = new Set([...rare, ...others.filter((word) => fits(stemmed(word)))]);
    return { looked: unique.filter((word) => looked.has(word)), pairs: paired };
  }

  /**
   * Searches. `isTyped`: the last word may be incomplete. Gives the items, best first, as { item, score, heading, group };
   * the number of items by group; the terms to mark; and the text without its mistakes, if there are any that can be mended.
   */
  async search(text, isTyped = false) {
    const { items: all, groups, stems } = await this.root();
    const stemmed = stems === "en" ? stem : unstemmed;
    const typed = words(text);
    const query = stems === "en" ? typed.flatMap(apart) : typed;
    const isLast = isTyped && !/\s$/.test(text) && query.at(-1) === typed.at(-1);
    const last = isLast ? query.at(-1) : undefined;
    const [asked, empty] = [new Set(query.map(stemmed)), await this.#empty()];
    const subject = new Set(query.filter((word) => word === last || !empty.has(stemmed(word))).map(stemmed));
    const telling = subject.size > 0 ? subject : asked;
    const { looked, pairs } = await this.#plan(query, stemmed, telling, last);
    const [matches, paired] = await Promise.all([
      Promise.all(looked.map((word) => this.#matches(word, stemmed, word === last))),
      Promise.all(pairs.map((pair) => this.#exact(pair.map(stemmed).join(" ")))),
    ]);
    const sums = new Sums(all);
    matches.forEach(({ found }, at) => sums.word(stemmed(looked[at]), found));
    paired.forEach((found, at) => found.forEach(([, text]) => sums.pair(pairs[at].map(stemmed), postings(text))));
    const hits = sums.hits(asked.size, telling, groups);
    const counts = groups.map((_, group) => hits.filter((hit) => hit.group === group).length);
    const terms = new Set([...matches.flatMap(({ found }) => found.map(([term]) => term)), ...asked]);
    const sorted = await this.#asWritten(hits, query);
    const mistaken = looked.flatMap((word, at) => (matches[at].corrected ? [[word, matches[at].corrected]] : []));
    return { hits: sorted, counts, terms, correction: await this.#mended(text.trim(), mistaken, stemmed, sorted[0]) };
  }

  // A text with every mistaken word as the first result writes it, where what is shown of that says them all.
  async #mended(text, mistaken, stemmed, first) {
    if (mistaken.length === 0 || !first) return undefined;
    const { title, names, description, headings, texts } = await this.record(first.item);
    const shown = [title, ...names, description, headings[first.heading - 1]?.[0], texts[first.heading]].join(" ").match(WRITTEN) ?? [];
    const plain = (written) => words(written)[0] ?? "";
    const right = mistaken.map(([word, terms]) => {
      const said = shown.filter((written) => terms.includes(stemmed(plain(written))));
      const wrong = (written) => distance(word, plain(written), word.length);
      return [word, said.sort((a, b) => wrong(a) - wrong(b))[0]?.toLowerCase()];
    });
    if (right.some(([, written]) => written === undefined)) return undefined;
    const mended = new Map(right);
    return text.replace(WRITTEN, (written) => mended.get(plain(written)) ?? written);
  }

  // Of the first results, whose records are shown anyway, those come first whose titles hold the words just as they were typed.
  async #asWritten(hits, query) {
    const first = await Promise.all(hits.slice(0, FIRST).map(async (hit) => {
      const title = words((await this.record(hit.item)).title);
      const holds = query.every((word) => title.includes(word));
      return { ...hit, score: hit.score * (holds ? (title.length === query.length ? WHOLE_TITLE : IN_TITLE) : 1) };
    }));
    return [...first.sort((a, b) => b.score - a.score || a.item - b.item), ...hits.slice(FIRST)];
  }
}

/** Adds up what words say about items. */
class Sums {
  #all;
  #items = new Map();
  #whole = 0;
  // By word: how rare it is.
  #rarity = new Map();

  constructor(all) {
    this.#all = all;
  }

  #rare(count) {
    return Math.log(1 + this.#all / count);
  }

  /** A word with the terms that it may mean: [term, postings, weight]. */
  word(word, found) {
    const rarity = Math.max(0, ...found.map(([, { items }, weight]) => this.#rare(items) * weight));
    // A word that is nowhere cannot be missing from one item more than from another.
    this.#rarity.set(word, rarity);
    this.#whole += rarity;
    for (const [, { items, list }, weight] of found) for (const posting of list) this.#add(word, posting, this.#rare(items) * weight, rarity);
  }

  /** Two words that stand side by side: it also tells of items that are not listed for one of them. */
  pair(both, { items, list }) {
    const rare = this.#rare(items);
    for (const word of both) {
      if (!this.#rarity.has(word)) {
        this.#rarity.set(word, rare / 2);
        this.#whole += rare / 2;
      }
    }
    for (const posting of list) {
      for (const word of both) this.#add(word, posting, this.#rarity.get(word), this.#rarity.get(word));
      this.#items.get(posting.item).places.get(posting.heading).near += rare;
    }
  }

  #add(word, { item, heading, length, impact }, weight, rarity) {
    const sum = this.#items.get(item) ?? { words: new Map(), places: new Map() };
    this.#items.set(item, sum);
    const before = sum.words.get(word);
    if (!before || before.score < weight * impact) sum.words.set(word, { score: weight * impact, rarity });
    const place = sum.places.get(heading) ?? { words: new Map(), length: 0, near: 0 };
    sum.places.set(heading, place);
    place.length ||= length;
    // What a heading says itself leads to it rather than what stands below it.
    place.words.set(word, Math.max(place.words.get(word) ?? 0, weight * (length ? 1 : BELOW)));
  }

  /** The items that hold most of what was asked, best first. `asked`: the number of words; `telling`: those that tell of a subject. */
  hits(asked, telling, groups) {
    const missing = asked - this.#rarity.size;
    const tells = ([word]) => telling.has(word);
    const hits = [...this.#items].filter(([, { words }]) => [...words].some(tells)).map(([item, { words, places }]) => {
      const sum = (words, key) => words.reduce((all, [, value]) => all + value[key], 0);
      let best = { heading: 0, bonus: -1 };
      for (const [heading, { words, length, near }] of places) {
        // Words that tell of no subject count where the heading says one that does.
        const subject = [...words].filter(tells);
        const names = subject.some(([, weight]) => weight > BELOW);
        const counted = names ? [...words] : subject;
        const said = counted.reduce((all, [, weight]) => all + weight, 0) / this.#whole;
        // How much of the heading was asked for.
        const share = length ? Math.min(1, (counted.length + missing) / length) : 0;
        const whole = share === 1 && counted.length === this.#rarity.size && length < 15 ? 0.4 : 0;
        const bonus = said ** 2 * (0.75 + 0.75 * share + whole) + (names ? (0.5 * near) / this.#whole : 0);
        if (bonus > best.bonus) best = { heading, bonus };
      }
      const held = sum([...words].filter(tells), "rarity");
      const score = sum([...words], "score") * (sum([...words], "rarity") / this.#whole) ** 2 * (1 + best.bonus);
      let [group, left] = [0, item];
      while (left >= groups[group][1]) left -= groups[group++][1];
      return { item, group, heading: best.heading, held, score };
    });
    const least = hits.reduce((most, { held }) => Math.max(most, held), 0) / 2;
    return hits.filter(({ held }) => held >= least).sort((a, b) => b.score - a.score || a.item - b.item);
  }
}

// Where the entry of a flat list [first, name, …] stands in whose range a key is.
function placeOf(list, key) {
  let [low, high] = [0, list.length / 2 - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[2 * middle] <= key) low = middle;
    else high = middle - 1;
  }
  return 2 * Math.max(low, 0);
}

const unstemmed = (word) => word;

/** Whether two words differ in their endings alone, as far as that can be told without knowing the language. */
export function areKin(one, other) {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const rests = [one.length - same, other.length - same];
  return one !== other && Math.max(...rests) <= 3 && (same >= 5 || (same === 4 && Math.min(...rests) === 0));
}

const anchorOf = (heading) => (heading.match(/[a-z0-9]+/gi) ?? []).join("-").toLowerCase();

/** A text cut into [piece, whether it is one of the terms]. */
export function highlight(text, terms) {
  const is = (word) => words(word).some((part) => terms.has(part) || terms.has(stem(part)) || (IS_UNSPACED.test(part) && [...terms].some((term) => term.includes(part))));
  const pieces = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WRITTEN)) {
    if (!is(word)) continue;
    if (index > end) pieces.push([text.slice(end, index), false]);
    pieces.push([word, true]);
    end = index + word.length;
  }
  if (end < text.length) pieces.push([text.slice(end), false]);
  return pieces;
}

const EXCERPT = 180;

/** The stretch of a text around the first of the terms, or undefined where none is in it. */
export function excerpt(text, terms) {
  const [before, found] = highlight(text, terms).slice(0, 2);
  if (!before || (!before[1] && !found)) return undefined;
  const at = before[1] ? 0 : before[0].length;
  let start = at > EXCERPT / 3 ? text.indexOf(" ", at - EXCERPT / 3) + 1 : 0;
  if (start > at) start = at;
  let end = start + EXCERPT < text.length ? text.lastIndexOf(" ", start + EXCERPT) : text.length;
  if (end <= at) end = start + EXCERPT;
  return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

/* What readers see: the results of a field, on the search page or below the field in the header. */

const SHOWN = 5;
const PAUSE = 120;
const PATIENCE = 300;
// Nobody wants to hear the number of results after each letter.
const SILENCE = 700;

/** A field, and a place with a status and a list that shows what is found for it. */
class Finder {
  #turn = 0;
  shown = SHOWN;
  // The title of the group whose results alone are shown.
  group = undefined;

  constructor(form, place) {
    this.form = form;
    this.labels = form.dataset;
    this.input = form.elements.namedItem("q");
    this.place = place;
    this.status = place.querySelector(".search-status");
    // What a screen reader says has to be there before it says anything, which what is shown is not.
    this.said = form.appendChild(element("p"));
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    this.list = place.querySelector("ol");
    const base = new URL(form.dataset.index, location.href);
    this.index = new Index(async (path, isAgain) => {
      const response = await fetch(new URL(path, base), { cache: isAgain ? "reload" : "default" });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    });
    this.input.addEventListener("input", (event) => {
      clearTimeout(this.pause);
      if (!event.isComposing) this.pause = setTimeout(() => this.ask(true), PAUSE);
    });
    this.input.addEventListener("focus", () => this.index.root().catch(() => {}), { once: true });
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  // Arrows go through the results, Escape goes back to the field and then empties it.
  #key(event) {
    const links = [...this.place.querySelectorAll("ol a, a.search-more:not([hidden])")];
    const at = links.indexOf(document.activeElement);
    const inField = document.activeElement === this.input;
    if (at < 0 && !inField) return;
    const go = { ArrowDown: links[at + 1], ArrowUp: at === 0 ? this.input : links[at - 1], Escape: inField ? undefined : this.input }[event.key];
    if (!go) return;
    event.preventDefault();
    go.focus();
  }

  ask(isTyped) {
    this.shown = SHOWN;
    return this.show(isTyped);
  }

  /** Searches for what the field holds, and shows it unless the reader went on meanwhile. */
  async show(isTyped) {
    const turn = ++this.#turn;
    const text = this.input.value;
    if (words(text).length === 0) return this.clear("");
    const waiting = setTimeout(() => (this.status.textContent = this.labels.searching), PATIENCE);
    try {
      // Where the site was published anew meanwhile, the pieces that were known are gone.
      const { found, hits, records, groups, group } = await this.#look(text, isTyped).catch(() => {
        this.index.forget();
        return this.#look(text, isTyped);
      });
      if (turn !== this.#turn) return;
      clearTimeout(waiting);
      this.group = group;
      this.#tell(text.trim(), hits.length, found.correction);
      this.list.replaceChildren(...records.map((record, at) => result(record, hits[at], groups, found.terms, this.labels.also)));
      this.shows(hits.length, groups, found.counts);
    } catch {
      if (turn === this.#turn) this.clear(this.labels.failed);
    } finally {
      clearTimeout(waiting);
    }
  }

  async #look(text, isTyped) {
    const found = await this.index.search(text, isTyped);
    const { groups } = await this.index.root();
    const kept = found.hits.filter(({ group }) => groups[group][0] === this.group);
    // Nothing is kept to a group that holds none of the results.
    const [hits, group] = kept.length > 0 ? [kept, this.group] : [found.hits, undefined];
    const records = await Promise.all(hits.slice(0, this.shown).map(({ item }) => this.index.record(item)));
    return { found, hits, records, groups, group };
  }

  /** Empties the place but for a word to the reader. */
  clear(text) {
    this.status.textContent = text;
    this.#say();
    this.list.replaceChildren();
    this.shows(0, [], []);
  }

  #say() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.said.textContent = this.status.textContent), SILENCE);
  }

  #tell(query, count, correction) {
    const { none, one, found, meant } = this.labels;
    const text = count === 0 ? none : count === 1 ? one : found;
    this.status.textContent = text.replace("{count}", count).replace("{query}", () => query);
    this.#say();
    if (!correction) return;
    const button = element("button", correction);
    button.type = "button";
    button.addEventListener("click", () => {
      this.input.value = correction;
      this.ask(false);
      this.input.focus();
    });
    const [before, after] = meant.split("{query}");
    this.status.append(" ", before, button, after ?? "");
  }
}

/** The field in the header: the first results stand below it, and Enter leads to all of them. */
class Header extends Finder {
  constructor(form) {
    super(form, form.appendChild(panel(form.dataset)));
    this.all = this.place.querySelector(".search-more");
    this.input.addEventListener("focus", () => (this.place.hidden = !this.status.textContent));
    form.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !form.contains(relatedTarget)) this.place.hidden = true;
    });
    document.addEventListener("pointerdown", ({ target }) => (this.place.hidden ||= !form.contains(target)));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.place.hidden || document.activeElement !== this.input) return;
      // The first Escape closes, only the next one empties the field.
      event.preventDefault();
      this.place.hidden = true;
    });
    if (this.input.value) this.ask(true);
  }

  shows(count) {
    this.place.hidden = !this.status.textContent;
    this.all.hidden = count <= this.shown;
    this.all.href = `${this.form.action}?${new URLSearchParams({ q: this.input.value.trim() })}`;
  }
}

function panel({ results, more }) {
  const made = element("section");
  made.className = "results search-panel";
  made.setAttribute("aria-label", results);
  made.hidden = true;
  const status = element("p");
  status.className = "search-status";
  const all = element("a", more);
  all.className = "search-more";
  made.append(status, element("ol"), all);
  return made;
}

/** The search page, whose address and title tell what was sought; the address also in which group. */
class Page extends Finder {
  #title = document.title;

  constructor(form) {
    super(form, document.querySelector(".results"));
    const parts = [".search-hint", ".search-ways", ".search-groups", ".search-more"];
    [this.hint, this.ways, this.groups, this.more] = parts.map((part) => this.place.querySelector(part));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.pause);
      this.ask(false);
    });
    this.more.addEventListener("click", async () => {
      const from = this.shown;
      this.shown += SHOWN;
      await this.show(false);
      this.list.children[from]?.querySelector("a")?.focus();
    });
    addEventListener("popstate", () => this.#recall());
    this.#recall();
  }

  ask(isTyped) {
    this.group = undefined;
    const url = this.#address();
    // Typing changes the address, Enter leaves one to come back to.
    if (!isTyped && url.href !== history.state?.asked) history.pushState({ asked: url.href }, "", url);
    else history.replaceState(history.state, "", url);
    this.#name();
    return super.ask(isTyped);
  }

  #address() {
    const url = new URL(location.href);
    for (const [name, value] of [["q", this.input.value.trim()], ["in", this.group]]) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    return url;
  }

  #name() {
    const text = this.input.value.trim();
    document.title = text ? `${text} – ${this.#title}` : this.#title;
  }

  #recall() {
    const asked = new URL(location.href).searchParams;
    this.input.value = asked.get("q") ?? "";
    this.group = asked.get("in") ?? undefined;
    this.#name();
    super.ask(false);
  }

  shows(count, groups, counts) {
    this.hint.hidden = words(this.input.value).length > 0;
    // Where nothing is found, ways on from here.
    if (this.ways) this.ways.hidden = !this.hint.hidden || count > 0;
    this.more.hidden = count <= this.shown;
    this.#filter(groups, counts);
  }

  // Buttons that keep to one group, with the number of its results.
  #filter(groups, counts) {
    const held = groups.flatMap(([title], at) => (counts[at] > 0 ? [[title, counts[at], title]] : []));
    const all = [this.labels.all, counts.reduce((a, b) => a + b, 0), undefined];
    const buttons = (held.length > 1 ? [all, ...held] : []).map(([title, count, group]) => {
      const button = element("button", title);
      button.type = "button";
      button.append(" ", element("span", count));
      button.setAttribute("aria-pressed", group === this.group);
      button.addEventListener("click", async () => {
        this.group = group;
        history.replaceState(history.state, "", this.#address());
        await super.ask(false);
        this.groups.querySelector("[aria-pressed=true]")?.focus();
      });
      return button;
    });
    this.groups.replaceChildren(...buttons);
  }
}

function element(name, text) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  return made;
}

function marks(name, text, terms) {
  const made = element(name);
  made.append(...highlight(text, terms).map(([piece, is]) => (is ? element("mark", piece) : piece)));
  return made;
}

function link(text, href, terms) {
  const made = marks("a", text, terms);
  made.href = href;
  return made;
}

function result({ title, href, description, headings, texts, names }, { heading, group }, groups, terms, also) {
  const made = element("li");
  const group_title = element("span", groups[group][0]);
  group_title.className = "search-group";
  made.append(link(title, href, terms), " ", group_title);
  // The other name by which it was found.
  const name = names.find((name) => words(name).every((word) => terms.has(word) || terms.has(stem(word)))) ?? names.find((name) => highlight(name, terms).some(([, is]) => is));
  if (name) made.append(marks("p", `${also}: ${name}`, terms));
  const shown = heading === 0 ? [description, texts[0]] : [texts[heading], description];
  const text = shown.map((text) => excerpt(text ?? "", terms)).find(Boolean) ?? (description || texts[heading]?.slice(0, EXCERPT));
  if (text) made.append(marks("p", text, terms));
  const [words_of, anchor] = headings[heading - 1] ?? [];
  if (words_of) {
    const place = element("p");
    place.className = "search-place";
    place.append(link(words_of, `${href}#${encodeURIComponent(anchor)}`, terms));
    made.append(place);
  }
  return made;
}

for (const form of globalThis.document?.querySelectorAll("form[data-index]") ?? []) {
  if (form.closest("header")) new Header(form);
  else new Page(form);
}

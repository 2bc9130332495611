// Finds pages in the site's index, of which only the pieces that a search needs are fetched, and shows what is found while the
// reader types: on the search page, and below the field in the header, where theme.js loads it once the field is entered.
// Without it the field leads to the search page, which says what to do instead.
// How the index is made, and its format: docs/search.md.

const IMPACTS = 32;
// How much a match counts that is not the whole word as typed.
const BEGINNING = 0.6;
const CORRECTED = 0.4;
const MOST_BEGINNINGS = 24;
const MOST_PIECES = 2;
// Results whose records are looked at to rank them.
const FIRST = 5;
const IDEOGRAPH = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const RUNS = new RegExp(`[${IDEOGRAPH}]+|(?:(?![${IDEOGRAPH}])[\\p{L}\\p{N}])+`, "gu");
const IS_IDEOGRAPH = new RegExp(`^[${IDEOGRAPH}]`, "u");
// In a text as it is written: one ideograph, or a word with its accents.
const WRITTEN = new RegExp(`[${IDEOGRAPH}]|(?:(?![${IDEOGRAPH}])[\\p{L}\\p{N}\\p{M}])+`, "gu");

/** The words of a text, as the index has them: "Œdème, CO₂" gives ["œdeme", "co2"]. */
export function words(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ς/g, "σ");
  return (plain.match(RUNS) ?? []).flatMap((run) => (IS_IDEOGRAPH.test(run) ? pairs([...run]) : run === "s" ? [] : [run]));
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

/** The index of a site. `load` fetches and parses a file by its path from the root's folder. */
export class Index {
  #load;
  #files = new Map();

  constructor(load) {
    this.#load = load;
  }

  // Every file is fetched once; one that failed is tried again.
  #file(path) {
    if (!this.#files.has(path)) {
      const file = Promise.resolve(this.#load(path));
      this.#files.set(path, file);
      file.catch(() => this.#files.delete(path));
    }
    return this.#files.get(path);
  }

  root() {
    return this.#file("search-index.json");
  }

  #piece(name) {
    return this.#file(`search-index/${name}.json`);
  }

  /** What is shown of an item: title, href, description, headings [[text, anchor]], texts. */
  async record(item) {
    const { records } = await this.root();
    const at = records.findLastIndex(([first]) => first <= item);
    const [title, href, description, flat, texts] = (await this.#piece(records[at][1]))[item - records[at][0]];
    const headings = flat.flatMap((text, at) => (at % 2 ? [] : [[text, flat[at + 1] || anchorOf(text)]]));
    return { title, href, description, headings, texts };
  }

  // The terms from `first` on that begin so, with the items that hold them.
  async #beginning(start) {
    const { terms } = await this.root();
    const from = Math.max(0, terms.findLastIndex(([first]) => first <= start));
    const pieces = terms.slice(from, from + MOST_PIECES).filter(([first], at) => at === 0 || first.startsWith(start));
    const loaded = await Promise.all(pieces.map(([, name]) => this.#piece(name)));
    const found = loaded.flatMap((piece) => Object.entries(piece).filter(([term]) => term.startsWith(start)));
    return found.sort(([, a], [, b]) => b[0] - a[0]).slice(0, MOST_BEGINNINGS);
  }

  async #exact(term) {
    const { terms } = await this.root();
    const at = terms.findLastIndex(([first]) => first <= term);
    const piece = at < 0 ? {} : await this.#piece(terms[at][1]);
    return Object.hasOwn(piece, term) ? [[term, piece[term]]] : [];
  }

  async #vocabulary() {
    const file = await this.#piece((await this.root()).words);
    if (!file.known) {
      let before = "";
      file.known = file[0].split(" ").filter(Boolean).map((coded) => {
        before = [...before].slice(0, parseInt(coded[0], 36)).join("") + coded.slice(2);
        return { word: before, common: Number(coded[1]) };
      });
    }
    return file.known;
  }

  /** The words most like one that is not in the index, best first. */
  async #corrections(word, isTyped) {
    const most = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
    if (most === 0) return [];
    const near = [];
    for (const known of await this.#vocabulary()) {
      let wrong = distance(word, known.word, most);
      // What is being typed may be the beginning of a longer word.
      if (isTyped && wrong === Infinity && known.word.length > word.length) {
        wrong = distance(word, known.word.slice(0, word.length), 1) + 0.5;
      }
      if (wrong < Infinity) near.push({ ...known, wrong: wrong + (known.word[0] === word[0] ? 0 : 0.25) });
    }
    near.sort((a, b) => a.wrong - b.wrong || b.common - a.common || (a.word < b.word ? -1 : 1));
    return near.filter(({ wrong }) => wrong < near[0].wrong + 0.5).slice(0, 2).map(({ word }) => word);
  }

  // The terms that a word means: [term, items, weight]; and the word it was corrected to.
  async #matches(word, isTyped) {
    const stemmed = (await this.root()).stems === "en" ? stem : (word) => word;
    const weighted = (terms, weight) => terms.map(([term, items]) => [term, items, weight]);
    // "bleedin" is on its way to "bleeding".
    const forms = new Set([word, ...(isTyped ? ["d", "g", "ng"] : []).map((rest) => word + rest)].map(stemmed));
    const exact = (await Promise.all([...forms].map((form) => this.#exact(form)))).flat();
    const found = weighted(exact, 1);
    if (isTyped || exact.length === 0) {
      const more = (await this.#beginning(word)).filter(([term]) => !forms.has(term));
      found.push(...weighted(more, BEGINNING));
    }
    if (found.length > 0) return { found };
    const corrections = await this.#corrections(word, isTyped);
    const terms = await Promise.all(corrections.map((other) => this.#exact(stemmed(other))));
    return { found: weighted(terms.flat(), CORRECTED), corrected: corrections[0] };
  }

  /**
   * Searches. `isTyped`: the last word may be incomplete. Gives the items, best first, as { item, score, heading, group };
   * the number of items by group; the terms to mark; and a correction of the whole query, if a word had to be corrected.
   */
  async search(text, isTyped = false) {
    const { items: all, groups } = await this.root();
    const query = [...new Set(words(text))];
    const last = isTyped && !/\s$/.test(text) ? words(text).at(-1) : undefined;
    const matches = await Promise.all(query.map((word) => this.#matches(word, word === last)));
    const scores = new Map();
    let whole = 0;
    for (const { found } of matches) {
      const best = new Map();
      let rarity = 0;
      for (const [, [count, ...postings], weight] of found) {
        const rare = Math.log(1 + all / count);
        rarity = Math.max(rarity, rare * weight);
        for (let at = 0, item = 0; at < postings.length; at += 2) {
          item += postings[at];
          const score = rare * weight * ((postings[at + 1] % IMPACTS) / IMPACTS);
          const place = Math.floor(postings[at + 1] / IMPACTS);
          const sum = best.get(item) ?? { score: 0, places: new Map() };
          sum.score = Math.max(sum.score, score);
          // What a heading says itself leads to it rather than what stands below it.
          sum.places.set(place >> 1, Math.max(sum.places.get(place >> 1) ?? 0, rare * weight * (place % 2 ? 1 : 0.1)));
          best.set(item, sum);
        }
      }
      // A word that is nowhere cannot be missing from one item more than from another.
      whole += rarity;
      for (const [item, { score, places }] of best) {
        const sum = scores.get(item) ?? { item, score: 0, held: 0, headings: new Map() };
        sum.score += score;
        sum.held += rarity;
        for (const [heading, points] of places) sum.headings.set(heading, (sum.headings.get(heading) ?? 0) + points);
        scores.set(item, sum);
      }
    }
    const hits = [...scores.values()].map((sum) => hit(sum, whole, groups));
    const least = Math.max(0, ...hits.map(({ held }) => held)) / 2;
    const kept = hits.filter(({ held }) => held >= least).sort((a, b) => b.score - a.score || a.item - b.item);
    const counts = groups.map((_, group) => kept.filter((hit) => hit.group === group).length);
    return { hits: await this.#titled(kept, query), counts, terms: marked(matches), correction: correction(query, matches) };
  }

  // Whose whole title is the query comes first.
  async #titled(hits, query) {
    const sought = query.join(" ");
    const first = await Promise.all(hits.slice(0, FIRST).map(async (hit) => {
      const title = words((await this.record(hit.item)).title).join(" ");
      return { ...hit, score: hit.score * (title === sought ? 2 : title.startsWith(sought) ? 1.2 : 1) };
    }));
    return [...first.sort((a, b) => b.score - a.score || a.item - b.item), ...hits.slice(FIRST)];
  }
}

const anchorOf = (heading) => (heading.match(/[a-z0-9]+/gi) ?? []).join("-").toLowerCase();

function hit({ item, score, held, headings }, whole, groups) {
  let [group, left] = [0, item];
  while (left >= groups[group][1]) left -= groups[group++][1];
  const [heading, said] = [...headings].reduce((a, b) => (b[1] > a[1] ? b : a));
  // A heading that says all of it is as good as a title.
  return { item, group, heading, held, score: score * (held / whole) ** 2 * (1 + 1.5 * (said / whole) ** 2) };
}

const marked = (matches) => new Set(matches.flatMap(({ found }) => found.map(([term]) => term)));

function correction(query, matches) {
  if (!matches.some(({ corrected }) => corrected)) return undefined;
  return query.map((word, at) => matches[at].corrected ?? word).join(" ");
}

/** A text cut into [piece, whether it is one of the terms]. */
export function highlight(text, terms) {
  const is = (word) => words(word).some((part) => terms.has(part) || terms.has(stem(part)) || (IS_IDEOGRAPH.test(part) && [...terms].some((term) => term.includes(part))));
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

/** A field, and a place with a status and a list that shows what is found for it. */
class Finder {
  #turn = 0;
  shown = SHOWN;
  group = undefined;

  constructor(form, place) {
    this.form = form;
    this.labels = form.dataset;
    this.input = form.elements.namedItem("q");
    this.place = place;
    this.status = place.querySelector("[role=status]");
    this.list = place.querySelector("ol");
    const base = new URL(form.dataset.index, location.href);
    this.index = new Index(async (path) => {
      const response = await fetch(new URL(path, base));
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
    this.group = undefined;
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
      const found = await this.index.search(text, isTyped);
      const hits = found.hits.filter(({ group }) => this.group === undefined || group === this.group);
      const records = await Promise.all(hits.slice(0, this.shown).map(({ item }) => this.index.record(item)));
      const { groups } = await this.index.root();
      if (turn !== this.#turn) return;
      clearTimeout(waiting);
      this.#tell(text.trim(), hits.length, found.correction);
      this.list.replaceChildren(...records.map((record, at) => result(record, hits[at], groups, found.terms)));
      this.shows(hits.length, groups, found.counts);
    } catch {
      if (turn === this.#turn) this.clear(this.labels.failed);
    } finally {
      clearTimeout(waiting);
    }
  }

  /** Empties the place but for a word to the reader. */
  clear(text) {
    this.status.textContent = text;
    this.list.replaceChildren();
    this.shows(0, [], []);
  }

  #tell(query, count, correction) {
    const { none, one, found, meant } = this.labels;
    const text = count === 0 ? none : count === 1 ? one : found;
    this.status.textContent = text.replace("{count}", count).replace("{query}", () => query);
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
  status.setAttribute("role", "status");
  const all = element("a", more);
  all.className = "search-more";
  made.append(status, element("ol"), all);
  return made;
}

/** The search page, whose address tells what was sought. */
class Page extends Finder {
  constructor(form) {
    super(form, document.querySelector(".results"));
    [this.hint, this.groups, this.more] = [".search-hint", ".search-groups", ".search-more"].map((part) => this.place.querySelector(part));
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
    this.#remember(isTyped);
    return super.ask(isTyped);
  }

  // Typing changes the address, Enter leaves one to come back to.
  #remember(isTyped) {
    const url = new URL(location.href);
    const text = this.input.value.trim();
    if (text) url.searchParams.set("q", text);
    else url.searchParams.delete("q");
    if (!isTyped && url.href !== history.state?.asked) history.pushState({ asked: url.href }, "", url);
    else history.replaceState(history.state, "", url);
  }

  #recall() {
    this.input.value = new URL(location.href).searchParams.get("q") ?? "";
    super.ask(false);
  }

  shows(count, groups, counts) {
    this.hint.hidden = words(this.input.value).length > 0;
    this.more.hidden = count <= this.shown;
    this.#filter(groups, counts);
  }

  // Buttons that keep to one group, with the number of its results.
  #filter(groups, counts) {
    const held = counts.flatMap((count, group) => (count > 0 ? [[groups[group][0], count, group]] : []));
    const all = [this.labels.all, counts.reduce((a, b) => a + b, 0), undefined];
    const buttons = (held.length > 1 ? [all, ...held] : []).map(([title, count, group]) => {
      const button = element("button", title);
      button.type = "button";
      button.append(" ", element("span", count));
      button.setAttribute("aria-pressed", group === this.group);
      button.addEventListener("click", async () => {
        this.group = group;
        this.shown = SHOWN;
        await this.show(false);
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

function result({ title, href, description, headings, texts }, { heading, group }, groups, terms) {
  const made = element("li");
  const group_title = element("span", groups[group][0]);
  group_title.className = "search-group";
  made.append(link(title, href, terms), group_title);
  const text = excerpt(texts[heading] ?? "", terms) ?? (description || texts[heading]?.slice(0, EXCERPT));
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

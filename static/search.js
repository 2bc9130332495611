// Searches the site's index in the reader's browser. Without it, the form still leads here and the page says so.
(() => {
  "use strict";

  const SHOWN = 50;
  const HEADINGS_SHOWN = 3;
  const WEIGHTS = { title: 8, keywords: 4, headings: 2, description: 1 };
  // A whole word counts more than a beginning, but never lifts a match into the next better place.
  const WHOLE_WORD = 1.5;

  const form = document.querySelector("form[data-search]");
  const input = form?.elements.namedItem("q");
  const status = document.querySelector(".results [role=status]");
  const list = document.querySelector(".results ol");
  if (!form?.dataset.index || !input || !status || !list) return;

  // Words without case and accents: "Œdème, CO2" gives ["œdeme", "co2"].
  const words = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

  let loading;
  const load = () => {
    loading ??= fetch(form.dataset.index)
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
      .then((entries) => entries.map(prepare));
    loading.catch(() => (loading = undefined));
    return loading;
  };

  const prepare = (entry) => {
    const headings = (entry.headings ?? []).map(([text, id]) => ({ text, id, words: words(text) }));
    return {
      entry,
      headings,
      title: words(entry.title),
      keywords: words(entry.keywords ?? ""),
      description: words(entry.description ?? ""),
    };
  };

  // How well a word is found among others: as a whole word, as a beginning (1) or not at all (0).
  const match = (among, word) => {
    let best = 0;
    for (const other of among) {
      if (other === word) return WHOLE_WORD;
      if (other.startsWith(word)) best = 1;
    }
    return best;
  };

  // The best place of each word counts; a page that lacks one word is none.
  const score = (page, query) => {
    let total = 0;
    for (const word of query) {
      const best = Math.max(
        match(page.title, word) * WEIGHTS.title,
        match(page.keywords, word) * WEIGHTS.keywords,
        Math.max(0, ...page.headings.map((heading) => match(heading.words, word))) * WEIGHTS.headings,
        match(page.description, word) * WEIGHTS.description,
      );
      if (best === 0) return 0;
      total += best;
    }
    return page.title.join(" ").startsWith(query.join(" ")) ? total + WEIGHTS.title : total;
  };

  // The headings that hold most of the words.
  const bestHeadings = (page, query) => {
    const counts = page.headings.map((heading) => query.filter((word) => match(heading.words, word) > 0).length);
    const most = Math.max(0, ...counts);
    return page.headings.filter((_, index) => most > 0 && counts[index] === most).slice(0, HEADINGS_SHOWN);
  };

  const link = (text, href) => {
    const element = document.createElement("a");
    element.textContent = text;
    element.href = href;
    return element;
  };

  const item = (page, query) => {
    const { title, href, description } = page.entry;
    const element = document.createElement("li");
    element.append(link(title, href));
    if (description) {
      const text = document.createElement("p");
      text.textContent = description;
      element.append(text);
    }
    const hits = bestHeadings(page, query);
    if (hits.length > 0) {
      const places = document.createElement("ul");
      for (const { text, id } of hits) {
        const place = document.createElement("li");
        place.append(link(text, `${href}#${encodeURIComponent(id)}`));
        places.append(place);
      }
      element.append(places);
    }
    return element;
  };

  const show = async () => {
    const text = input.value.trim();
    const query = words(text);
    if (query.length === 0) {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    let pages;
    try {
      pages = await load();
    } catch {
      list.replaceChildren();
      status.textContent = form.dataset.failed;
      return;
    }
    // While the index was on its way the reader may have typed on; only the last words count.
    if (text !== input.value.trim()) return;
    const found = pages
      .map((page) => ({ page, points: score(page, query) }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points || a.page.entry.title.localeCompare(b.page.entry.title));
    list.replaceChildren(...found.slice(0, SHOWN).map(({ page }) => item(page, query)));
    status.textContent =
      found.length > 0
        ? `${form.dataset.found}: ${found.length}`
        : form.dataset.none.replace("{query}", () => text);
  };

  const remember = () => {
    const url = new URL(location.href);
    const text = input.value.trim();
    if (text) url.searchParams.set("q", text);
    else url.searchParams.delete("q");
    history.replaceState(null, "", url);
  };

  const recall = () => {
    input.value = new URL(location.href).searchParams.get("q") ?? "";
    show();
  };

  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      remember();
      show();
    }, 200);
  });
  input.addEventListener("focus", () => load().catch(() => {}), { once: true });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    remember();
    show();
  });
  addEventListener("popstate", recall);
  recall();
})();

// The table of the newsroom: sorts, finds and narrows all rows, and writes out a hundred at a time. Every text is set as text.
"use strict";
(() => {
  const table = document.getElementById("rows");
  if (!table) return;
  const [TITLE, HREF, PATH, STATE, OPENS, REVIEW, DUE, GRADE, WORDS, LINKED, FINDINGS, ORPHAN, EDIT] = Array(13).keys();
  const rows = JSON.parse(document.getElementById("data").textContent);
  const controls = document.querySelector(".controls");
  const status = document.querySelector(".count");
  const more = document.querySelector(".more");
  const body = table.tBodies[0];
  const step = 100;
  const columns = [TITLE, STATE, DUE, GRADE, WORDS, LINKED, FINDINGS];
  const views = {
    all: () => true,
    overdue: (row) => row[REVIEW] === "overdue", soon: (row) => row[REVIEW] === "soon",
    missing: (row) => row[REVIEW] === "missing", orphan: (row) => row[ORPHAN] === 1,
    findings: (row) => row[FINDINGS] > 0, hard: (row) => row[GRADE] > 10,
  };
  const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const found = rows.map((row) => `${row[TITLE]} ${row[PATH]}`.toLowerCase());
  let order = rows.map((_, index) => index), shown = [], written = 0;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const link = (href, text) => element("a", { href }, element("bdi", {}, text));
  const write = (row) => {
    const head = element("th", { scope: "row" }, row[HREF] ? link(row[HREF], row[TITLE]) : element("bdi", {}, row[TITLE]), " ",
      element("small", {}, link(row[EDIT], row[PATH])));
    const state = element("td", {}, element("span", { className: `chip ${row[STATE]}` }, row[STATE]));
    if (row[OPENS]) state.append(` from ${row[OPENS]}`);
    const numbers = [row[GRADE] === null ? "" : row[GRADE].toFixed(1), row[WORDS], row[LINKED], row[FINDINGS]]
      .map((number) => element("td", { className: "number" }, String(number)));
    return element("tr", {}, head, state, element("td", { className: row[REVIEW] }, row[DUE]), ...numbers);
  };
  const next = () => {
    const part = shown.slice(written, written + step);
    body.append(...part.map((index) => write(rows[index])));
    written += part.length;
    more.hidden = written >= shown.length;
    status.textContent = `${written} of ${shown.length}`;
  };
  const narrow = () => {
    const text = controls.elements.find.value.trim().toLowerCase();
    const view = controls.elements.view.value;
    const fits = views[view] ?? ((row) => row[STATE] === view);
    shown = order.filter((index) => fits(rows[index]) && found[index].includes(text));
    body.replaceChildren();
    written = 0;
    next();
  };
  // What has no value stands last, whichever way the others go.
  const compare = (column, way) => (a, b) => {
    const [x, y] = [rows[a][column], rows[b][column]];
    const none = (x === null || x === "") - (y === null || y === "");
    return none || way * (typeof x === "number" ? x - y : words.compare(x ?? "", y ?? "")) || a - b;
  };
  const heads = [...table.tHead.rows[0].cells];
  const sort = (place) => {
    const descending = heads[place].getAttribute("aria-sort") === "ascending";
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[place].setAttribute("aria-sort", descending ? "descending" : "ascending");
    order.sort(compare(columns[place], descending ? -1 : 1));
    narrow();
  };
  heads.forEach((head, place) => {
    const button = element("button", { type: "button" }, ...head.childNodes);
    button.addEventListener("click", () => sort(place));
    head.append(button);
  });
  controls.hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", narrow);
  more.addEventListener("click", () => {
    const first = written;
    next();
    body.rows[first]?.querySelector("a")?.focus();
  });
  narrow();
})();

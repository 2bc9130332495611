// What a page can do better with a script: questions that a link opens, definitions shown where a term stands, the section that
// is being read marked in the contents, and results below the search field.
// Every page is whole without it.

/** Opens the question that the address names; the style sheet has shown its answer already. */
const openNamed = () => {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const question = named && named.closest("details");
  if (question) question.open = true;
};

/** Shows the definition of a glossary term beside it, as long as pointer or focus is there (WCAG 2.2, 1.4.13). */
const definitions = () => {
  const box = document.createElement("div");
  Object.assign(box, { id: "definition", className: "definition", role: "tooltip", hidden: true });
  let term, leaving;

  const hide = () => {
    clearTimeout(leaving);
    term?.removeAttribute("aria-describedby");
    term = undefined;
    box.hidden = true;
  };
  const hideSoon = () => (leaving = setTimeout(hide, 200));
  const show = (link) => {
    clearTimeout(leaving);
    if (link === term) return;
    hide();
    term = link;
    // The browser would show the title as well.
    link.dataset.definition ??= link.title;
    link.removeAttribute("title");
    box.textContent = link.dataset.definition;
    link.setAttribute("aria-describedby", box.id);
    box.hidden = false;
    const [line] = link.getClientRects();
    const room = document.documentElement.clientWidth - box.offsetWidth - 8;
    const below = line.bottom + box.offsetHeight + 12 < innerHeight;
    box.style.left = `${scrollX + Math.max(8, Math.min(line.left, room))}px`;
    box.style.top = `${scrollY + (below ? line.bottom + 6 : line.top - box.offsetHeight - 6)}px`;
  };
  const termAt = (event) => event.target.closest?.("a.term[title], a.term[data-definition]");

  document.body.append(box);
  document.addEventListener("pointerover", (event) => {
    const link = event.pointerType === "mouse" && termAt(event);
    if (link) show(link);
    else if (event.target === box) clearTimeout(leaving);
  });
  document.addEventListener("pointerout", (event) => (termAt(event) || event.target === box) && hideSoon());
  document.addEventListener("focusin", (event) => (termAt(event) ? show(termAt(event)) : hide()));
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
};

/** Closes the open menu of a phone, and gives the focus back to what opens it. */
const menu = (details) =>
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector("summary").focus();
  });

// How much of the window is its top.
const TOP = 0.25;

/** Marks in the contents the section that is being read: the last one whose beginning has reached the top of the
 * window. A folded question is none: its heading is there, but nobody reads it. */
const follow = (contents) => {
  const links = new Map();
  for (const link of contents.querySelectorAll("a")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  let marked;
  const mark = () => {
    const begun = [...links.keys()].filter(
      (section) => section.getBoundingClientRect().top < innerHeight * TOP && !section.closest("details:not([open])"),
    );
    const link = links.get(begun.at(-1));
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    marked = link;
    // Contents longer than the window go along.
    if (link && contents.scrollHeight > contents.clientHeight) contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
  };
  // A window that jumps past a section has it far above: that is within the margin too.
  const watcher = new IntersectionObserver(mark, { rootMargin: `1000000px 0px -${100 - 100 * TOP}% 0px` });
  for (const section of links.keys()) watcher.observe(section);
};

/** Loads the search when the reader enters the field in the header, and not before. */
const search = (form) => {
  const load = () => {
    const { script: src, integrity } = form.dataset;
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src, integrity }));
  };
  if (form.contains(document.activeElement)) load();
  else form.addEventListener("focusin", load, { once: true });
};

openNamed();
addEventListener("hashchange", openNamed);
if (document.querySelector("a.term[title]")) definitions();
document.querySelectorAll("nav.contents").forEach(follow);
document.querySelectorAll(".menu details").forEach(menu);
document.querySelectorAll("form[data-script]").forEach(search);

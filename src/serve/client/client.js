// Follows the editions of a preview: new styles without a reload, new text with the scroll position kept.
// The server adds it to a response; it is in no published file.
(() => {
  "use strict";

  const own = document.querySelector("script[data-galen]");
  const PLACE = `galen-scroll ${location.pathname}`;
  // What this page is: the numbers of a page that is shown, and of the newest one, need not be the same.
  let { number, shown, unstyled } = own.dataset;
  let run;

  const scrolled = sessionStorage.getItem(PLACE);
  if (scrolled !== null) {
    sessionStorage.removeItem(PLACE);
    addEventListener("load", () => scrollTo(0, Number(scrolled)));
  }

  const reload = () => {
    sessionStorage.setItem(PLACE, String(scrollY));
    location.reload();
  };

  /** Exchanges the style sheets; an old one goes when the new one is there. */
  const restyle = (page) => {
    const old = [...document.head.querySelectorAll("link[rel=stylesheet]")];
    const fresh = [...page.head.querySelectorAll("link[rel=stylesheet]")].map((link) => document.importNode(link));
    let waiting = fresh.length;
    const arrived = () => --waiting === 0 && old.forEach((link) => link.remove());
    for (const link of fresh) {
      link.addEventListener("load", arrived);
      link.addEventListener("error", arrived);
    }
    document.head.append(...fresh);
    if (waiting === 0) old.forEach((link) => link.remove());
  };

  let asking = false;
  let again = false;
  /** Looks whether the page is another one by now, and once more if it was asked to meanwhile. */
  const look = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const response = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.querySelector("script[data-galen]")?.dataset;
      if (!next) return reload();
      if (next.unstyled !== unstyled) return reload();
      if (next.shown !== shown) restyle(page);
      ({ number, shown, unstyled } = next);
    } catch {
      // The preview is not there now; its next event comes when it is.
    } finally {
      asking = false;
      if (again) {
        again = false;
        look();
      }
    }
  };

  /** An edition was told of, by the server or by another tab. */
  const told = (text) => {
    const [itsRun, itsNumber] = text.split(" ");
    const isNew = (run !== undefined && run !== itsRun) || itsNumber !== number;
    run = itsRun;
    number = itsNumber;
    if (isNew) look();
  };

  // A browser keeps few connections to one host, so one tab listens for all.
  const channel = new BroadcastChannel("galen");
  let newest;
  channel.addEventListener("message", (event) => {
    if (event.data) told(event.data);
    else if (newest) channel.postMessage(newest);
  });
  // A page that has just come asks what it missed on its way.
  channel.postMessage("");
  const listen = () =>
    new Promise(() => {
      const source = new EventSource("/_galen/events");
      source.addEventListener("message", (event) => {
        newest = event.data;
        channel.postMessage(newest);
        told(newest);
      });
    });
  if (navigator.locks) navigator.locks.request("galen", listen);
  else listen();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());

  // Findings that were folded stay folded until there are others.
  const details = document.querySelector("galen-findings")?.shadowRoot?.querySelector("details");
  if (details) {
    const text = details.textContent;
    if (sessionStorage.getItem("galen-folded") === text) details.open = false;
    details.addEventListener("toggle", () =>
      details.open ? sessionStorage.removeItem("galen-folded") : sessionStorage.setItem("galen-folded", text),
    );
  }
})();

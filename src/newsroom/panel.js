// The editor's panel: hides and shows it, and remembers which. Without this script it is simply there.
"use strict";
(() => {
  const key = "galen-panel";
  const recall = (name) => { try { return localStorage.getItem(`${key}-${name}`); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(`${key}-${name}`, value); } catch { /* private windows */ } };
  for (const host of document.querySelectorAll("galen-panel")) {
    const template = host.querySelector(":scope > template");
    if (!host.shadowRoot && template) {
      // A browser without declarative shadow roots, or markup that came in by a script.
      host.attachShadow({ mode: "open" }).append(template.content);
      template.remove();
    }
    const root = host.shadowRoot;
    if (!root) continue;
    const panel = root.querySelector(".panel");
    const details = root.querySelector("details");
    const close = root.querySelector(".close");
    const open = root.querySelector(".open");
    // What has the focus must not end up behind the bar.
    const page = document.documentElement;
    const make_room = () => { page.style.scrollPaddingBottom = panel.hidden ? "" : `${panel.offsetHeight}px`; };
    const show = (shown) => {
      panel.hidden = !shown;
      open.hidden = shown;
      make_room();
    };
    close.hidden = false;
    details.open = recall("unfolded") === "yes";
    show(recall("hidden") !== "yes");
    details.addEventListener("toggle", () => { keep("unfolded", details.open ? "yes" : "no"); make_room(); });
    close.addEventListener("click", () => { keep("hidden", "yes"); show(false); open.focus(); });
    open.addEventListener("click", () => { keep("hidden", "no"); show(true); details.querySelector("summary").focus(); });
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
  }
})();

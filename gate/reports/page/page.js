"use strict";
// Without this script the page shows everything; with it findings can be searched, filtered and linked to.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const findings = all(".finding");
  const tools = one("tools");

  // -- links: whatever a fragment names is opened, with all that holds it
  const reveal = () => {
    const target = one(location.hash.slice(1));
    if (!target) return;
    if (target.closest(".finding") && target.closest("[hidden]")) reset();
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView({ block: "start" });
    if (target.tagName === "DETAILS") target.querySelector("summary").focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) setTimeout(reveal);
  });
  window.addEventListener("beforeprint", () => all(".finding, .scenario, .fact").forEach((node) => { node.open = true; }));

  // -- commands and YAML are copied with a button, which a page without a script could not serve
  all(".copy").forEach((button) => {
    const words = button.textContent;
    const said = (text) => { button.textContent = text; setTimeout(() => { button.textContent = words; }, 1500); };
    button.hidden = false;
    button.addEventListener("click", () => {
      const pre = button.previousElementSibling;
      const marked = () => { getSelection().selectAllChildren(pre); said("Selected"); };
      // a page that is opened as a file may have no clipboard in some browsers
      if (navigator.clipboard) navigator.clipboard.writeText(pre.textContent).then(() => said("Copied"), marked);
      else marked();
    });
  });

  // -- the matrix: scenarios without a finding are a long list
  const more = one("more");
  if (more) {
    const words = more.textContent;
    const fold = (open) => {
      one("clean").hidden = !open;
      more.setAttribute("aria-expanded", String(open));
      more.textContent = `${open ? "Hide" : "Show"} ${words}`;
    };
    more.addEventListener("click", () => fold(one("clean").hidden));
    more.hidden = false;
    fold(false);
  }

  // -- search and filters
  const own = (node) => [...node.querySelectorAll(":scope > summary, :scope > .inside > :not(.also)")];
  const texts = new Map();
  const text = (node) => {
    if (!texts.has(node)) {
      const cause = node.parentElement.closest(".finding");
      const about = cause ? cause.querySelector("summary").textContent : "";
      texts.set(node, [about, node.id, ...own(node).map((part) => part.textContent)].join(" ").toLowerCase());
    }
    return texts.get(node);
  };
  const pressed = () => new Set(all(".words [aria-pressed=true]").map((button) => button.dataset.word));
  const filter = () => {
    const terms = one("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const words = pressed();
    const area = one("area").value;
    const fits = (node) =>
      (!words.size || words.has(node.dataset.word)) &&
      (!area || node.dataset.area === area) &&
      terms.every((term) => text(node).includes(term));
    let count = 0;
    // from the end, so that what lies inside a cause is known before the cause
    const inner = new Set();
    for (let at = findings.length - 1; at >= 0; at -= 1) {
      const node = findings[at];
      const fit = fits(node);
      if (fit) count += 1;
      node.hidden = !(fit || inner.has(node));
      const cause = node.parentElement.closest(".finding");
      if (cause && !node.hidden) inner.add(cause);
    }
    all(".group").forEach((group) => { group.hidden = !group.querySelector(":scope > .finding:not([hidden])"); });
    one("none").hidden = count > 0;
    one("shown").value = count === findings.length ? "" : `${count} of ${findings.length}`;
  };
  const reset = () => {
    one("q").value = "";
    one("area").value = "";
    all(".words button").forEach((button) => button.setAttribute("aria-pressed", "false"));
    filter();
  };
  if (tools) {
    tools.hidden = false;
    let waiting = 0;
    one("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
    one("area").addEventListener("change", filter);
    one("reset").addEventListener("click", reset);
    tools.addEventListener("submit", (event) => event.preventDefault());
    all(".words button").forEach((button) => button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    }));
    one("unfold").addEventListener("click", () => {
      const open = one("unfold").getAttribute("aria-expanded") !== "true";
      findings.forEach((node) => { if (!node.hidden) node.open = open; });
      one("unfold").setAttribute("aria-expanded", String(open));
      one("unfold").textContent = open ? "Close all" : "Open all";
    });
    document.addEventListener("keydown", (event) => {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        one("q").focus();
      } else if (event.key === "Escape" && document.activeElement === one("q")) {
        reset();
      }
    });
  }
  // the browser's own jump to a fragment comes first, and takes the focus away
  window.addEventListener("load", () => setTimeout(reveal));
})();

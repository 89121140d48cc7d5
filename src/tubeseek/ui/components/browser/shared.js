// Stands before each component's own script. What it holds is installed once in a document, by
// whichever component comes first: links without reloading, kept scroll positions, the life cycle.
const app = (window.tubeseek ??= (() => {
  const RESTORING_MS = 15000; // a page that is not long enough by then has become shorter
  const QUIET_MS = 700;
  const scroller = () => document.querySelector('[data-testid="stMain"]'); // not the window
  const entry = () => window.navigation?.currentEntry?.key ?? location.href;
  const slot = (key) => `tubeseek scroll ${key}`;
  const loaded = performance.getEntriesByType("navigation")[0]?.type;
  const state = { isReturn: loaded !== "navigate", entry: null, restoring: null };

  // Leads to an address of the app without loading the document anew: Streamlit answers a
  // popstate event with one run of its script for the address of the moment.
  function go(href) {
    const address = new URL(href, document.baseURI).href;
    history[address === location.href ? "replaceState" : "pushState"]({}, "", address);
    Object.assign(state, { isReturn: false, entry: null });
    dispatchEvent(new PopStateEvent("popstate"));
  }

  addEventListener("popstate", (event) => {
    if (event.isTrusted) Object.assign(state, { isReturn: true, entry: null });
  });

  // One listener for all links, also those in shadow roots. Those with a target, to other sites or
  // clicked with a modifier stay the browser's.
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node.localName === "a" && node.href);
    const isModified = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || isModified || event.defaultPrevented || link.target) return;
    const isPage = link.origin === location.origin && link.pathname === new URL(document.baseURI).pathname;
    if (!isPage || link.hasAttribute("download")) return;
    event.preventDefault();
    go(link.href);
  });

  document.addEventListener("scroll", () => {
    if (state.entry === entry() && !state.restoring) sessionStorage.setItem(slot(state.entry), scroller().scrollTop);
  }, { capture: true, passive: true });

  function restore(top) {
    const end = performance.now() + RESTORING_MS;
    const turn = (state.restoring = {});
    const stop = () => {
      if (state.restoring === turn) state.restoring = null;
      ["wheel", "touchstart", "keydown", "pointerdown"].forEach((name) => removeEventListener(name, stop));
    };
    ["wheel", "touchstart", "keydown", "pointerdown"].forEach((name) => addEventListener(name, stop, { passive: true }));
    // The page before may still stand there, and be long enough: so the place is kept until the
    // script of the new one has ended and nothing has moved for a while.
    let since = null;
    const step = () => {
      if (state.restoring !== turn) return;
      const [main, now] = [scroller(), performance.now()];
      if (main && Math.abs(main.scrollTop - top) >= 2) {
        main.scrollTop = top;
        since = null;
      } else since ??= now;
      const isRunning = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState !== "notRunning";
      if (isRunning) since = null;
      if ((since !== null && now - since > QUIET_MS) || now > end) stop();
      else requestAnimationFrame(step);
    };
    step();
  }

  return {
    go,
    scroller,
    entry,
    // The header calls it when the page of a new address begins to be drawn.
    arrive(isOtherPage) {
      if (state.entry === entry()) return;
      state.entry = entry();
      state.restoring = null;
      const top = Number(sessionStorage.getItem(slot(state.entry)) ?? 0);
      if (state.isReturn) restore(top);
      else if (isOtherPage && scroller()) scroller().scrollTop = 0;
    },
    // The address of something on the server, such as "v1/search", wherever the app is mounted.
    address: (path) => new URL(path, document.baseURI).href,
    isTyping: (event) =>
      Boolean(event.composedPath()[0].matches?.("input:not([type=range], [type=checkbox]), textarea, select, [contenteditable]")),
    // Seconds as a player shows them: 0:07, 12:34, 1:02:03.
    clock(seconds) {
      const [hours, minutes, rest] = [seconds / 3600, (seconds % 3600) / 60, seconds % 60].map(Math.floor);
      const two = (number) => String(number).padStart(2, "0");
      return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
    },
    // Makes an element with properties and children; null children are left out.
    element(name, properties = {}, ...children) {
      const node = Object.assign(document.createElement(name), properties);
      node.append(...children.filter((child) => child != null));
      return node;
    },
    // Makes an icon of one path in a box of 24; it is decoration, the button around it has the name.
    icon(path) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.setAttribute("aria-hidden", "true");
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("d", path);
      svg.append(line);
      return svg;
    },
    // Copies a text; without the clipboard of safe origins by way of a field.
    async copy(text) {
      if (navigator.clipboard) return navigator.clipboard.writeText(text);
      const field = document.body.appendChild(this.element("textarea", { value: text }));
      field.select();
      document.execCommand("copy");
      field.remove();
    },
    // Shows a short message for a while, and reads it out.
    toast(text) {
      const bar = this.element("div", { role: "status" });
      document.body.append(bar);
      Object.assign(bar.style, { position: "fixed", inset: "auto auto 1.5rem 50%", translate: "-50% 0", zIndex: 9999,
        padding: ".625rem 1.125rem", borderRadius: "99px", background: "#1c1c1e", color: "#fff", font: "500 .9rem/1.4 inherit" });
      bar.textContent = text;
      setTimeout(() => bar.remove(), 2500);
    },
    // Begins a call of a component: Streamlit calls it anew for new data or another theme, and only
    // the clean-up that the last call returned runs at the end. So each call returns `stop`.
    // `signal` is undefined where nothing but the theme has changed: then there is nothing to draw.
    // Give it to addEventListener and fetch: it is aborted when the component is drawn anew or ends.
    begin(root, data) {
      const drawn = JSON.stringify(data);
      const turn = (root.turn = {});
      const stop = () => root.turn === turn && root.life.abort();
      if (root.drawn === drawn && !root.life.signal.aborted) return { stop };
      root.life?.abort();
      Object.assign(root, { drawn, life: new AbortController() });
      return { stop, signal: root.life.signal };
    },
  };
})());

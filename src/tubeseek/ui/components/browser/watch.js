const COPIED_MS = 2000;
const ICONS = {
  copy: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 1 0-5.7-5.7l-1.6 1.6M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 1 0 5.7 5.7l1.6-1.6",
  open: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  like: "M8 3h13v13M5 6.5h12.5V19M2 10h12v12H2z",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
};

// Makes nodes of a text of other people: { text, href?, seek?, isMarked? } become text, links and marks.
function textNodes(parts, hrefAt) {
  return parts.map(({ text, href, seek, isMarked }) => {
    if (isMarked) return app.element("mark", { textContent: text });
    if (href) return app.element("a", { href, textContent: text, target: "_blank", rel: "noopener noreferrer nofollow" });
    if (seek === undefined) return document.createTextNode(text);
    const link = app.element("a", { href: hrefAt(seek), textContent: text, className: "seek" });
    link.dataset.seek = seek;
    return link;
  });
}

function showTabs(root, panels, say) {
  const list = root.querySelector(".tabs");
  const tabs = panels.map(({ name, label }) => app.element("button", { type: "button", role: "tab", id: `tab-${name}`, textContent: label }));
  const select = (number) => panels.forEach(({ name }, at) => {
    const panel = root.querySelector(`section.${name}`);
    panel.hidden = at !== number;
    panel.id = `panel-${name}`;
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    Object.assign(tabs[at], { ariaSelected: String(at === number), tabIndex: at === number ? 0 : -1 });
    tabs[at].setAttribute("aria-controls", panel.id);
    if (at === number) panel.dispatchEvent(new Event("shown"));
  });
  tabs.forEach((tab, at) => {
    tab.onclick = () => select(at);
    tab.onkeydown = ({ key }) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[key];
      if (to === undefined) return;
      const next = (to + tabs.length) % tabs.length;
      select(next);
      tabs[next].focus();
    };
  });
  root.querySelectorAll("section").forEach((panel) => (panel.hidden = true));
  list.ariaLabel = say.beside;
  list.replaceChildren(...tabs);
  root.querySelector(".watch").classList.toggle("alone", !panels.length);
  root.querySelector(".aside").hidden = !panels.length;
  if (panels.length) select(0);
}

export default function ({ data, parentElement: root }) {
  const { signal, stop } = app.begin(root, data);
  if (!signal) return stop;
  const { say, moments, chapters, start } = data;
  const find = (name) => root.querySelector(name);
  const [sentence, title, facts, actions, description] = [".sentence", "h1", ".facts", ".actions", ".description"].map(find);

  const tell = (text) => Object.assign(sentence, { textContent: text, hidden: !text });
  const hrefAt = (seconds) => {
    const address = new URL(data.href, document.baseURI);
    if (seconds > 0) address.searchParams.set("t", Number(seconds.toFixed(2)));
    return address.href;
  };
  let player;
  let onTime = () => {};
  const open = (settings, from) => {
    player = PLAYERS[settings.kind](settings, from, {
      signal,
      onTime: (at) => onTime(at),
      onFailure: () => {
        tell(settings.failure);
        if (settings.kind === "file") open({ ...data.still, kind: "still" }, from);
      },
    });
    find(".player").replaceChildren(player.element);
  };
  tell(data.sentence || data.player.sentence);
  open(data.player, start);

  title.textContent = data.title;
  facts.replaceChildren(...data.facts.map((fact) => app.element("span", { textContent: fact })));
  if (data.fit) facts.append(app.element("span", { className: `fit ${data.fit.level}`, textContent: data.fit.label, title: data.fit.help }));

  const replaceAddress = (seconds) => history.replaceState(history.state, "", hrefAt(seconds)); // copying it gives this moment
  const seek = (seconds) => {
    player.seek(seconds);
    onTime(seconds, true);
  };
  const settle = (seconds) => {
    replaceAddress(seconds);
    seek(seconds);
    player.play();
  };

  const strip = heatStrip(root, data, { signal, onSeek: seek, onSettle: settle });

  const rows = (selector, items, inside) => {
    const links = items.map((item) => {
      const link = app.element("a", { href: hrefAt(item.seek) }, ...inside(item));
      link.dataset.seek = item.seek;
      return link;
    });
    find(`${selector} ol`).replaceChildren(...links.map((link) => app.element("li", {}, link)));
    return links;
  };
  const momentLinks = rows(".moments", moments, ({ still, time, kind, words }) => [
    app.element("img", { src: app.address(still), alt: "", loading: "lazy", onerror: ({ target }) => target.classList.add("blank") }),
    app.element("span", {},
      app.element("b", { textContent: time }), app.element("small", { textContent: kind }),
      words.length ? app.element("q", { dir: "auto" }, ...textNodes(words, hrefAt)) : null)]);
  const chapterLinks = rows(".chapters", chapters, ({ time, title: name }) => [
    app.element("span", { className: "time", textContent: time }), app.element("span", { dir: "auto", textContent: name })]);

  const current = (items, at) => items.findLastIndex((item) => item.seek <= at + 0.05);
  const point = (links, number) => links.forEach((link, at) => (link.ariaCurrent = at === number ? "true" : null));
  const [count, previous, next] = find(".moments .head").children;
  const step = (by) => {
    const at = current(moments, player.time()) + by;
    if (moments.length) settle(moments[Math.min(moments.length - 1, Math.max(0, at))].seek);
  };
  [[previous, -1, say.previous, "k", ICONS.previous], [next, 1, say.next, "j", ICONS.next]].forEach(([button, by, label, key, icon]) => {
    Object.assign(button, { ariaLabel: label, title: `${label} (${key})`, onclick: () => step(by) });
    button.setAttribute("aria-keyshortcuts", key);
    button.replaceChildren(app.icon(icon));
  });
  document.addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key];
    if (by && !event.ctrlKey && !event.metaKey && !event.altKey && !app.isTyping(event)) step(by);
  }, { signal });

  let words = { mark() {} };
  if (data.transcript) {
    const holder = player.track ?? app.element("track", { src: app.address(data.transcript) });
    if (!player.track) app.element("video", {}, holder); // never shown: a track loads within a video only
    words = transcript(find(".transcript"), data, holder, { signal, onPick: settle, onReady: () => onTime(player.time(), true) });
    find(".transcript").addEventListener("shown", () => words.mark(player.time(), true), { signal });
  }
  onTime = (at, isJump = false) => {
    strip.mark(at);
    words.mark(at, isJump);
    const moment = current(moments, at);
    point(momentLinks, moment);
    point(chapterLinks, chapters.findIndex((chapter) => chapter.start <= at && at < chapter.end));
    count.textContent = say.moment.replace("{n}", Math.max(0, moment) + 1).replace("{total}", moments.length);
  };
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-seek]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    settle(Number(link.dataset.seek));
  }, { signal });

  const button = (label, icon) => app.element("button", { type: "button" }, app.icon(icon), app.element("span", { textContent: label }));
  const copy = button(say.copy, ICONS.copy);
  copy.onclick = async () => {
    const isCopied = await app.copy(hrefAt(player.time())).then(() => true, () => false);
    const text = copy.querySelector("span");
    text.textContent = isCopied ? say.copied : say.copyFailed;
    setTimeout(() => (text.textContent = say.copy), COPIED_MS);
  };
  const like = app.element("a", { href: data.like }, app.icon(ICONS.like), app.element("span", { textContent: say.like }));
  actions.replaceChildren(copy, like);
  if (data.site) {
    const link = app.element("a", { href: data.site, target: "_blank", rel: "noopener" }, app.icon(ICONS.open), app.element("span", { textContent: say.openOnSite }));
    const follow = () => (link.href = `${data.site}?t=${Math.floor(player.time())}`);
    ["pointerdown", "focus", "contextmenu"].forEach((name) => link.addEventListener(name, follow));
    actions.append(link);
  }

  const [text, more] = description.children;
  description.hidden = !data.description.length;
  text.replaceChildren(...textNodes(data.description, hrefAt));
  const fold = (isFolded) => {
    description.classList.toggle("folded", isFolded);
    more.textContent = isFolded ? say.more : say.less;
    more.ariaExpanded = String(!isFolded);
  };
  fold(true);
  more.hidden = text.scrollHeight <= text.clientHeight + 1;
  more.onclick = () => fold(!description.classList.contains("folded"));

  showTabs(root, [
    moments.length && { name: "moments", label: say.moments },
    data.transcript && { name: "transcript", label: say.transcript },
    chapters.length && { name: "chapters", label: say.chapters },
  ].filter(Boolean), say);
  onTime(start, true);
  root.getRootNode().host.closest(".st-key-ts-watch").dataset.drawn = ""; // what is below may appear now
  return stop;
}

const STEP_MS = 900; // a still is shown for, while a card plays
const WAIT_MS = 8000; // for what stands above
const HOVER_MS = 180; // a pointer that only passes by starts nothing
const WIDTHS = { still: 640, thumbnail: 160 }; // pixels
const LIKE = "M4 8v11a1 1 0 0 0 1 1h11M8 5h12v11H8z";
const LINK = "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2";
const known = new Map(); // the answers of each search: this module lives as long as the document

// Draws the results of one search. `data.search` is the address of the search at the API, whose
// pages are fetched as one scrolls; or `data.hits` are all there is.
export default function ({ data, parentElement: root }) {
  const { signal, stop } = app.begin(root, [app.entry(), data]);
  if (!signal) return stop;
  const find = (name) => root.querySelector(name);
  const [heading, summary, message, fitting, nearest, end] =
    [".heading", ".summary", ".message", ".fitting", ".nearest", ".end"].map(find);
  const { say, search, page } = data;
  const others = nearest.querySelector("ul");
  const key = search ?? JSON.stringify(data.hits);
  const slot = `tubeseek cards ${app.entry()}`;
  if (!known.has(key)) known.set(key, { hits: data.hits ?? [], isEnd: !search, notices: data.notices ?? [], isOpen: null });
  const all = known.get(key);
  const shown = new Set();
  let loading = null;

  const watcher = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && load(page).then(watch),
    { root: app.scroller(), rootMargin: "1200px" });
  signal.addEventListener("abort", () => watcher.disconnect());

  const section = find("section");
  section.hidden = Boolean(data.after);
  if (data.after) drawn(data.after).then(() => (section.hidden = false));
  heading.textContent = data.heading ?? "";
  fitting.ariaLabel = say.results;
  message.hidden = true;
  end.replaceChildren();
  [fitting, others].forEach((list) => list.replaceChildren());
  nearest.hidden = true;
  nearest.open = false;
  nearest.addEventListener("toggle", () => {
    all.isOpen = nearest.open;
    watch();
  }, { signal });

  if (!all.hits.length && !all.isEnd) {
    summary.textContent = say.searching;
    fitting.replaceChildren(...Array.from({ length: Math.min(page, 12) }, skeleton));
  } else draw();
  const wanted = Number(sessionStorage.getItem(slot)) - all.hits.length; // more, after a reload
  if (!all.hits.length || wanted > 0) load(Math.max(page, wanted)).then(watch);
  else watch();

  // An observer reports changes only, so it asks anew after each load whether the end is near.
  function watch() {
    watcher.unobserve(end);
    const isFolded = !nearest.hidden && !nearest.open;
    if (!all.isEnd && all.hits.length && !isFolded) watcher.observe(end);
  }

  function load(limit) {
    if (loading || all.isEnd) return loading ?? Promise.resolve();
    loading = fetchPage(limit).finally(() => (loading = null));
    return loading;
  }

  async function fetchPage(limit) {
    const address = new URL(search, document.baseURI);
    const most = Math.min(limit, 1000);
    address.searchParams.set("offset", all.hits.length);
    address.searchParams.set("limit", most);
    try {
      const response = await fetch(address, { signal });
      const answer = await response.json();
      if (!response.ok) return fail(answer);
      const ids = new Set(all.hits.map((hit) => hit.video_id));
      all.isEnd = answer.hits.length < most || data.isWhole || all.hits.length + answer.hits.length >= data.most;
      all.hits.push(...answer.hits.filter((hit) => !ids.has(hit.video_id))); // the library may have changed
      if (!shown.size) all.notices = answer.notices;
      if (data.sort) all.hits.sort(orders[data.sort]);
      draw();
      sessionStorage.setItem(slot, all.hits.length);
    } catch (error) {
      if (error.name === "AbortError") return;
      fail({});
    }
  }

  function fail({ error, message: text, column }) {
    fitting.querySelectorAll(".skeleton").forEach((card) => card.remove());
    summary.textContent = "";
    const reason = column ? say.column.replace("{column}", column) : say.errors[error];
    if (error) {
      message.textContent = [reason, data.language === "en" ? text : ""].filter(Boolean).join("\n") || say.failed;
      message.hidden = false;
      all.isEnd = true;
      known.delete(key);
      return;
    }
    const again = app.element("button", { textContent: say.again, onclick: () => (end.replaceChildren(), load(page).then(watch)) });
    end.replaceChildren(`${say.failed} `, again);
  }

  function draw() {
    fitting.querySelectorAll(".skeleton").forEach((card) => card.remove());
    const fits = (hit) => hit.fit !== "none";
    const later = all.hits.filter((hit) => !shown.has(hit.video_id));
    later.forEach((hit) => shown.add(hit.video_id));
    fitting.append(...later.filter(fits).map(card));
    const rest = all.hits.filter((hit) => !fits(hit));
    const count = all.hits.length - rest.length;
    nearest.hidden = !rest.length || data.onlyFits;
    if (!data.onlyFits) others.append(...later.filter((hit) => !fits(hit)).map(card));
    nearest.querySelector("summary span").textContent = say.nearest;
    nearest.open = all.isOpen ?? !count;
    const more = all.isEnd ? "" : "+";
    const isGraded = all.hits.some((hit) => hit.fit);
    const counts = isGraded ? say.counts : count === 1 && !more ? say.count : say.videos;
    summary.classList.toggle("none", Boolean(data.hasNoSummary));
    summary.textContent = all.hits.length
      ? counts.replace("{fits}", `${count}${rest.length ? "" : more}`).replace("{nearest}", `${rest.length}${more}`).replace("{n}", `${count}${more}`)
      : "";
    const notice = !all.hits.length ? data.nothing : isGraded && !count ? say.nothingFits : data.language === "en" ? all.notices.join("\n") : "";
    message.textContent = notice;
    message.hidden = !notice;
    end.textContent = all.isEnd && all.hits.length > page ? say.end : "";
  }

  function card(hit) {
    return drawCard(hit, data);
  }

  root.addEventListener("keydown", (event) => {
    const links = [...root.querySelectorAll(".open")].filter((link) => link.checkVisibility());
    const target = event.composedPath()[0];
    const columns = getComputedStyle(target.closest?.(".cards") ?? fitting).gridTemplateColumns.split(" ").length;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const next = links[links.indexOf(target) + by];
    if (!by || links.indexOf(target) < 0 || !next || event.altKey) return;
    event.preventDefault();
    next.focus();
  }, { signal });
  return stop;
}

// Waits until what stands above is drawn, or it would push down what is below.
async function drawn(selector) {
  const end = performance.now() + WAIT_MS;
  while (!(document.querySelector(selector)?.offsetHeight > 200) && performance.now() < end) {
    await new Promise(requestAnimationFrame);
  }
}

const last = (value) => value ?? -Infinity;
const byFit = (first, second) => (first.fit === "none") - (second.fit === "none");
const by = (fact) => (first, second) => byFit(first, second) || last(fact(second)) - last(fact(first)) || first.rank - second.rank;
const orders = {
  date: by((hit) => (hit.published ? Date.parse(hit.published) : null)),
  views: by((hit) => hit.views),
  length: by((hit) => hit.duration_seconds),
};

function skeleton() {
  const bone = () => app.element("span", { className: "bone" });
  return app.element("li", { className: "card skeleton", ariaHidden: "true" }, app.element("span", { className: "picture" }), bone(), bone());
}

const picture = (id, kind, more = {}) => {
  const query = new URLSearchParams({ ...more, width: WIDTHS[kind] });
  return app.address(`v1/videos/${encodeURIComponent(id)}/${kind}?${query}`);
};
// What stands for a moment: the frame that was found, or one from the middle of words.
const frameOf = ({ kind, start, end, seek }) => (kind === "passage" && end > start ? (start + end) / 2 : seek);
const isTimed = (moment) => ["still", "clip"].includes(moment.kind) || (moment.kind === "passage" && moment.end > 0);

function drawCard(hit, data) {
  const make = app.element;
  const { say } = data;
  const id = hit.video_id ?? hit.id;
  const moments = data.hasMoments ? (hit.moments ?? []).filter(isTimed).slice(0, 6) : [];
  const title = hit.title.trim() || say.untitled;
  const address = (moment) => {
    const url = new URL(data.watch, document.baseURI);
    url.searchParams.set("video", id);
    if (moment) url.searchParams.set("t", +moment.seek.toFixed(3));
    return url.href;
  };
  const image = make("img", { loading: "lazy", decoding: "async", width: 640, height: 360 });
  const box = make("span", { className: "picture" }, image);
  const time = moments.length ? make("span", { className: "at" }) : null;
  const open = make("a", { className: "open" });
  const thumbnail = () => ({ src: picture(id, "thumbnail").replace(/width=\d+/, `width=${WIDTHS.still}`), alt: say.thumbnail });
  const show = (moment) => {
    Object.assign(image, moment ? { src: picture(id, "still", { seconds: frameOf(moment) }), alt: say.still.replace("{time}", app.clock(moment.start)) } : thumbnail());
    if (moment) time.textContent = `▶ ${app.clock(moment.start)}`;
    open.href = address(moment);
  };
  let small = null;
  image.addEventListener("error", () => {
    if (image.src.includes("/still?")) {
      Object.assign(image, thumbnail());
      small?.remove();
    } else box.classList.add("blank");
  });
  show(moments[0]);
  box.append(...[time,
    hit.duration_seconds != null ? make("span", { className: "length", textContent: app.clock(hit.duration_seconds) }) : null,
    hit.honesty != null && hit.honesty < data.leastHonesty
      ? make("span", { className: "warning", textContent: say.misleading, title: say.misleadingHelp.replace("{share}", `${Math.round(100 - 100 * hit.honesty)}%`) })
      : null].filter(Boolean));
  if (moments.length) {
    small = make("img", { className: "thumb", src: picture(id, "thumbnail"), alt: say.thumbnail, loading: "lazy", decoding: "async", width: 64, height: 36 });
    small.addEventListener("error", () => small.remove());
  }
  open.append(box, make("span", { className: "top" }, small, make("span", { className: "title", textContent: title })));

  const facts = [hit.channel, hit.views != null ? views(hit.views, data) : "", hit.published ? day(hit.published, data.language) : "", hit.gone ? say.gone : ""].filter(Boolean);
  const words = data.hasMoments ? quoteOf(moments) : "";
  const fit = hit.fit
    ? make("span", { className: `fit ${hit.fit}`, textContent: say.fits[hit.fit], title: [hit.relevance != null ? say.relevance.replace("{n}", hit.relevance) : "", say.fitHelp].filter(Boolean).join(" · ") })
    : null;
  const like = make("a", { className: "action like", href: `${data.like}${data.like.includes("?") ? "&" : "?"}like=${encodeURIComponent(id)}`, title: say.like, ariaLabel: `${say.like}: ${title}` }, app.icon(LIKE));
  const copy = make("button", { className: "action copy", type: "button", title: say.copy, ariaLabel: `${say.copy}: ${title}` }, app.icon(LINK));
  const link = () => {
    const moment = moments.find((each) => address(each) === open.href);
    const original = moment?.url ?? hit.url ?? "";
    return /^https?:/.test(original) ? original : open.href;
  };
  copy.addEventListener("click", async () => {
    await app.copy(link());
    app.toast(say.copied);
  });
  const item = make("li", { className: "card" }, open,
    facts.length ? make("p", { className: "facts", textContent: facts.join(" · ") }) : null,
    words ? quote(words, data.words) : null,
    make("p", { className: "foot" }, fit, like, copy));
  item.dataset.video = id;
  if (moments.length > 1) plays(item, open, box, image, moments, show);
  return item;
}

// Under a mouse or with the focus, a card plays its stills; a click opens the one that is shown.
function plays(item, open, box, image, moments, show) {
  let timer = null;
  let steps = null;
  const start = () => {
    if (timer || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    timer = setTimeout(() => {
      const id = item.dataset.video;
      moments.forEach((moment) => (new Image().src = picture(id, "still", { seconds: frameOf(moment) })));
      steps = app.element("span", { className: "steps" }, ...moments.map(() => app.element("i")));
      box.append(steps);
      let at = 0;
      const step = () => {
        show(moments[at]);
        [...steps.children].forEach((part, number) => part.classList.toggle("on", number <= at));
        at = (at + 1) % moments.length;
      };
      step();
      timer = setInterval(step, STEP_MS);
    }, HOVER_MS);
  };
  const stop = () => {
    clearInterval(timer); // ends a timeout too
    timer = null;
    if (!steps || item.matches(":hover, :focus-within")) return;
    steps.remove();
    steps = null;
    show(moments[0]);
  };
  item.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && start());
  item.addEventListener("pointerleave", stop);
  open.addEventListener("focus", () => open.matches(":focus-visible") && start());
  open.addEventListener("blur", stop);
}

function quoteOf(moments) {
  for (const { kind, reason } of moments) {
    const words = kind === "passage" ? reason.replace(/^[^:]+: /, "") : reason.split(", while: ")[1];
    if (words) return words.replace(/\s+/g, " ").trim();
  }
  return "";
}

// Marks the words of the query: those that begin alike, as Korean ones with particles do.
function quote(words, terms) {
  const first = (text) => text.toLowerCase().slice(0, Math.max(2, Math.min(text.length, /[a-z]/i.test(text) ? text.length - 1 : text.length)));
  const starts = terms.map(first);
  const parts = words.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? [];
  const isHit = (part) => starts.some((start) => part.length > 1 && part.toLowerCase().startsWith(start));
  return app.element("p", { className: "quote" }, ...parts.map((part) => (isHit(part) ? app.element("mark", { textContent: part }) : part)));
}

function views(count, { language, say }) {
  const short = new Intl.NumberFormat(language, { notation: "compact", roundingMode: "trunc" }).format(count);
  return (count === 1 ? say.view : say.views).replace("{count}", short);
}

function day(published, language) {
  const [year, month, date] = published.split("-").map(Number);
  const options = language === "ko" ? {} : { day: "numeric", month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(language === "ko" ? "ko" : "en-GB", options).format(new Date(year, month - 1, date));
}

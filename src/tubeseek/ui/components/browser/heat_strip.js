// The timeline under a player: how well each part fits, chapters, moments, and where it plays.

const TICK_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000, 86400];
const TICK_PIXELS = 76; // the room of one label
const KEY_SECONDS = 5; // an arrow key moves by so much
const PAGE_SHARE = 0.1; // and a page key by this part of the video

// Returns times for labels that all differ: the steps are whole seconds.
function tickTimes(seconds, width) {
  const step = TICK_SECONDS.find((size) => (seconds / size) * TICK_PIXELS <= width) ?? TICK_SECONDS.at(-1);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, number) => number * step);
}

function heatStrip(root, data, { onSeek, onSettle, signal }) {
  const { seconds, heat, chapters, moments, say } = data;
  const find = (name) => root.querySelector(name);
  const [svg, range, tip, ticks, now] = ["svg", ".strip input", "output", ".ticks", ".now"].map(find);
  find(".timeline").hidden = !(seconds > 0);
  if (!(seconds > 0)) return { mark() {} };
  const percent = (at) => `${(Math.min(1, Math.max(0, at / seconds)) * 100).toFixed(3)}%`;
  const chapterAt = (at) => chapters.find(({ start, end }) => start <= at && at < end);
  const named = (at) => [app.clock(at), chapterAt(at)?.title].filter(Boolean).join(" · ");

  const shape = (kind, { start, end, height }) => {
    const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const [x, width] = [(start / seconds) * 1000, Math.max(1.5, ((end - start) / seconds) * 1000)];
    const tall = kind === "speech" ? 14 : Math.max(height * 100, 4);
    Object.entries({ class: kind, x, width, y: 100 - tall, height: tall, "fill-opacity": 0.3 + 0.7 * height })
      .forEach(([name, value]) => rectangle.setAttribute(name, value));
    return rectangle;
  };
  svg.replaceChildren(...Object.entries(heat).flatMap(([kind, cells]) => cells.map((cell) => shape(kind, cell))));
  find(".legend").replaceChildren(...Object.entries(heat).filter(([, cells]) => cells.length).map(([kind]) =>
    app.element("li", { className: kind, textContent: say[kind] })));

  const place = (className, at, until) => {
    const mark = app.element("i", { className });
    mark.style.left = percent(at);
    if (until > at) mark.style.width = percent(until - at);
    return mark;
  };
  find(".marks").replaceChildren(
    ...chapters.filter(({ start }) => start > 0).map(({ start }) => place("chapter", start)),
    ...moments.map(({ start, end }) => place("moment", start, end)));

  const label = () => ticks.replaceChildren(...tickTimes(seconds, ticks.clientWidth).map((at) => {
    const isLast = (1 - at / seconds) * ticks.clientWidth < TICK_PIXELS / 3;
    const tick = app.element("span", { textContent: app.clock(at), className: isLast ? "last" : "" });
    tick.style.left = percent(at);
    return tick;
  }));
  const watcher = new ResizeObserver(label);
  watcher.observe(ticks);
  signal.addEventListener("abort", () => watcher.disconnect());

  Object.assign(range, { max: seconds, ariaLabel: say.timeline });
  const mark = (at) => {
    range.value = at;
    range.ariaValueText = named(at);
    now.textContent = `${app.clock(at)} / ${[app.clock(seconds), chapterAt(at)?.title].filter(Boolean).join(" · ")}`;
  };
  range.addEventListener("input", () => onSeek(range.valueAsNumber), { signal });
  range.addEventListener("change", () => onSettle(range.valueAsNumber), { signal });
  range.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -KEY_SECONDS, ArrowDown: -KEY_SECONDS, ArrowRight: KEY_SECONDS, ArrowUp: KEY_SECONDS,
      PageDown: -seconds * PAGE_SHARE, PageUp: seconds * PAGE_SHARE }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onSettle(Math.min(seconds, Math.max(0, range.valueAsNumber + by)));
  }, { signal });
  range.addEventListener("pointermove", (event) => {
    const share = Math.min(1, Math.max(0, event.offsetX / range.clientWidth));
    tip.textContent = named(share * seconds);
    tip.style.left = `clamp(${tip.offsetWidth / 2}px, ${share * 100}%, 100% - ${tip.offsetWidth / 2}px)`;
  }, { signal });
  return { mark };
}

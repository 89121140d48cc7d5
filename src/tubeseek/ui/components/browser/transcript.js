// The words of a video beside its player: they follow it, lead to their times, and can be searched.

const UNDISTURBED_MS = 5000; // whoever scrolls reads on for so long before the list follows again

// Returns the cues of a <track> as { start, end, text }, once the browser has parsed its WebVTT.
function cuesOf(element, signal) {
  element.track.mode = element.track.mode === "showing" ? "showing" : "hidden"; // "disabled" loads nothing
  const read = () => [...element.track.cues].map((cue) => ({ start: cue.startTime, text: cue.getCueAsHTML().textContent.normalize("NFC") }));
  return new Promise((resolve) => {
    if (element.readyState === HTMLTrackElement.LOADED) resolve(read());
    else element.addEventListener("load", () => resolve(read()), { once: true, signal });
  });
}

function transcript(panel, data, track, { onPick, onReady, signal }) {
  const { say } = data;
  const [field, status, list] = ["input", "p", "ol"].map((name) => panel.querySelector(name));
  let [cues, lines, current, disturbed] = [[], [], -1, 0];
  Object.assign(field, { ariaLabel: say.searchTranscript, placeholder: say.searchTranscript, value: "" });
  list.replaceChildren();
  status.textContent = "";

  const fill = (number, from = -1, length = 0) => {
    const [, words] = lines[number].children;
    const { text } = cues[number];
    if (from < 0) return (words.textContent = text);
    words.replaceChildren(text.slice(0, from), app.element("mark", { textContent: text.slice(from, from + length) }), text.slice(from + length));
  };
  const focusable = (line) => {
    list.querySelector('[tabindex="0"]')?.setAttribute("tabindex", -1);
    line?.setAttribute("tabindex", 0);
  };
  const scrollTo = (number) => {
    const line = lines[number];
    if (line && !line.parentElement.hidden && panel.offsetParent) list.scrollTop = line.parentElement.offsetTop - list.offsetTop - list.clientHeight / 3;
  };
  const mark = (at, isJump) => {
    let [low, high] = [0, cues.length]; // the last cue that has begun
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cues[middle].start <= at + 0.05) low = middle + 1;
      else high = middle;
    }
    const number = low - 1;
    if (isJump) disturbed = 0;
    if (number === current && !isJump) return;
    lines[current]?.removeAttribute("aria-current");
    lines[(current = number)]?.setAttribute("aria-current", "true");
    if (performance.now() - disturbed > UNDISTURBED_MS || !disturbed) scrollTo(number);
  };
  const search = () => {
    const words = field.value.trim().normalize("NFC").toLocaleLowerCase();
    let count = 0;
    cues.forEach(({ lower }, number) => {
      const from = words ? lower.indexOf(words) : -1;
      count += from >= 0;
      lines[number].parentElement.hidden = Boolean(words) && from < 0;
      fill(number, from, words.length);
    });
    focusable(lines.find((line) => !line.parentElement.hidden));
    status.textContent = words ? say.lines.replace("{n}", count).replace("{total}", cues.length) : "";
    if (!words) scrollTo(current);
  };

  cuesOf(track, signal).then((loaded) => {
    cues = loaded.map((cue) => ({ ...cue, lower: cue.text.toLocaleLowerCase() }));
    lines = cues.map(({ start, text }, number) => {
      const line = app.element("button", { type: "button", tabIndex: -1 },
        app.element("span", { className: "time", textContent: app.clock(start) }), app.element("span", { dir: "auto", textContent: text }));
      line.dataset.number = number;
      return line;
    });
    list.replaceChildren(...lines.map((line) => app.element("li", {}, line)));
    focusable(lines[0]);
    onReady();
  });
  field.addEventListener("input", search, { signal });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") lines.find((line) => !line.parentElement.hidden)?.click();
  }, { signal });
  list.addEventListener("click", (event) => {
    const number = event.target.closest("button")?.dataset.number;
    if (number !== undefined) onPick(cues[number].start);
  }, { signal });
  list.addEventListener("keydown", (event) => { // one tab stop; arrows go from line to line
    const [shown, focused] = [lines.filter((line) => !line.parentElement.hidden), event.target.closest("button")];
    const to = { ArrowDown: shown.indexOf(focused) + 1, ArrowUp: shown.indexOf(focused) - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined || !shown[to]) return;
    event.preventDefault();
    focusable(shown[to]);
    shown[to].focus();
  }, { signal });
  ["wheel", "touchmove", "keydown", "pointerdown"].forEach((name) =>
    list.addEventListener(name, () => (disturbed = performance.now()), { passive: true, signal }));
  return { mark };
}

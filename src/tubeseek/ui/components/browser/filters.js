const CLOSE = "M6 6l12 12M18 6 6 18";
const SLIDERS = "M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.8v4.4M8.5 14.8v4.4";
const CLOCK = String.raw`\s*\d{1,5}(:\d{1,2}){0,2}\s*`;
const MANY = 8; // choices, from which on a field narrows them

// Shows what a search is narrowed by. Each change leads to another address; Python reads it.
export default function ({ data, parentElement: root }) {
  const { signal, stop } = app.begin(root, [app.entry(), data]);
  if (!signal) return stop;
  const find = (name) => root.querySelector(name);
  const { say } = data;
  const make = app.element;

  const subject = find(".subject");
  subject.hidden = !data.subject;
  if (data.subject) {
    const image = subject.querySelector("img");
    image.onerror = () => (image.hidden = true);
    Object.assign(image, { src: app.address(data.subject.image), alt: data.subject.alt, hidden: false });
    subject.querySelector("h2").textContent = data.subject.label;
    const close = subject.querySelector("a");
    Object.assign(close, { href: data.subject.remove, title: say.endSearch, ariaLabel: say.endSearch });
    close.replaceChildren(app.icon(CLOSE));
  }

  const dialog = find("dialog");
  const open = find(".open");
  const count = data.chips.length;
  open.replaceChildren(app.icon(SLIDERS), count ? `${say.filters} (${count})` : say.filters);
  open.ariaHasPopup = "dialog";
  find(".chips").replaceChildren(...data.chips.map(({ label, href }) =>
    make("li", {}, make("a", { href, title: `${say.remove}: ${label}`, ariaLabel: `${say.remove}: ${label}` }, make("span", { textContent: label }), app.icon(CLOSE)))));
  const toggle = find(".switch");
  toggle.hidden = !data.fits;
  toggle.querySelector("span").textContent = say.onlyFits;
  const box = toggle.querySelector("input");
  box.checked = Boolean(data.fits?.isOn);
  box.onchange = () => app.go(data.fits.href);
  find(".sort span").textContent = say.sort;
  const select = find("select");
  select.replaceChildren(...data.sorts.map(({ label, isCurrent, href }) => make("option", { textContent: label, selected: isCurrent, value: href })));
  select.onchange = () => app.go(select.value);

  find("#filters-title").textContent = say.filters;
  const close = find("dialog .close");
  Object.assign(close, { ariaLabel: say.close, title: say.close });
  close.replaceChildren(app.icon(CLOSE));
  find(".clear").textContent = say.clear;
  find(".apply").textContent = say.apply;
  const fields = find(".fields");
  open.addEventListener("click", () => {
    fields.replaceChildren(...data.fields.map((field) => drawField(field, say)));
    dialog.showModal();
  }, { signal });
  fields.addEventListener("input", ({ target }) => (target.form.latest = target), { signal });
  close.addEventListener("click", () => dialog.close(), { signal });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(), { signal });
  find(".clear").addEventListener("click", () => {
    dialog.close();
    app.go(data.cleared);
  }, { signal });
  find("dialog form").addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(data.base, document.baseURI);
    const [after, before] = ["after", "before"].map((name) => event.target.elements[`moment_${name}`]);
    if (seconds(before.value) && seconds(after.value) >= seconds(before.value)) {
      (event.target.latest === before ? after : before).value = ""; // no moment lies between: what was just written stays
    }
    for (const [name, value] of new FormData(event.target)) {
      const text = name.startsWith("moment_") ? String(seconds(value)) : value;
      if (text && text !== "0") address.searchParams.append(name, text);
    }
    dialog.close();
    app.go(address.href);
  }, { signal });
  signal.addEventListener("abort", () => dialog.open && dialog.close());
  return stop;
}

const seconds = (text) => text.trim().split(":").reduce((total, part) => total * 60 + Number(part), 0);

function drawField({ kind, name, label, hint, choices, value, isWide }, say) {
  const make = app.element;
  const note = hint ? make("p", { className: "hint", textContent: hint }) : null;
  if (kind === "text" || kind === "date") {
    const input = make("input", { className: "text", name, value: value ?? "", type: kind });
    if (kind === "text") Object.assign(input, { pattern: CLOCK, placeholder: say.timeHint, title: say.noTime, inputMode: "numeric" });
    return make("label", {}, make("span", { className: "label", textContent: label }), input, note);
  }
  const chosen = new Set(value);
  const options = make("div", { className: "options" }, ...choices.map((choice) => {
    const input = make("input", { type: "checkbox", name, value: choice.value, checked: chosen.has(choice.value) });
    if (kind === "one") // a checkbox, so that it can be taken back
      input.addEventListener("change", () => options.querySelectorAll("input").forEach((other) => other !== input && (other.checked = false)));
    return make("label", {}, input, make("span", { textContent: choice.label }));
  }));
  const narrow = choices.length > MANY && kind === "many" ? make("input", { className: "text search", type: "search", placeholder: say.find, ariaLabel: `${say.find}: ${label}` }) : null;
  narrow?.addEventListener("input", () => options.querySelectorAll("label").forEach((each) =>
    (each.hidden = !each.textContent.toLowerCase().includes(narrow.value.trim().toLowerCase()) && !each.querySelector(":checked"))));
  return make("fieldset", { className: isWide ? "wide" : "" }, make("legend", { textContent: label }), narrow, options, note);
}

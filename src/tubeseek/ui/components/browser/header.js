const ICONS = {
  library: "M4 5v14M8.5 5v14M13 5.4l5.6 13",
  training: "M4 19V5m0 14h16M8 15l3.5-4 3 2.5L20 7",
};

export default function ({ data, parentElement: root }) {
  const { signal, stop } = app.begin(root, data);
  if (!signal) return stop;
  const { say } = data;
  document.documentElement.lang = data.language;
  app.arrive(root.shown !== data.shown);
  root.shown = data.shown;
  const [form, input, nav, other] = ["form", "input", "nav", ".language"].map((name) => root.querySelector(name));

  root.querySelector(".brand").href = data.home;
  Object.assign(other, { href: data.other.href, textContent: data.other.label, lang: data.other.language, title: data.other.help });
  nav.ariaLabel = say.pages;
  nav.replaceChildren(...data.pages.map(({ name, label, href, isCurrent }) => {
    const link = app.element("a", { href, title: label, ariaLabel: label }, app.icon(ICONS[name]), app.element("span", { textContent: label }));
    if (isCurrent) link.ariaCurrent = "page";
    return link;
  }));

  Object.assign(input, { placeholder: say.placeholder, ariaLabel: say.search });
  if (root.query !== data.query) input.value = root.query = data.query; // else somebody may be typing
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(data.search, document.baseURI);
    const words = input.value.trim();
    if (words) address.searchParams.set("q", words);
    input.blur();
    app.go(address.href);
  }, { signal });
  input.addEventListener("keydown", (event) => event.key === "Escape" && input.blur(), { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || app.isTyping(event)) return;
    event.preventDefault();
    input.focus();
    input.select();
  }, { signal });
  if (data.isHome && matchMedia("(hover: hover)").matches && document.activeElement === document.body) {
    input.focus({ preventScroll: true });
  }
  return stop;
}

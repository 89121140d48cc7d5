const GLASS = "M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0M20 20l-5-5";

export default function ({ data, parentElement: root }) {
  const { signal, stop } = app.begin(root, data);
  if (!signal) return stop;
  root.querySelector("h1").textContent = data.tagline;
  root.querySelector("p").textContent = data.searched;
  const nav = root.querySelector("nav");
  nav.hidden = !data.examples.length;
  nav.ariaLabel = data.try;
  nav.querySelector("ul").replaceChildren(...data.examples.map(({ query, href }) =>
    app.element("li", {}, app.element("a", { href }, app.icon(GLASS), query))));
  return stop;
}

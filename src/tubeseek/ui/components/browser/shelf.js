const BIN = "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12M10.5 11v5M13.5 11v5";

// Lists the videos of the library. Finding, sorting and turning pages lead to another address;
// removing is left to Python, which asks first.
export default function ({ data, parentElement: root, setTriggerValue }) {
  const { signal, stop } = app.begin(root, data);
  if (!signal) return stop;
  const find = (name) => root.querySelector(name);
  const make = app.element;
  const { say } = data;
  const chosen = new Set();

  const field = find(".find");
  Object.assign(field, { placeholder: say.find, ariaLabel: say.find, value: data.find });
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(data.search, document.baseURI);
    if (field.value.trim()) address.searchParams.set("find", field.value.trim());
    app.go(address.href);
  }, { signal });
  field.addEventListener("search", () => field.value || !data.find || app.go(data.search), { signal });
  find(".sort span").textContent = say.sort;
  const select = find("select");
  select.replaceChildren(...data.sorts.map(({ label, href, isCurrent }) => make("option", { textContent: label, value: href, selected: isCurrent })));
  select.onchange = () => app.go(select.value);

  const bar = find(".chosen");
  const all = bar.querySelector("input");
  const boxes = [];
  const update = () => {
    bar.hidden = !chosen.size;
    bar.querySelector("span").textContent = say.chosen.replace("{n}", chosen.size);
    find(".danger").textContent = say.removeChosen;
    all.checked = chosen.size === boxes.length;
    all.indeterminate = !all.checked && chosen.size > 0;
  };
  all.onchange = () => {
    boxes.forEach((box) => {
      box.checked = all.checked;
      chosen[all.checked ? "add" : "delete"](box.value);
    });
    update();
  };
  find(".danger").onclick = () => setTriggerValue("remove", [...chosen]);

  find(".rows").replaceChildren(...data.videos.map((video) => {
    const image = make("img", { src: app.address(`v1/videos/${encodeURIComponent(video.id)}/thumbnail?width=240`), alt: "", loading: "lazy", width: 240, height: 135 });
    const picture = make("span", { className: "picture" }, image);
    image.onerror = () => picture.classList.add("blank");
    const text = make("div", {}, make("a", { className: "title", href: video.href, textContent: video.title }), make("p", { className: "facts", textContent: video.facts }));
    if (!data.mayChange) return make("li", { className: "row plain" }, picture, text);
    const box = make("input", { type: "checkbox", value: video.id, ariaLabel: `${say.choose}: ${video.title}` });
    boxes.push(box);
    box.onchange = () => {
      chosen[box.checked ? "add" : "delete"](video.id);
      update();
    };
    const remove = make("button", { type: "button", className: "remove", title: say.remove, ariaLabel: `${say.remove}: ${video.title}` }, app.icon(BIN));
    remove.onclick = () => setTriggerValue("remove", [video.id]);
    return make("li", { className: "row" }, make("label", { className: "box" }, box), picture, text, remove);
  }));
  update();
  find(".nothing").textContent = data.videos.length ? "" : say.nothing;
  const nav = find("nav");
  nav.hidden = !data.previous && !data.next;
  nav.ariaLabel = say.pages;
  nav.querySelector("span").textContent = say.range;
  for (const name of ["previous", "next"]) {
    const link = find(`.${name}`);
    link.hidden = !data[name];
    Object.assign(link, { href: data[name] ?? "", textContent: say[name] });
  }
  return stop;
}

const LONGEST_SIDE = 1024; // pixels of a picture that is sent; encoders see 384
const ICONS = {
  help: "M9.2 9.2a2.9 2.9 0 1 1 4.3 2.6c-.9.5-1.4 1-1.4 2.1M12 17.2v.1",
  picture: "M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8m8 0h2.5A1.5 1.5 0 0 1 20 5.5V8m0 8v2.5a1.5 1.5 0 0 1-1.5 1.5H16m-8 0H5.5A1.5 1.5 0 0 1 4 18.5V16m11.5-4a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0",
  library: "M4 5v14M8.5 5v14M13 5.4l5.6 13",
  training: "M4 19V5m0 14h16M8 15l3.5-4 3 2.5L20 7",
};

export default function ({ data, parentElement: root, setTriggerValue }) {
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

  const [help, byPicture, file, panel] = [".help", ".by-picture", "[type=file]", ".panel"].map((name) => root.querySelector(name));
  help.replaceChildren(app.icon(ICONS.help));
  byPicture.replaceChildren(app.icon(ICONS.picture));
  Object.assign(help, { title: say.help, ariaLabel: say.help });
  Object.assign(byPicture, { title: say.byPicture, ariaLabel: say.byPicture });
  file.ariaLabel = say.byPicture;
  panel.querySelector("dl").replaceChildren(...say.syntax.flatMap(([term, meaning]) =>
    [app.element("dt", { textContent: term }), app.element("dd", { textContent: meaning })]));
  const open = (isOpen) => {
    panel.hidden = !isOpen;
    help.ariaExpanded = String(isOpen);
  };
  open(false);
  help.addEventListener("click", () => open(panel.hidden), { signal });
  document.addEventListener("click", (event) => event.composedPath().includes(form) || open(false), { signal });
  form.addEventListener("keydown", (event) => event.key === "Escape" && open(false), { signal });
  byPicture.addEventListener("click", () => file.click(), { signal });
  const send = async (picture) => {
    if (!picture) return;
    const content = await shrunk(picture);
    if (content) setTriggerValue("picture", { name: picture.name, content });
    else setTriggerValue("refused", picture.name);
    file.value = "";
  };
  file.addEventListener("change", () => send(file.files[0]), { signal });
  document.addEventListener("paste", (event) => {
    const picture = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
    if (picture) send(picture);
  }, { signal });
  if (data.isHome && matchMedia("(hover: hover)").matches && document.activeElement === document.body) {
    input.focus({ preventScroll: true });
  }
  return stop;
}

// Returns a picture as a JPEG in base64, scaled down; null where the browser cannot read it.
async function shrunk(picture) {
  const bitmap = await createImageBitmap(picture).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = app.element("canvas", { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // behind what is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.92).split(",")[1];
}

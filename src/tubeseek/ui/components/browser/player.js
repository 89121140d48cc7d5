// Players of a page: a video file, YouTube's, a picture, and the still of what cannot be played.
// Each is { key, element, seek(seconds), play(), time(), track }, and calls `onTime` as it plays.

const EMBED_ORIGIN = "https://www.youtube-nocookie.com";
const LISTENING_MS = 250; // YouTube's player answers once it is ready; until then it is asked again
const LISTENING_TRIES = 80;

function filePlayer(data, start, { onTime, onFailure }) {
  const video = app.element("video", { controls: true, playsInline: true, preload: "auto", ariaLabel: data.name });
  let track = null;
  if (data.captions) {
    const { address, language, label } = data.captions;
    track = app.element("track", { kind: "captions", src: app.address(address), srclang: language, label });
    video.append(track); // the player's menu shows them
  }
  const play = () => video.play().catch(() => { // in a tab of its own, where nobody has clicked yet
    video.muted = true;
    return video.play().catch(() => {});
  });
  video.addEventListener("loadedmetadata", () => {
    if (!(start > 0)) return play();
    video.currentTime = start;
    video.addEventListener("seeked", play, { once: true }); // not before: the moment is seen first
  }, { once: true });
  ["timeupdate", "seeked", "seeking"].forEach((name) => video.addEventListener(name, () => onTime(video.currentTime)));
  video.addEventListener("error", () => onFailure(), { once: true });
  video.src = app.address(data.address);
  return { element: video, play, track, time: () => video.currentTime, seek: (seconds) => (video.currentTime = seconds) };
}

// The IFrame Player API of YouTube without its script: messages to and from the embedded page.
function youtubePlayer(data, start, { onTime, onFailure, signal }) {
  const parameters = new URLSearchParams({
    enablejsapi: 1, autoplay: 1, playsinline: 1, rel: 0, start: Math.floor(start), origin: location.origin });
  const frame = app.element("iframe", {
    src: `${EMBED_ORIGIN}/embed/${encodeURIComponent(data.id)}?${parameters}`, title: data.name, allowFullscreen: true,
    allow: "autoplay; encrypted-media; fullscreen; picture-in-picture", referrerPolicy: "strict-origin-when-cross-origin" });
  let [seconds, isReady] = [start, false];
  const send = (message) => frame.contentWindow?.postMessage(JSON.stringify({ id: "tubeseek", channel: "widget", ...message }), EMBED_ORIGIN);
  const command = (func, ...args) => send({ event: "command", func, args });
  const seek = (to) => {
    seconds = to;
    command("seekTo", to, true);
    onTime(to);
  };
  frame.addEventListener("load", () => {
    let tries = 0;
    const listen = () => {
      if (isReady || !frame.isConnected || tries++ > LISTENING_TRIES) return;
      send({ event: "listening" });
      setTimeout(listen, LISTENING_MS);
    };
    listen();
  });
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== EMBED_ORIGIN) return;
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {
      return;
    }
    if (!isReady) {
      isReady = true;
      if (seconds % 1) command("seekTo", seconds, true); // the address takes whole seconds only
    }
    if (message.event === "onError") onFailure();
    const at = message.info?.currentTime;
    if (Number.isFinite(at)) onTime((seconds = at));
  }, { signal });
  return { element: frame, seek, play: () => command("playVideo"), time: () => seconds };
}

// What plays nowhere in a browser: its picture, and after a jump the still of that time.
function stillPlayer(data, start, { onTime }) {
  let seconds = start;
  const picture = app.element("img", { alt: "" });
  const thumbnail = data.thumbnail && app.address(data.thumbnail);
  const show = (address) => (address ? (picture.src = address) : picture.removeAttribute("src"));
  picture.addEventListener("error", () => show(picture.src === thumbnail ? null : thumbnail));
  const seek = (to) => {
    seconds = to;
    if (data.stills) show(app.address(`${data.stills}?seconds=${to}`));
    onTime(to);
  };
  if (start > 0 && data.stills) seek(start);
  else show(thumbnail);
  return { element: picture, seek, play() {}, time: () => seconds };
}

// A GIF moves by itself.
function picturePlayer(data) {
  return { element: app.element("img", { src: app.address(data.address), alt: data.name }), seek() {}, play() {}, time: () => 0 };
}

const PLAYERS = { file: filePlayer, youtube: youtubePlayer, picture: picturePlayer, still: stillPlayer };

/* Plays the sound of one call. A play that begins asks for a grant, which is written
   down; the pieces of the sound are fetched with it, also after seeking or a short pause. */
const player = document.getElementById("player");
const find = (name) => player.querySelector(`[${name}]`);
const bars = [...player.querySelectorAll("[data-at]")];
const heads = player.querySelectorAll("svg [data-head]");
const seek = document.getElementById("seek");
const lines = [...document.querySelectorAll(".turns > li[data-ms]")];
const trouble = find("data-trouble");
const total = Number(player.dataset.seconds);
const speeds = [1, 1.25, 1.5, 2, 0.75];
const sound = new Audio();
const restMs = 30_000; // a longer pause ends the play
let track = "both";
let grantedUntil = 0;
let pausedAt = 0;
let grant = "";
let wanted = 0;
let due = null; // where to go as soon as the sound is there
let retried = false;

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function inWords(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)} minutes ${whole % 60} seconds`;
}

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]").value;
}

function say(words) {
  trouble.hidden = !words;
  trouble.querySelector("span").textContent = words;
}

function now() {
  if (due !== null) return due;
  return sound.readyState ? sound.currentTime : wanted;
}

function draw() {
  const at = now();
  const share = total ? Math.min(at / total, 1) : 0;
  const place = `${(share * 100).toFixed(2)}%`;
  find("data-now").textContent = clock(at);
  for (const head of heads) {
    for (const name of ["x1", "x2", "cx"]) if (head.hasAttribute(name)) head.setAttribute(name, place);
  }
  for (const bar of bars) bar.classList.toggle("ahead", Number(bar.dataset.at) > share);
  if (document.activeElement !== seek || !sound.paused) seek.value = at;
  seek.setAttribute("aria-valuetext", inWords(at));
  follow(at * 1000);
}

function follow(ms) {
  let current = null;
  for (const line of lines) if (Number(line.dataset.ms) <= ms) current = line;
  for (const line of lines) {
    if (line === current && ms > 0) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

async function load() {
  const answer = await fetch(player.dataset.grant, {
    method: "POST",
    headers: { "X-CSRFToken": token(), Accept: "application/json" },
  });
  if (answer.status === 403 && (await asksForFactor(answer))) throw new DOMException("", "AbortError");
  if (!answer.ok) throw new Error(String(answer.status));
  const given = await answer.json();
  grant = given.grant;
  grantedUntil = Date.now() + given.seconds * 1000 - 5000;
  aim();
}

/* Where a second factor must be shown again, a link says so and leads back here. */
async function asksForFactor(answer) {
  const said = await answer.json().catch(() => ({}));
  const isAsked = ["second_factor_stale", "second_factor_missing"].includes(said.code);
  find("data-factor").hidden = !isAsked;
  if (isAsked) find("data-factor").querySelector("a").focus();
  return isAsked;
}

function aim() {
  due = wanted;
  sound.src = `${player.dataset.audio}?track=${track}&grant=${encodeURIComponent(grant)}`;
}

function begins() {
  const atStart = sound.paused && now() < 0.5;
  return !sound.src || sound.ended || atStart || Date.now() - pausedAt > restMs || Date.now() > grantedUntil;
}

async function start({ asksAnew = begins() } = {}) {
  say("");
  find("data-factor").hidden = true;
  try {
    if (asksAnew) {
      wanted = sound.ended ? 0 : now();
      await load();
    }
    await sound.play();
  } catch (error) {
    if (error.name !== "AbortError") say("The sound could not be played. Check your connection, then press play again.");
  }
}

function toggle() {
  if (sound.paused) start();
  else sound.pause();
}

function go(seconds) {
  wanted = Math.max(0, Math.min(seconds, total));
  if (due !== null) due = wanted;
  else if (sound.readyState) sound.currentTime = wanted;
  draw();
}

function choose(button) {
  const goesOn = !sound.paused;
  wanted = now();
  track = button.dataset.track;
  for (const other of player.querySelectorAll("[data-track]")) other.setAttribute("aria-pressed", String(other === button));
  if (!sound.src) return;
  aim();
  if (goesOn) start({ asksAnew: false });
}

function faster() {
  const next = speeds[(speeds.indexOf(sound.playbackRate) + 1) % speeds.length];
  sound.playbackRate = next;
  sound.defaultPlaybackRate = next;
  const button = find("data-speed");
  button.textContent = `${next}×`;
  button.setAttribute("aria-label", `Speed ${next}×${next === 1 ? ", normal" : ""}`);
}

sound.preload = "auto";
sound.addEventListener("loadedmetadata", () => { sound.currentTime = due ?? 0; due = null; });
sound.addEventListener("timeupdate", () => { if (due === null) wanted = sound.currentTime; draw(); });
sound.addEventListener("seeked", draw);
sound.addEventListener("pause", () => { pausedAt = Date.now(); });
for (const name of ["play", "pause", "ended"]) {
  sound.addEventListener(name, () => {
    find("data-play").setAttribute("aria-label", sound.paused ? "Play" : "Pause");
    player.querySelector("[data-when=paused]").hidden = !sound.paused;
    player.querySelector("[data-when=playing]").hidden = sound.paused;
  });
}
sound.addEventListener("playing", () => { retried = false; });
sound.addEventListener("error", () => {
  // The grant may have run out in the middle of a long call: ask once for another.
  if (retried) { say("The sound could not be loaded. Nothing is lost; press play again."); return; }
  retried = true;
  start({ asksAnew: true });
});

find("data-play").addEventListener("click", toggle);
find("data-back").addEventListener("click", () => go(now() - 10));
find("data-speed").addEventListener("click", faster);
for (const button of player.querySelectorAll("[data-track]")) button.addEventListener("click", () => choose(button));
seek.addEventListener("input", () => go(Number(seek.value)));
find("data-wave").addEventListener("click", (event) => {
  const box = find("data-wave").getBoundingClientRect();
  go(((event.clientX - box.left) / box.width) * total);
});
for (const line of lines) {
  const time = line.querySelector(".when");
  const jump = () => go(Number(line.dataset.ms) / 1000);
  time.tabIndex = 0;
  time.setAttribute("role", "button");
  time.setAttribute("aria-label", `Go to ${time.textContent} in the recording`);
  time.addEventListener("click", jump);
  time.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); jump(); } });
}
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, button, a, summary, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " ") { event.preventDefault(); toggle(); }
  if (event.key === "ArrowLeft") go(now() - 5);
  if (event.key === "ArrowRight") go(now() + 5);
});
for (const control of player.querySelectorAll(":disabled")) control.disabled = false;
find("data-without-script").hidden = true;
draw();

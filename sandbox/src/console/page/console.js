// The page as a whole: its parts, its language, its keys.
import { get, post } from "./api.js";
import { Books } from "./books.js";
import { Cards } from "./cards.js";
import { el, language, say, t, translate } from "./dom.js";
import { Faults } from "./faults.js";
import { Hand } from "./hand.js";
import { Requests } from "./requests.js";
import { tabs } from "./tabs.js";

const by = (id) => document.getElementById(id);
const PARTS = ["requests", "books", "cards", "faults", "hand"];

/** What the browser keeps of the reader's wishes; where it keeps nothing, they end with the page. */
const wishes = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* Told by the address alone. */ } },
};

const body = (id) => by(id).querySelector(".body");
const address = () => new URL(location.href);

function start(about) {
  const console = {
    about,
    /** Takes a message to a form. */
    byHand(kind, values) {
      show("hand");
      parts.hand.fill(kind, values);
    },
    /** How many faults are set. */
    faults(count) {
      const chip = by("active");
      chip.textContent = count > 0 ? t("app.faultsActive", { n: count }) : t("app.faultsNone");
      chip.classList.toggle("warn", count > 0);
    },
    /** Requests came or changed, or all were forgotten. */
    news() { parts[shown].news?.(); },
    link(isUp) {
      const chip = by("link");
      const text = t(isUp ? "app.connected" : "app.disconnected");
      if (chip.textContent !== text) chip.textContent = text;
      chip.classList.toggle("bad", !isUp);
    },
    /** The sandbox was started anew: who it is may have changed. */
    async anew() {
      console.about = await get("/console/about");
      render();
    },
  };
  const parts = {
    requests: new Requests(by("requests"), console),
    books: new Books(body("books")),
    cards: new Cards(body("cards")),
    faults: new Faults(body("faults"), console),
    hand: new Hand(body("hand"), console),
  };
  let shown = "requests";
  const show = tabs(by("parts"), (name) => {
    shown = name;
    const url = address();
    url.hash = name;
    history.replaceState(null, "", url);
    parts[name].shown?.();
  });

  const render = () => {
    document.documentElement.lang = language.name === "zh" ? "zh-CN" : "en";
    document.title = t("app.title");
    by("language").lang = language.name === "zh" ? "en" : "zh-CN";
    translate(document);
    for (const part of Object.values(parts)) part.render();
    parts[shown].shown?.();
  };
  const switchLanguage = () => {
    language.name = language.name === "zh" ? "en" : "zh";
    wishes.set("lang", language.name);
    const url = address();
    url.searchParams.set("lang", language.name);
    history.replaceState(null, "", url);
    render();
  };

  by("language").addEventListener("click", switchLanguage);
  by("keys").addEventListener("click", () => help());
  by("reset").addEventListener("click", () => ask(t("app.resetAsk"), async () => {
    await post("/control/reset");
    say(t("app.resetDone"));
    parts[shown].news?.();
  }));
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, dialog");
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping || wishes.get("keys") === "off") return;
    const keys = {
      "/": () => { show("requests"); by("filter").focus(); },
      g: () => { show("requests"); by("list").focus(); },
      p: () => by("pause").click(),
      l: switchLanguage,
      "?": help,
      ...Object.fromEntries(PARTS.map((name, n) => [String(n + 1), () => show(name).focus()])),
    };
    const wanted = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!wanted) return;
    event.preventDefault();
    wanted();
  });

  render();
  show(address().hash.slice(1));
  parts.requests.poll();
}

/** Asks before something that cannot be undone. */
function ask(question, act) {
  const dialog = by("ask");
  const yes = el("button", { type: "button", class: "danger", onclick: () => {
    dialog.close();
    act().catch((error) => say(t("app.failed", { why: error.message }), true));
  } }, t("app.yes"));
  const no = el("button", { type: "button", onclick: () => dialog.close() }, t("app.cancel"));
  dialog.replaceChildren(el("h2", { id: "ask-title" }, t("app.reset")), el("p", {}, question), el("div", { class: "bar end" }, no, yes));
  dialog.showModal();
  no.focus();
}

function help() {
  const dialog = by("help");
  const rows = [["1 – 5", "keys.tabs"], ["/", "keys.filter"], ["G", "keys.list"], ["↑ ↓ ← → Home End", "keys.arrows"], ["Enter", "keys.enter"],
    ["Esc", "keys.escape"], ["P", "keys.pause"], ["L", "keys.language"], ["?", "keys.help"]];
  const single = el("input", { type: "checkbox", id: "single" });
  single.checked = wishes.get("keys") !== "off";
  single.addEventListener("change", () => wishes.set("keys", single.checked ? "on" : "off"));
  dialog.replaceChildren(
    el("h2", { id: "help-title" }, t("keys.title")),
    el("dl", { class: "keys" }, rows.map(([key, name]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, t(name))])),
    el("p", {}, single, el("label", { for: "single" }, ` ${t("keys.single")}`)),
    el("div", { class: "bar end" }, el("button", { type: "button", onclick: () => dialog.close() }, t("app.close"))));
  dialog.showModal();
}

language.name = address().searchParams.get("lang") || wishes.get("lang") || "zh";
get("/console/about").then(start, (error) => {
  document.documentElement.lang = language.name === "zh" ? "zh-CN" : "en";
  translate(document);
  say(t("app.failed", { why: error.message }), true);
});

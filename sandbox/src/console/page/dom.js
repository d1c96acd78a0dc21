// Elements from texts. What came from outside only ever becomes a text node.
import { STRINGS } from "./strings.js";

let place = 0;

export const language = {
  get name() { return place === 0 ? "zh" : "en"; },
  set name(name) { place = name === "en" ? 1 : 0; },
};

/** The text of that name in the page's language, with what it leaves open filled in. */
export function t(name, values = {}) {
  const text = (STRINGS[name] || [name, name])[place];
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** The text of that name; blank where there is none. */
export const known = (name) => (Object.hasOwn(STRINGS, name) ? t(name) : "");

/** An element: attributes by name (`on…` are listeners), then its children: elements, texts, lists of them, or nothing. */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Controls, marks of direction, blanks without width: what looks like nothing but is signed all the same.
const ODD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A text from outside, in which characters that would not be seen show their number. */
export function printed(text) {
  const parts = [];
  let from = 0;
  for (const odd of text.matchAll(ODD)) {
    if (odd[0] === "\r" && text[odd.index + 1] === "\n") continue;
    parts.push(text.slice(from, odd.index));
    const number = odd[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    parts.push(el("span", { class: "odd", title: t("detail.odd") }, `U+${number}`));
    from = odd.index + 1;
  }
  parts.push(text.slice(from));
  return parts;
}

/** The same on a line of its own direction, whatever characters it holds. */
export const inline = (text, attributes = {}) => el("bdi", { dir: "ltr", ...attributes }, printed(text));

/** A titled text with a button that copies it as it is. A place may be marked from which on it differs. */
export function block(title, text, { differs = -1, note = null, id = null } = {}) {
  const marked = differs >= 0 && differs < text.length
    ? [printed(text.slice(0, differs)), el("mark", {}, printed(text.slice(differs)))]
    : printed(text);
  const heading = el("h3", { id }, title);
  return el("section", { class: "block" },
    el("div", { class: "block-head" }, heading, note && el("span", { class: "note" }, note), copyButton(text, title)),
    el("pre", { dir: "ltr", tabindex: "0", role: "group", "aria-label": title }, text === "" ? t("detail.empty") : marked));
}

export function copyButton(text, title) {
  return el("button", {
    type: "button", class: "quiet", "aria-label": `${t("app.copy")}: ${title}`,
    onclick: () => navigator.clipboard.writeText(text).then(() => say(t("app.copied")), () => say(t("app.copyFailed"), true)),
  }, t("app.copy"));
}

/** Puts other children in, and leaves what is scrolled where it was and the focus on what is called alike. */
export function refill(root, ...children) {
  const named = () => [...root.querySelectorAll("[aria-label]")];
  const places = new Map(named().map((element) => [element.getAttribute("aria-label"), element.scrollTop]));
  const focused = root.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  root.replaceChildren(...children.filter(Boolean));
  for (const element of named()) {
    const name = element.getAttribute("aria-label");
    element.scrollTop = places.get(name) || 0;
    if (name === focused) element.focus();
  }
}

/** The first place at which two texts differ; -1 where they are the same. */
export function difference(one, other) {
  if (one === other) return -1;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

/** JSON with line breaks, its numbers as they were written; any other text as it is. */
export function indented(text) {
  try { JSON.parse(text); } catch { return text; }
  let out = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === "{" || token === "[") { depth += 1; out += token + line(); }
    else if (token === "}" || token === "]") { depth -= 1; out = /[{[]\s*$/.test(out) ? out.trimEnd() + token : out + line() + token; }
    else if (token === ",") out += token + line();
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}

/** yyyyMMddHHmmss as people read it. */
export const moment = (stamp) => stamp.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?$/,
  (_, y, mo, d, h, mi, s, ms) => `${y}-${mo}-${d} ${h}:${mi}:${s}${ms ? `.${ms}` : ""}`);

let fading = 0;

/** Tells something that was done, or why it was not. */
export function say(text, isError = false) {
  const told = document.getElementById("told");
  told.textContent = text;
  told.classList.toggle("error", isError);
  told.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => told.classList.remove("shown"), isError ? 8000 : 3000);
}

/** Fills the page's own texts in: what stands in `data-t`, `data-t-label` and `data-t-placeholder`. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  for (const element of root.querySelectorAll("[data-t-placeholder]")) element.placeholder = t(element.dataset.tPlaceholder);
}

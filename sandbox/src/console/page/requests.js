// The live list of requests: polled, filtered, moved through by keys.
import { get } from "./api.js";
import { Detail } from "./detail.js";
import { el, inline, t } from "./dom.js";

const EVERY = 500;
const AFTER_FAILURE = 3000;
const MARKS = { fine: "✓", refused: "✕", faulty: "▲", turnedAway: "⊘", waiting: "◌" };

/** The outcome in a word, with a mark of its own shape. */
export const verdict = (row) => el("span", { class: `verdict ${row.outcome}` },
  el("span", { "aria-hidden": "true" }, MARKS[row.outcome]), " ", row.verdict === "" || row.outcome === "waiting" ? t(`outcome.${row.outcome}`) : inline(row.verdict));

const clock = (time) => time.replace(/^\d{8}(\d\d)(\d\d)(\d\d)(\d{3})$/, "$1:$2:$3.$4");
const status = (row) => (row.delivery === "close" ? t("list.noAnswer") : row.status === null ? "" : `HTTP ${row.status}`);

export class Requests {
  constructor(root, console) {
    this.console = console;
    this.by = (id) => root.ownerDocument.getElementById(id);
    this.list = this.by("list");
    this.detail = new Detail(this.by("detail"), console, () => this.back());
    this.rows = new Map();
    this.cursor = { run: "", revision: 0 };
    this.hidden = 0;
    this.active = null;
    this.paused = false;
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.open(Number(option.dataset.id));
    });
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("focus", () => this.active === null && this.move(0));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.escape(event));
    this.by("filters").addEventListener("submit", (event) => event.preventDefault());
    this.by("filter").addEventListener("input", () => this.filter());
    this.by("outcome").addEventListener("change", () => this.filter());
    this.by("pause").addEventListener("click", () => this.pause());
    this.by("hide").addEventListener("click", () => {
      this.hidden = Math.max(this.hidden, ...this.rows.keys());
      this.close();
      this.filter();
    });
  }

  /** Asks for what is new, again and again. */
  async poll() {
    let wait = EVERY;
    try {
      if (!this.paused && !document.hidden) await this.fetch();
    } catch {
      this.console.link(false);
      wait = AFTER_FAILURE;
    }
    setTimeout(() => this.poll(), wait);
  }

  async fetch() {
    const told = await get(`/console/requests?after=${this.cursor.revision}`);
    this.console.link(true);
    this.console.faults(told.faults);
    if (told.run !== this.cursor.run) {
      const isAnew = this.cursor.run !== "";
      this.cursor = { run: told.run, revision: 0 };
      if (isAnew) {
        this.rows.clear();
        this.list.replaceChildren();
        this.hidden = 0;
        this.close();
        await this.console.anew();
        return this.fetch();
      }
    }
    const isFirst = this.cursor.revision === 0;
    const isNews = told.revision !== this.cursor.revision;
    this.cursor.revision = told.revision;
    if (isNews) this.take(told, isFirst);
  }

  take({ first, rows }, isFirst) {
    const fresh = rows.filter((row) => !this.rows.has(row.id));
    for (const row of rows) {
      const option = this.option(row);
      const before = this.rows.get(row.id);
      if (before) before.option.replaceWith(option);
      else this.list.prepend(option);
      this.rows.set(row.id, { row, option });
    }
    for (const [id, { option }] of this.rows) {
      if (id < first) {
        option.remove();
        this.rows.delete(id);
      }
    }
    if (this.active !== null && !this.rows.has(this.active)) this.mark(null);
    this.filter();
    if (fresh.length > 0 && !isFirst) this.announce(fresh);
    if (this.detail.id !== null) {
      if (!this.rows.has(this.detail.id)) this.detail.gone();
      else if (rows.some((row) => row.id === this.detail.id)) this.detail.load();
    }
    this.console.news();
  }

  announce(fresh) {
    const { service, outcome } = fresh[fresh.length - 1];
    this.by("news").textContent = t("list.new", { n: fresh.length, service, outcome: t(`outcome.${outcome}`) });
  }

  option(row) {
    const took = row.milliseconds === null ? "" : `${row.milliseconds} ms`;
    return el("div", {
      role: "option", id: `request-${row.id}`, "data-id": row.id, "data-outcome": row.outcome,
      class: row.id === this.active ? "active" : null, "aria-selected": String(row.id === this.detail.id),
    },
    el("span", { class: "verdict-cell" }, verdict(row)),
    el("span", { class: "what" },
      el("span", { class: "service" }, inline(row.service)),
      el("span", { class: "message" }, inline(row.message), row.faults.map((fault) => [" ", el("span", { class: "tag" }, fault)]),
        row.booked && [" ", el("span", { class: "tag" }, t("list.booked"))])),
    el("span", { class: "when" },
      el("span", {}, clock(row.time)), " ",
      el("span", { class: "muted" }, [row.number === null ? null : `#${row.number}`, status(row), took].filter(Boolean).join(" · "))));
  }

  filter() {
    const text = this.by("filter").value.trim().toLowerCase();
    const outcome = this.by("outcome").value;
    let shown = 0;
    for (const [id, { row, option }] of this.rows) {
      const all = `${row.service} ${row.message} ${row.verdict} #${row.number} ${row.faults.join(" ")}`.toLowerCase();
      option.hidden = id <= this.hidden || (outcome !== "" && row.outcome !== outcome) || !all.includes(text);
      if (!option.hidden) shown += 1;
    }
    this.by("count").textContent = t("list.count", { shown, all: this.rows.size });
    const empty = this.by("empty");
    empty.hidden = shown > 0;
    const isNone = this.rows.size === 0;
    empty.replaceChildren(el("p", {}, t(isNone ? "list.empty" : "list.noMatch")), isNone ? el("p", { class: "muted" }, t("list.emptyHint")) : "");
    this.list.hidden = shown === 0;
  }

  visible() {
    return [...this.list.children].filter((option) => !option.hidden);
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.list.clientHeight / 44) - 1);
    const options = this.visible();
    const at = options.findIndex((option) => Number(option.dataset.id) === this.active);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: options.length - 1 };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (this.active !== null) this.open(this.active, true);
    } else if (event.key in steps) {
      event.preventDefault();
      this.move(steps[event.key]);
    }
  }

  /** Goes to a place of the list; a request that is open gives way to the one there. */
  move(place) {
    const options = this.visible();
    const option = options[Math.min(Math.max(place, 0), options.length - 1)];
    if (!option) return;
    this.mark(Number(option.dataset.id));
    option.scrollIntoView({ block: "nearest" });
    if (this.detail.id !== null) this.open(this.active);
  }

  mark(id) {
    this.rows.get(this.active)?.option.classList.remove("active");
    this.active = id;
    const now = this.rows.get(id);
    now?.option.classList.add("active");
    if (now) this.list.setAttribute("aria-activedescendant", now.option.id);
    else this.list.removeAttribute("aria-activedescendant");
  }

  async open(id, takesFocus = false) {
    this.rows.get(this.detail.id)?.option.setAttribute("aria-selected", "false");
    this.mark(id);
    this.rows.get(id)?.option.setAttribute("aria-selected", "true");
    // At once: after the answer it would take the focus from where the reader has gone meanwhile.
    if (takesFocus) this.by("detail").focus();
    await this.detail.open(id);
  }

  close() {
    this.rows.get(this.detail.id)?.option.setAttribute("aria-selected", "false");
    this.detail.close();
  }

  back() {
    this.close();
    this.list.focus();
  }

  escape(event) {
    const filter = this.by("filter");
    if (event.target === filter && filter.value !== "") {
      filter.value = "";
      this.filter();
    } else if (this.detail.id !== null) {
      this.back();
    } else {
      return;
    }
    event.preventDefault();
  }

  pause() {
    this.paused = !this.paused;
    this.render();
  }

  render() {
    const pause = this.by("pause");
    pause.setAttribute("aria-pressed", String(this.paused));
    pause.textContent = t(this.paused ? "list.paused" : "list.pause");
    for (const entry of this.rows.values()) {
      const option = this.option(entry.row);
      entry.option.replaceWith(option);
      entry.option = option;
    }
    this.filter();
    this.detail.render();
  }
}

// Glory: the roster, page by page, and the deductions.
import { eased, get, post } from "./api.js";
import { amount, table } from "./books.js";
import { el, inline, known, refill, say, t } from "./dom.js";

const MOST = 200;

export class Cards {
  constructor(root) {
    this.root = root;
    this.after = 0;
    this.roster = { size: 0, rows: [] };
    this.deductions = [];
    this.news = eased(() => this.fetch());
  }

  shown() { this.news(); }

  async fetch() {
    try {
      const [roster, books] = await Promise.all([get(`/console/roster?after=${this.after}`), get("/control/books")]);
      this.roster = roster;
      this.deductions = books.glory.deductions;
      this.fill();
    } catch (error) {
      say(t("app.failed", { why: error.message }), true);
    }
  }

  go(after) {
    this.after = Math.max(0, after);
    this.from.value = this.after + 1;
    this.fetch();
  }

  render() {
    this.from = el("input", { id: "from", type: "number", min: "1", value: this.after + 1, class: "short" });
    const more = el("input", { type: "number", min: "1", value: "500", class: "short", id: "more" });
    this.size = el("span", { class: "note" });
    this.rows = el("div", { class: "stack" });
    this.ledger = el("div", { class: "stack" });
    const step = () => Math.max(this.roster.rows.length, 1);
    const browse = el("form", { class: "bar", onsubmit: (event) => {
      event.preventDefault();
      this.go(Number(this.from.value) - 1);
    } },
    el("label", { for: "from" }, t("cards.from")), this.from, el("button", { type: "submit" }, t("cards.show")),
    el("button", { type: "button", onclick: () => this.go(this.after - 20) }, t("cards.previous")),
    el("button", { type: "button", onclick: () => this.go(this.after + step()) }, t("cards.next")),
    el("span", { class: "gap" }), el("label", { for: "more" }, t("cards.addLabel")), more,
    el("button", { type: "button", onclick: () => this.add(Number(more.value)) }, t("cards.add")), this.size);
    this.root.replaceChildren(el("div", { class: "halves" },
      el("div", { class: "stack" }, browse, this.rows), this.ledger));
    this.fill();
  }

  async add(rows) {
    try {
      const { rosterSize } = await post("/control/glory/cards", { add: rows });
      say(t("cards.added", { n: rosterSize }));
      await this.fetch();
    } catch (error) {
      say(t("app.failed", { why: error.message }), true);
    }
  }

  fill() {
    this.size.textContent = t("cards.size", { n: this.roster.size });
    refill(this.rows, table(t("cards.roster"), ["dataID", "gloryID", t("cards.name"), t("cards.certificate")],
      this.roster.rows.map((row) => [
        amount(String(row.dataID)), amount(String(row.gloryID)), inline(row.certName),
        [el("code", {}, inline(row.certNo)), " ", el("span", { class: "muted" }, `${row.certType} ${known(`certType.${row.certType}`)}`)],
      ]), t("cards.none")));
    const latest = [...this.deductions].sort((one, other) => other.deductionTime.localeCompare(one.deductionTime)).slice(0, MOST);
    const note = this.deductions.length > MOST ? t("cards.more", { n: MOST, all: this.deductions.length }) : null;
    refill(this.ledger, table(t("cards.ledger"), ["deduction", "name", "total", "time", "state"].map((name) => t(`cards.${name}`)),
      latest.map((row) => [
        inline(row.deductionID), [inline(row.certName), el("span", { class: "below" }, inline(row.certNo))],
        amount(`${row.totalFee} / ${row.deductionFee}`), inline(row.deductionTime),
        row.status === "1" ? t("cards.valid") : t("cards.cancelled", { time: row.cancelTime || "" }),
      ]), t("cards.ledgerNone"), note));
  }
}

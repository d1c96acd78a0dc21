// Accounts, trades and wristbands as they stand.
import { eased, get, post } from "./api.js";
import { el, inline, known, moment, refill, say, t } from "./dom.js";

const MOST = 200;
const STATES = ["succ", "ing", "init", "exp", "fail", "closed"];

/** A table with a title; without rows it says so. */
export function table(title, columns, rows, none, note = null) {
  return el("section", { class: "block grow" },
    el("div", { class: "block-head" }, el("h3", {}, title), note && el("span", { class: "note" }, note)),
    rows.length === 0 ? el("p", { class: "muted" }, none)
      : el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title }, el("table", {},
        el("thead", {}, el("tr", {}, columns.map((column, n) => el("th", { scope: "col", class: rows[0][n].className === "number" ? "number" : null }, column)))),
        el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => (cell instanceof Node && cell.nodeName === "TD" ? cell : el("td", {}, cell)))))))));
}

export const amount = (text) => el("td", { class: "number" }, inline(text));
const two = (above, below) => [el("span", { class: "above" }, above), el("span", { class: "below whole" }, below)];
const state = (word) => el("span", { class: "whole" }, el("span", { class: `state ${word}` }, word), " ", el("span", { class: "muted" }, t(`state.${word}`)));

export class Books {
  constructor(root) {
    this.root = root;
    this.books = { accounts: [], orders: [], refunds: [], wristbands: [] };
    this.number = "";
    this.news = eased(() => this.fetch());
  }

  shown() { this.news(); }

  async fetch() {
    try {
      this.books = await get("/control/books");
      this.fill();
    } catch (error) {
      say(t("app.failed", { why: error.message }), true);
    }
  }

  trades() {
    const { orders, refunds } = this.books;
    return orders.concat(refunds).sort((one, other) => other.sequence - one.sequence);
  }

  render() {
    const field = el("input", { id: "number", type: "search", autocomplete: "off", spellcheck: "false", value: this.number });
    this.found = el("div", { id: "found", role: "status" });
    this.accounts = el("div", { class: "stack" });
    this.list = el("div", { class: "stack" });
    const look = el("form", { class: "bar", onsubmit: (event) => {
      event.preventDefault();
      this.number = field.value.trim();
      this.find();
    } }, el("label", { for: "number" }, t("books.lookupLabel")), field, el("button", { type: "submit" }, t("books.find")));
    this.root.replaceChildren(el("div", { class: "halves uneven" },
      this.accounts,
      el("div", { class: "stack" }, el("section", { class: "block" }, el("h3", {}, t("books.lookup")), look, this.found), this.list)));
    this.fill();
  }

  fill() {
    // Whoever is about to choose a state is not to lose the choice.
    if (this.list.contains(document.activeElement) && document.activeElement.nodeName === "SELECT") return;
    const { accounts, wristbands } = this.books;
    refill(this.accounts,
      table(t("books.accounts"), ["card", "name", "status", "balance"].map((name) => t(`books.${name}`)),
        accounts.map((account) => this.account(account)), t("app.none")),
      table(t("books.wristbands"), [t("books.key"), t("books.card")],
        wristbands.map(({ key, cardType, cardNo }) => [el("code", {}, inline(key || "")), inline(`${cardType || ""} ${cardNo || ""}`)]), t("books.noWristbands")));
    const trades = this.trades();
    const note = trades.length > MOST ? t("books.more", { n: MOST, all: trades.length }) : null;
    refill(this.list, table(t("books.trades"), ["number", "kind", "amount", "state", "time", "settle"].map((name) => t(`books.${name}`)),
      trades.slice(0, MOST).map((trade) => this.trade(trade)), t("books.none"), note));
    this.find();
  }

  account({ cardType, cardNo, idNo, userName, accountType, status, balance }) {
    return [
      two([inline(cardNo)], `${cardType} ${known(`cardType.${cardType}`)}`), two([inline(userName)], [inline(idNo)]),
      two(`${status} ${known(`status.${accountType}.${status}`)}`, t(`accountType.${accountType}`)), amount(balance),
    ];
  }

  trade(trade) {
    const isRefund = "outRefundNo" in trade;
    const number = isRefund ? trade.outRefundNo : trade.outChargeNo;
    return [
      two([inline(number)], [inline(isRefund ? trade.refundNo : trade.chargeNo)]),
      two(t(isRefund ? "books.refund" : "books.recharge"), isRefund ? [inline(t("books.ofOrder", { number: trade.outChargeNo }))] : [inline(trade.depositeType)]),
      amount(isRefund ? trade.refundAmt : trade.chargeAmt), state(trade.result), el("span", { class: "whole" }, moment(trade.tradeTime)),
      trade.result === "succ" ? "–" : this.settle(number),
    ];
  }

  settle(number) {
    const choice = el("select", { "aria-label": t("books.settleLabel", { number }) }, STATES.map((word) => el("option", { value: word }, word)));
    const act = async () => {
      try {
        await post(`/control/orders/${encodeURIComponent(number)}`, { result: choice.value });
        say(t("books.settled", { number, state: choice.value }));
      } catch (error) {
        say(t("app.failed", { why: error.message }), true);
      }
      await this.fetch();
    };
    return el("span", { class: "bar tight" }, choice, el("button", { type: "button", "aria-label": `${t("books.settleDo")}: ${number}`, onclick: act }, t("books.settleDo")));
  }

  find() {
    if (this.number === "") return this.found.replaceChildren();
    const trade = this.trades().find((one) => [one.outRefundNo || one.outChargeNo, one.chargeNo, one.refundNo].includes(this.number));
    if (!trade) return this.found.replaceChildren(el("p", {}, inline(t("books.notfound", { number: this.number }))));
    const isRefund = "outRefundNo" in trade;
    const refunds = this.books.refunds.filter((refund) => !isRefund && refund.outChargeNo === trade.outChargeNo && refund.result === "succ");
    const fen = refunds.reduce((sum, refund) => sum + Math.round(Number(refund.refundAmt) * 100), 0);
    const fact = (name, value) => el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, value));
    return this.found.replaceChildren(el("dl", { class: "facts" },
      fact(t("books.state"), state(trade.result)),
      fact(t("books.kind"), isRefund ? [t("books.refund"), " ", inline(t("books.ofOrder", { number: trade.outChargeNo }))] : t("books.recharge")),
      fact(t("books.amount"), isRefund ? trade.refundAmt : trade.chargeAmt),
      !isRefund && fact(t("books.card"), inline(`${trade.cardType} ${trade.cardNo}`)),
      fact(t("books.time"), moment(trade.tradeTime)),
      fact(t("books.number"), [inline(isRefund ? trade.outRefundNo : trade.outChargeNo), " ", el("span", { class: "muted" }, inline(isRefund ? trade.refundNo : trade.chargeNo))]),
      refunds.length > 0 && fact(t("books.refund"), t("books.refunded", { amount: (fen / 100).toFixed(2), n: refunds.length }))));
  }
}

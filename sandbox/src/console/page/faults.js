// Faults: those that are set, and a button for each that can be.
import { get, post, remove } from "./api.js";
import { el, inline, refill, say, t } from "./dom.js";

const number = (name, value) => ({ name, value, kind: "number" });
const text = (name, value) => ({ name, value, kind: "text" });
const choice = (name, values) => ({ name, values, kind: "choice" });
const WHEN = choice("when", ["before", "after"]);
const STATES = ["ing", "init", "exp", "fail", "closed"];

/** Every fault with what it takes, by where it strikes. */
export const FAULTS = {
  connection: { dropBefore: [], dropAfter: [], resetMidAnswer: [], shortBody: [] },
  answer: { wrongSign: [], unsigned: [], undecryptable: [], truncated: [], gbk: [], slow: [number("milliseconds", 20)] },
  platform: {
    delay: [number("milliseconds", 5000), WHEN], http: [number("status", 500), text("location", ""), WHEN], notJson: [WHEN],
    refuse: [text("respCode", "888888"), text("respMsg", "交易超时"), WHEN], tradeState: [choice("result", STATES)], clock: [number("minutes", -90)],
  },
  rosterGroup: {
    repeatCursor: [], backwards: [], tooManyRows: [],
    badRow: [choice("member", ["dataID", "certNo", "certName", "certType", "gloryID", "gloryType"]), { name: "value", value: "", kind: "json" }],
  },
};

export class Faults {
  constructor(root, console) {
    this.root = root;
    this.console = console;
    this.set = [];
  }

  shown() { this.news(); }

  async news() {
    try {
      this.take(await get("/control/faults"));
    } catch (error) {
      say(t("app.failed", { why: error.message }), true);
    }
  }

  take(set) {
    this.set = set;
    this.console.faults(set.length);
    this.fill();
  }

  render() {
    const { onepay, glory } = this.console.about;
    this.active = el("section", { class: "block" });
    this.scope = el("select", { id: "scope" }, el("option", { value: "" }, t("faults.everything")),
      onepay.services.concat(glory.paths).map((service) => el("option", { value: service }, service)));
    this.times = el("input", { id: "times", type: "number", min: "1", value: "1", class: "short", "aria-describedby": "times-hint" });
    const groups = Object.entries(FAULTS).map(([group, kinds]) => el("section", { class: "group", "aria-labelledby": `group-${group}` },
      el("h3", { id: `group-${group}` }, t(`faults.${group}`)),
      el("div", { class: "kinds" }, Object.entries(kinds).map(([kind, fields]) => this.kind(kind, fields)))));
    this.root.replaceChildren(this.active,
      el("div", { class: "bar" }, el("label", { for: "scope" }, t("faults.scope")), this.scope,
        el("label", { for: "times" }, t("faults.times")), this.times, el("span", { class: "muted", id: "times-hint" }, t("faults.timesHint"))),
      el("div", { class: "groups" }, groups));
    this.fill();
  }

  kind(kind, fields) {
    const inputs = fields.map((field) => this.field(kind, field));
    const act = (event) => {
      event.preventDefault();
      this.add(kind, fields, inputs);
    };
    return el("form", { class: "kind", "data-fault": kind, onsubmit: act },
      el("div", { class: "kind-head" }, el("code", {}, kind), el("button", { type: "submit", "aria-label": t("faults.setLabel", { fault: kind }) }, t("faults.set"))),
      el("p", {}, t(`fault.${kind}`)),
      inputs.length > 0 && el("div", { class: "bar tight" }, inputs.map((pair) => el("span", { class: "pair" }, pair))));
  }

  field(kind, { name, value, values, kind: type }) {
    const id = `${kind}-${name}`;
    const word = (one) => (name === "when" ? t(`faults.${one}`) : name === "result" ? `${one} ${t(`state.${one}`)}` : one);
    const input = type === "choice"
      ? el("select", { id }, values.map((one) => el("option", { value: one }, word(one))))
      : el("input", { id, type: type === "number" ? "number" : "text", value, class: type === "number" ? "short" : "middle" });
    return [el("label", { for: id }, t(`faults.${name}`)), input];
  }

  async add(kind, fields, inputs) {
    const fault = { fault: kind };
    try {
      fields.forEach((field, n) => {
        const { value } = inputs[n][1];
        if (value === "" && field.kind !== "number") return;
        fault[field.name] = field.kind === "number" ? Number(value) : field.kind === "json" ? JSON.parse(value) : value;
      });
      const scope = this.scope.value;
      if (scope !== "") fault[scope.startsWith("/") ? "path" : "transType"] = scope;
      if (this.times.value !== "") fault.times = Number(this.times.value);
      this.take(await post("/control/faults", fault));
      say(t("faults.setDone", { fault: kind }));
    } catch (error) {
      say(t("app.failed", { why: error.message }), true);
    }
  }

  async clear(fault) {
    try {
      this.take(await remove("/control/faults", fault));
      say(t("faults.cleared"));
    } catch (error) {
      say(t("app.failed", { why: error.message }), true);
    }
    // The button that was pressed is gone.
    (this.active.querySelector("button") || this.scope).focus();
  }

  fill() {
    const rows = this.set.map((fault) => {
      const { fault: kind, times, transType, path, ...rest } = fault;
      const details = Object.entries(rest).filter(([, value]) => value !== null).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
      return el("li", { "data-fault": kind },
        el("code", { class: "name" }, kind), el("span", {}, t(`fault.${kind}`)),
        el("span", { class: "muted" }, inline([transType || path || t("faults.everything"), ...details].join(" · "))),
        el("span", { class: "chip warn" }, times === null ? t("faults.always") : t("faults.left", { n: times })),
        el("button", { type: "button", "aria-label": t("faults.clearLabel", { fault: kind }), onclick: () => this.clear(fault) }, t("faults.clear")));
    });
    refill(this.active,
      el("div", { class: "block-head" }, el("h3", {}, t("faults.active")),
        rows.length > 0 && el("button", { type: "button", onclick: () => this.clear(undefined) }, t("faults.clearAll"))),
      rows.length === 0 ? el("p", { class: "muted" }, t("faults.none")) : el("ul", { class: "set" }, rows));
  }
}

// Signing, sealing and opening by hand, with the sandbox's own envelopes.
import { post } from "./api.js";
import { mistakes, signingTexts, signs } from "./detail.js";
import { block, el, indented, language, say, t } from "./dom.js";
import { tabs } from "./tabs.js";

const PARAM = '{\n  "cardType": "03",\n  "cardNo": "10001"\n}';
const area = (name, value = "") => ({ name, value, kind: "area" });
const line = (name, value = "", label = null) => ({ name, value, label, kind: "line" });
const choice = (name, of) => ({ name, of, kind: "choice" });

/** Each form: its fields, the button, the call, and what it shows of the answer. */
const FORMS = {
  onepaySeal: {
    fields: [choice("transType", "services"), choice("signType", "signTypes"), choice("encryptType", "encryptTypes"), line("timestamp", "", "hand.timestamp"),
      line("version", "H.F.0.1"), area("param", PARAM)],
    button: "hand.doSeal", path: "/console/onepay/seal",
    show: ({ message, looked }) => [block(t("hand.sealed"), message), block(t("hand.sign"), looked.given), signingTexts(looked)],
  },
  onepayOpen: {
    fields: [area("message")], button: "hand.doOpen", path: "/console/onepay/open",
    show: (looked) => [result(looked), signs(looked), looked.param !== null && block(t("detail.param"), indented(looked.param)), signingTexts(looked)],
  },
  onepaySign: {
    fields: [area("message")], button: "hand.doSign", path: "/console/onepay/open",
    show: ({ expected, signingText }) => [block(t("hand.sign"), expected), block(t("detail.signingText"), signingText)],
  },
  glorySign: {
    fields: [line("timestamp", "", "hand.timestamp"), area("body", '{\n  "dataID": 0,\n  "orgCode": "350100001"\n}')], button: "hand.doSign", path: "/console/glory/sign",
    show: ({ headers, signingText }) => [
      block(t("hand.threeHeaders"), headers.map(([name, value]) => `${name}: ${value}`).join("\n")), block(t("detail.signingText"), signingText)],
  },
  gloryVerify: {
    fields: [line("sid"), line("timestamp", "", "hand.timestampGiven"), line("sign"), area("body")], button: "hand.doVerify", path: "/console/glory/verify",
    show: (looked) => [result(looked), signs(looked), signingTexts(looked)],
  },
};

const result = (looked) => el("section", { class: `why ${looked.holds ? "fine" : "refused"}` },
  el("h3", {}, el("span", { "aria-hidden": "true" }, looked.holds ? "✓ " : "✕ "), t(looked.holds ? "hand.verified" : "hand.notVerified")),
  mistakes(looked.why));

export class Hand {
  constructor(root, console) {
    this.root = root;
    this.console = console;
    this.kind = "onepaySeal";
    this.values = {};
    this.answers = {};
  }

  /** Fills a form in and sends it. */
  fill(kind, values) {
    this.values[kind] = values;
    this.kind = kind;
    this.render();
    document.getElementById(`hand-${kind}`).querySelector("form").requestSubmit();
    document.getElementById(`hand-tab-${kind}`).focus();
  }

  render() {
    const names = Object.keys(FORMS);
    const list = el("div", { role: "tablist", class: "sub", "aria-label": t("hand.label") }, names.map((kind) => el("button", {
      role: "tab", type: "button", id: `hand-tab-${kind}`, "data-name": kind, "aria-controls": `hand-${kind}`,
    }, t(`hand.${kind}`))));
    this.root.replaceChildren(list, ...names.map((kind) => this.panel(kind)));
    tabs(list, (kind) => { this.kind = kind; })(this.kind);
  }

  panel(kind) {
    const form = FORMS[kind];
    const inputs = form.fields.map((field) => this.field(kind, field));
    const told = el("div", { class: "stack told", role: "status" });
    const show = () => told.replaceChildren(...this.told(kind));
    const act = async (event) => {
      event.preventDefault();
      const body = Object.fromEntries(inputs.map(([, input], n) => [form.fields[n].name, input.value]));
      try {
        this.answers[kind] = await post(form.path, body);
      } catch (error) {
        say(t("app.failed", { why: error.message }), true);
      }
      show();
    };
    show();
    return el("div", { role: "tabpanel", id: `hand-${kind}`, "aria-labelledby": `hand-tab-${kind}`, class: "halves" },
      el("form", { class: "stack form", onsubmit: act }, el("p", { class: "lead" }, t(`hand.${kind}Help`)),
        el("div", { class: "fields" }, inputs.map(([label, input]) => el("div", { class: input.nodeName === "TEXTAREA" ? "field tall" : "field" }, label, input))),
        el("div", { class: "bar" }, el("button", { type: "submit", class: "main" }, t(form.button)))),
      told);
  }

  field(kind, { name, value, label, of, kind: type }) {
    const id = `${kind}-${name}`;
    const kept = this.values[kind]?.[name] ?? value;
    const keep = (event) => { this.values[kind] = { ...this.values[kind], [name]: event.target.value }; };
    const titles = { message: "hand.message", param: "hand.param", body: "hand.body" };
    const title = label ? t(label) : titles[name] ? t(titles[name]) : name;
    const common = { id, spellcheck: "false", autocomplete: "off", oninput: keep };
    let input;
    if (type === "area") {
      input = el("textarea", { ...common, rows: "14", required: true }, kept);
    } else if (type === "choice") {
      const choices = this.console.about.onepay[of];
      input = el("select", { ...common }, choices.map((one) => el("option", { value: one, selected: one === kept }, one)));
    } else {
      input = el("input", { ...common, type: "text", value: kept });
    }
    return [el("label", { for: id }, title), input];
  }

  told(kind) {
    const answer = this.answers[kind];
    const form = FORMS[kind];
    if (!answer) return [el("p", { class: "muted" }, t("hand.waiting", { button: t(form.button) }))];
    if (answer.trouble) {
      return [el("section", { class: "why refused" }, el("h3", {}, t("hand.trouble")), el("p", {}, answer.trouble[language.name]))];
    }
    return form.show(answer).flat(Infinity).filter(Boolean);
  }
}

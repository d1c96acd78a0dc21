// One request in full: why it was refused, what was signed, what came and what went.
import { get } from "./api.js";
import { block, copyButton, difference, el, indented, inline, known, language, moment, printed, t } from "./dom.js";
import { verdict } from "./requests.js";

const words = (both) => both[language.name];
const lines = (headers) => headers.map(([name, value]) => `${name}: ${value}`).join("\n");

/** So many characters at the beginning of two signs are no accident. */
const ALIKE = 4;

/** A name and what is said of it. */
export const fact = (name, ...value) => el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, value));

/** The two signs, one above the other, and where they part. */
export function signs(looked) {
  if (looked.expected === null) return null;
  const at = difference(looked.given, looked.expected);
  // Signs of different texts have nothing in common: a mark would only be loud.
  const isMarked = !looked.holds && at >= ALIKE;
  const sign = (text) => (isMarked ? el("bdi", { dir: "ltr" }, printed(text.slice(0, at)), el("mark", {}, printed(text.slice(at)))) : inline(text));
  const told = looked.holds ? t("detail.signHolds") : looked.given === "" ? t("detail.signMissing")
    : looked.given.toLowerCase() === looked.expected.toLowerCase() ? t("detail.signCase")
      : isMarked ? t("detail.signDiffers", { n: at + 1 }) : t("detail.signOther");
  return el("section", { class: "block" },
    el("div", { class: "block-head" }, el("h3", {}, t("detail.sign")),
      el("span", { class: looked.holds ? "note good" : "note bad" }, el("span", { "aria-hidden": "true" }, looked.holds ? "✓ " : "✕ "), told)),
    el("dl", { class: "signs" },
      fact(t("detail.signGiven"), el("code", {}, looked.given === "" ? t("app.none") : sign(looked.given))),
      fact(t("detail.signExpected"), el("code", {}, sign(looked.expected)))));
}

/** The signing texts: the platform's, and the one that the sender must have had. */
export function signingTexts(looked) {
  if (looked.signingText === null) return [];
  const { ourText = "", theirText = "" } = looked.why || {};
  const at = difference(theirText, ourText);
  return [
    block(t("detail.signingText"), looked.signingText),
    theirText !== "" && at >= 0 && block(t("detail.theirText"), theirText, { differs: at, note: t("detail.theirTextDiffers", { n: at + 1 }) }),
  ];
}

/** The mistakes that were found, or what to look at. */
export function mistakes(why) {
  if (!why) return [];
  return [
    why.mistakes.map((mistake) => el("p", {}, el("strong", {}, t("detail.mistake")), " ", words(mistake))),
    why.alternatives.length > 0 && el("p", {}, t("detail.alternatives"), " ", el("code", {}, why.alternatives.join(", "))),
    why.hint && el("p", {}, el("strong", {}, t("detail.hint")), " ", words(why.hint)),
  ];
}

function body(title, kept, differs) {
  const note = kept.cut ? t("detail.cut", { length: kept.length })
    : kept.charset === "GBK" ? t("detail.gbk") : kept.charset === "" ? t("detail.noCharset") : null;
  return block(title, kept.text, { note, ...differs });
}

export class Detail {
  constructor(root, console, back) {
    this.root = root;
    this.console = console;
    this.back = back;
    this.id = null;
    this.told = null;
  }

  async open(id) {
    const isOther = id !== this.id;
    this.id = id;
    await this.load();
    if (isOther) this.root.scrollTop = 0;
  }

  async load() {
    const id = this.id;
    this.root.setAttribute("aria-busy", "true");
    try {
      const told = await get(`/console/requests/${id}`);
      if (id !== this.id) return;
      this.told = told;
      this.render();
    } catch {
      if (id === this.id) this.gone();
    }
  }

  gone() {
    this.told = null;
    this.root.setAttribute("aria-busy", "false");
    this.root.replaceChildren(el("p", { class: "empty" }, t("detail.gone")));
  }

  close() {
    this.id = null;
    this.told = null;
    this.render();
  }

  render() {
    const { scrollTop } = this.root;
    this.root.replaceChildren(...(this.told === null ? this.about() : this.request()));
    this.root.scrollTop = scrollTop;
    // Until the one that is asked for has come, another is shown.
    this.root.setAttribute("aria-busy", String(this.id !== (this.told?.row.id ?? null)));
    this.root.dataset.shown = this.told?.row.id ?? "";
  }

  /** With nothing open: what a hospital's program is to be told. */
  about() {
    const { onepay, glory, urls, kept } = this.console.about;
    const value = (name, text) => fact(name, el("code", {}, inline(text)), " ", copyButton(text, name));
    return [
      el("h2", {}, t("about.title")),
      el("p", { class: "lead" }, t("about.intro")),
      el("section", { class: "block about" }, el("h3", {}, t("about.onepay")), el("dl", { class: "facts wide" },
        value("URL (HTTP)", urls.onepayHttp), value("URL (HTTPS)", urls.onepayHttps), value("appId", onepay.appId),
        value("appSecret", onepay.appSecret), fact(t("about.keyOrder"), el("code", {}, onepay.keyOrder)))),
      el("section", { class: "block about" }, el("h3", {}, t("about.glory")), el("dl", { class: "facts wide" },
        value("URL (HTTP)", urls.gloryHttp), value("URL (HTTPS)", urls.gloryHttps), value("sid", glory.sid), value("key", glory.key),
        value("orgCode", glory.orgCode), fact(t("about.numbers"), el("code", {}, glory.numbers)))),
      el("section", { class: "block about" }, el("dl", { class: "facts wide" }, value(t("about.caFile"), urls.caFile))),
      el("p", { class: "muted lead" }, t("about.kept", {
        requests: kept.requests, mib: kept.bytes / 1024 / 1024, kib: kept.bodyBytes / 1024,
      })),
    ];
  }

  request() {
    const { row, request, answer } = this.told;
    const { looked } = request;
    return [
      this.head(row),
      this.why(row, looked),
      this.facts(row),
      looked && [signs(looked), signingTexts(looked)],
      this.content(row, request),
      body(t("detail.envelope"), request.body),
      request.headers.length > 0 && block(t("detail.headers"), lines(request.headers)),
      this.answer(row, answer),
    ].flat(Infinity).filter(Boolean);
  }

  head(row) {
    const canTry = row.platform !== "" && !this.told.request.body.cut;
    return el("div", { class: "detail-head" },
      el("h2", {}, verdict(row), " ", inline(row.service)),
      el("div", { class: "bar" },
        canTry && el("button", { type: "button", onclick: () => this.tryByHand(row) }, t("detail.tryByHand")),
        el("button", { type: "button", onclick: this.back }, t("detail.back"))));
  }

  tryByHand(row) {
    const { body: { text }, headers } = this.told.request;
    const value = (name) => headers.find(([known]) => known === name)?.[1] || "";
    if (row.platform === "onepay") this.console.byHand("onepayOpen", { message: text });
    else this.console.byHand("gloryVerify", { body: text, sid: value("sid"), timestamp: value("timestamp"), sign: value("sign") });
  }

  why(row, looked) {
    if (row.outcome === "fine" || row.outcome === "waiting") return null;
    const reasons = [this.reason(row)].concat(row.outcome === "refused" && row.faults.length > 0
      ? t("why.faultToo", { faults: this.faultNames(row) }) : []);
    return el("section", { class: `why ${row.outcome}`, "aria-labelledby": "why-title" },
      el("h3", { id: "why-title" }, t(row.outcome === "faulty" ? "detail.what" : "detail.why")),
      row.message !== "" && el("p", { class: "said" }, `${t("detail.said")} `, el("q", {}, inline(row.message))),
      reasons.map((reason) => el("p", {}, reason)),
      looked?.trouble && row.verdict !== "000002" && el("p", {}, el("strong", {}, t("detail.closer")), " ", words(looked.trouble)),
      this.told.request.body.charset === "GBK" && el("p", {}, el("strong", {}, t("detail.mistake")), " ", t("detail.gbk")),
      row.delivery in { close: 1, reset: 1, short: 1, drip: 1 } && el("p", {}, t(`delivery.${row.delivery}`)),
      mistakes(looked?.why));
  }

  faultNames(row) {
    return row.faults.map((fault) => known(`fault.${fault}`) || fault).join(language.name === "zh" ? "；" : "; ");
  }

  reason(row) {
    const { onepay, glory, urls } = this.console.about;
    if (row.outcome === "faulty") return t("why.fault", { faults: this.faultNames(row) });
    if (row.service === "TLS" && row.platform === "") return t("why.tls");
    if (row.outcome === "turnedAway") {
      const reasons = { 404: "why.path", 405: "why.method", 413: "why.size", 500: "why.unwritten" };
      return t(reasons[row.status] || "why.other", {
        onepay: new URL(urls.onepayHttp).pathname, glory: glory.paths.join(language.name === "zh" ? "、" : ", "), code: row.status,
      });
    }
    if (row.platform === "glory") return t("why.glory");
    return known(`why.${row.verdict}`) || t("why.other", { code: row.verdict, services: onepay.services.join(", ") });
  }

  facts(row) {
    const { peer, request } = this.told;
    const came = [peer.https ? "HTTPS" : "HTTP", t("detail.connection", { n: peer.connection }),
      peer.clientCertificate && t("detail.withCertificate")].filter(Boolean).join(" · ");
    const state = row.milliseconds === null ? t("detail.notYet") : row.status === null ? t("detail.noAnswer") : row.status;
    return el("dl", { class: "facts" },
      fact(t("detail.time"), moment(row.time)),
      fact(t("detail.from"), el("bdi", {}, peer.address), el("span", { class: "muted" }, ` ${came}`)),
      fact(t("detail.service"), el("code", {}, inline(row.service))),
      request.target !== "" && fact(t("detail.address"), el("code", {}, inline(`${request.method} ${request.target}`))),
      fact(t("detail.status"), state),
      fact(t("detail.took"), row.milliseconds === null ? "…" : `${row.milliseconds} ms`),
      fact(t("detail.booked"), t(row.booked ? "app.yesWord" : "app.noWord")),
      fact(t("detail.faults"), row.faults.length > 0 ? row.faults.map((fault) => [el("span", { class: "tag" }, fault), " "]) : t("app.none")),
      row.number !== null && el("div", { class: "fact", title: t("detail.numberTitle") }, el("dt", {}, t("detail.number")), el("dd", {}, `#${row.number}`)));
  }

  content(row, request) {
    if (request.looked === null) return null;
    if (row.platform === "onepay") return request.looked.param !== null && block(t("detail.param"), indented(request.looked.param));
    return request.body.text !== "" && block(t("detail.body"), indented(request.body.text));
  }

  answer(row, answer) {
    if (answer === null) return el("section", { class: "block" }, el("h3", {}, t("detail.answer")), el("p", {}, t(row.milliseconds === null ? "detail.notYet" : "detail.noAnswer")));
    if (row.delivery === "close") {
      return el("section", { class: "block" }, el("h3", {}, t("detail.answer")), el("p", {}, t("delivery.close")));
    }
    const param = answer.looked?.param;
    return [
      body(t("detail.answer"), answer.body),
      block(t("detail.answerHeaders"), `HTTP ${row.status}\n${lines(answer.headers)}`),
      param && block(t("detail.answerParam"), indented(param)),
    ];
  }
}

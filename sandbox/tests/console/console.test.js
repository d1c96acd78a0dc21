// The console as people use it: by mouse, by keyboard alone, in both languages; and as hostile senders and pages meet it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Browser, accessible, focused, picture, sound } from "./browser.js";
import { Sandbox } from "./sandbox.js";
import { STRINGS } from "../../src/console/page/strings.js";

const LANGUAGES = ["zh", "en"];
const TABS = ["requests", "books", "cards", "faults", "hand"];
const HOSTILE = '<script>globalThis.pwned=1</script><img src="https://evil.example/x" onerror="globalThis.pwned=1">\u202Eesrever\u200B&lt;b&gt;';
const CARD = { cardType: "03", cardNo: "10001" };
const word = (name, lang, values = {}) => STRINGS[name][LANGUAGES.indexOf(lang)].replace(/\{(\w+)\}/g, (_, key) => values[key]);

let browser;
before(async () => { browser = await Browser.start(); });
after(async () => {
  await browser?.stop();
  // Those of tests that failed; they would keep this program from ending.
  await Sandbox.stopAll();
});

/** A sandbox of its own, and a page that must come to its end without an error. */
async function with_console(work, { options = [], ...shown } = {}) {
  const sandbox = await Sandbox.start("--quiet", ...options);
  try {
    const page = await browser.open(sandbox, shown);
    await work(page, sandbox);
    await sound(page, "at the end");
    await page.close();
  } finally {
    await sandbox.stop();
  }
}

const rows = (page) => page.locator("#list [role=option]");
const first = (page, text) => rows(page).first().filter({ hasText: text }).waitFor();
const open = async (page, n = 0) => {
  const row = rows(page).nth(n);
  const id = await row.getAttribute("data-id");
  await row.click();
  await page.locator(`#detail[data-shown="${id}"][aria-busy=false]`).waitFor();
};
const detail = (page) => page.locator("#detail");
const told = (page, text) => page.locator("#told.shown", { hasText: text }).waitFor();
const block = (page, title) => detail(page).locator("section.block", { has: page.getByRole("heading", { name: title, exact: true }) }).locator("pre");
const texts = (locator) => locator.allInnerTexts();

describe("requests", { concurrency: 3 }, () => {
  test("the first one that is refused is at the top, and says why", () => with_console(async (page, sandbox) => {
    await detail(page).getByText(sandbox.appId).waitFor();
    const envelope = sandbox.envelope("hop.account.info", CARD, { secret: "another secret" });
    await sandbox.pay(envelope);
    await first(page, "hop.account.info");
    assert.match(await rows(page).first().innerText(), /✕ 000002/);
    await open(page);
    await detail(page).getByText(word("detail.why", "zh")).waitFor();
    const shown = await detail(page).innerText();
    for (const part of ["127.0.0.1:", "POST /onepay-web/oneweb/oneapi", "#1", "签名错误：", word("why.000002", "zh"), envelope.sign, "HTTP 200"]) {
      assert.ok(shown.includes(part), `${part} in ${shown}`);
    }
    const signed = await block(page, word("detail.signingText", "zh")).innerText();
    assert.ok(signed.startsWith(`appId=${sandbox.appId}&encryptType=Plain&param={"cardNo":"10001","cardType":"03"}&`) && signed.endsWith(`&key=${sandbox.secret}`), signed);
    assert.equal(await block(page, word("detail.envelope", "zh")).innerText(), JSON.stringify(envelope));
    assert.match(await block(page, word("detail.answer", "zh")).innerText(), /^\{"respCode":"000002"/);
    assert.deepEqual(JSON.parse(await block(page, word("detail.param", "zh")).innerText()), CARD);
    await picture(page, "refused");
  }));

  test("a known mistake is named, and a text that was changed after signing is not taken for one", () => with_console(async (page, sandbox) => {
    const envelope = sandbox.envelope("hop.account.info", CARD);
    await sandbox.pay({ ...envelope, sign: envelope.sign.toLowerCase() });
    await first(page, "000002");
    await open(page);
    await detail(page).getByText("sign 写成了小写十六进制").waitFor();
    await detail(page).getByText(word("detail.signCase", "zh")).waitFor();
    const sealed = JSON.parse((await sandbox.ask("/console/onepay/seal", { transType: "hop.account.info", param: JSON.stringify(CARD), signType: "SM3", encryptType: "AES" })).text);
    const message = JSON.parse(sealed.message);
    await sandbox.pay({ ...message, timestamp: "20200101000000" });
    await rows(page).nth(1).waitFor();
    await open(page);
    await detail(page).getByText("已知的错误都不能解释这个签名").waitFor();
    assert.deepEqual(JSON.parse(await block(page, word("detail.param", "zh")).innerText()), CARD, "decrypted");
    await sandbox.pay({ ...message, encryptData: "00112233445566778899AABBCCDDEEFF" });
    await first(page, "000001");
    await sandbox.pay(message);
    await first(page, "000000");
    await open(page);
    await detail(page).getByText(word("detail.signHolds", "zh")).waitFor();
    assert.equal(JSON.parse(await block(page, word("detail.answerParam", "zh")).innerText()).balance, "200.00");
  }));

  test("what no platform took is there too: wrong path, method, charset, TLS", () => with_console(async (page, sandbox) => {
    const reasons = [];
    const next = async (text) => {
      await first(page, text);
      await open(page);
      await detail(page).locator(".why").waitFor();
      reasons.push(await detail(page).locator(".why").innerText());
    };
    await sandbox.pay("{}", { path: "/onepay/api" });
    await next("/onepay/api");
    await sandbox.pay("", { method: "GET" });
    await next("HTTP 405");
    await sandbox.pay(Buffer.from([0x7b, 0x22, 0xd5, 0xc5, 0x22, 0x7d]));
    await next("200001");
    const https = JSON.parse((await sandbox.ask("/console/about")).text).urls.onepayHttps;
    await assert.rejects(fetch(https, { method: "POST", body: "{}" }));
    await next("TLS");
    assert.match(reasons[0], /\/glorycard\/store\/deductCancel/);
    assert.match(reasons[1], new RegExp(word("why.method", "zh")));
    assert.match(reasons[2], /GBK/);
    assert.match(reasons[3], /CA/);
  }));

  test("glory's are there with what they sign", () => with_console(async (page, sandbox) => {
    const roster = { orgCode: "350100001", dataID: 0 };
    await sandbox.card("/glorycard/store/all", roster);
    await first(page, "✓ 1");
    await open(page);
    await detail(page).getByText(word("detail.signHolds", "zh")).waitFor();
    await sandbox.card("/glorycard/store/all", roster, { key: "another key" });
    await first(page, "✕ 0");
    await open(page);
    await detail(page).getByText(word("detail.signOther", "zh")).waitFor();
    const signed = await block(page, word("detail.signingText", "zh")).innerText();
    assert.match(signed, new RegExp(`^dataID=0&orgCode=350100001&key=${sandbox.key}&timestamp=\\d{14}$`));
    await sandbox.card("/glorycard/store/all", roster, { timestamp: "20200101000000" });
    await first(page, "timestamp 20200101000000");
    await page.getByRole("button", { name: word("detail.tryByHand", "zh") }).click();
    await page.locator("#hand-gloryVerify .why.refused").waitFor();
  }));

  test("one that waits is there at once, and changes when it is answered", () => with_console(async (page, sandbox) => {
    await sandbox.ask("/control/faults", { fault: "delay", milliseconds: 2500, times: 1, when: "after" });
    const answered = sandbox.recharge("OC1", "1.00");
    await first(page, word("outcome.waiting", "zh"));
    await open(page);
    await detail(page).getByText(word("detail.notYet", "zh")).first().waitFor();
    assert.equal((await answered).status, 200);
    await first(page, "000000");
    await block(page, word("detail.answerParam", "zh")).waitFor();
    assert.equal(await rows(page).count(), 1);
    await sandbox.ask("/control/faults", { fault: "dropAfter", times: 1 });
    assert.equal((await sandbox.recharge("OC2", "1.00")).error, "ECONNRESET");
    await first(page, "dropAfter");
    assert.match(await rows(page).first().innerText(), /▲ 000000[^]*已记账[^]*无应答/);
  }));

  test("another sandbox on the same port begins a list of its own", async () => {
    // Below 32768, from where on the system gives ports away: another test would get it while nobody has it.
    const port = ["--control-port", String(32000 + process.pid % 700)];
    const sandbox = await Sandbox.start("--quiet", ...port);
    const page = await browser.open(sandbox);
    await sandbox.recharge("OC1", "1.00");
    await first(page, "000000");
    await sandbox.stop();
    await page.locator("#link.bad").waitFor();
    const other = await Sandbox.start("--quiet", ...port, "--app-id", "ANOTHER-APPLICATION-ID");
    try {
      await page.getByText(word("list.emptyHint", "zh")).waitFor();
      await detail(page).getByText("ANOTHER-APPLICATION-ID").waitFor();
      await other.pay("{}");
      await first(page, "010003");
      assert.ok(page.offences.every((offence) => offence.includes("ERR_CONNECTION")), page.offences.join());
      await page.close();
    } finally {
      await other.stop();
    }
  });

  test("the list is filtered, paused, cleared, and forgotten with a reset", () => with_console(async (page, sandbox) => {
    await sandbox.recharge("OC1", "1.00");
    await sandbox.recharge("OC1", "2.00");
    await sandbox.pay(sandbox.envelope("hop.account.info", CARD));
    await rows(page).nth(2).waitFor();
    await page.selectOption("#outcome", "refused");
    assert.deepEqual((await texts(rows(page).and(page.locator(":visible")))).map((row) => row.includes("200301")), [true]);
    await page.selectOption("#outcome", "");
    await page.fill("#filter", "ACCOUNT.info");
    assert.equal(await page.locator("#count").innerText(), word("list.count", "zh", { shown: 1, all: 3 }));
    await page.fill("#filter", "nothing like it");
    await page.getByText(word("list.noMatch", "zh")).waitFor();
    await page.fill("#filter", "");
    await page.click("#pause");
    await sandbox.pay(sandbox.envelope("hop.account.info", CARD));
    await page.waitForTimeout(1300);
    assert.equal(await rows(page).count(), 3, "paused");
    await page.click("#pause");
    await rows(page).nth(3).waitFor();
    await page.click("#hide");
    await page.locator("#empty").waitFor();
    await sandbox.pay(sandbox.envelope("hop.account.info", { ...CARD, cardNo: "none" }));
    await first(page, "200201");
    await page.click("#reset");
    await page.locator("#ask").getByRole("button", { name: word("app.yes", "zh") }).click();
    await page.getByText(word("list.emptyHint", "zh")).waitFor();
    assert.equal(JSON.parse((await sandbox.ask("/control/state")).text).orders.length, 0);
  }));

  test("hostile content is text, in every part of the page", () => with_console(async (page, sandbox) => {
    const hostile = sandbox.envelope("hop.trade.recharge", { ...CARD, chargeAmt: "1.00", depositeType: "CASH", outChargeNo: HOSTILE });
    await sandbox.pay({ ...hostile, [HOSTILE]: HOSTILE, sign: HOSTILE });
    await sandbox.pay({ ...hostile, transType: HOSTILE });
    await sandbox.pay(HOSTILE);
    const sealed = JSON.parse((await sandbox.ask("/console/onepay/seal", {
      transType: "hop.trade.recharge", signType: "MD5", encryptType: "AES", param: JSON.stringify({ ...CARD, chargeAmt: "1.00", depositeType: "CASH", outChargeNo: HOSTILE }),
    })).text);
    await sandbox.pay(sealed.message);
    await sandbox.card("/glorycard/store/deduct", { orgCode: "350100001", certType: "0", certNo: HOSTILE, certName: HOSTILE, deductionID: HOSTILE, totalFee: "2.00", deductionFee: "1.00", deductionTime: "2026-11-21 09:30:00", gloryType: "1", deductionType: "0" });
    await rows(page).nth(4).waitFor();
    for (let n = 0; n < 5; n += 1) {
      await open(page, n);
      await detail(page).locator("pre", { hasText: "<script>" }).first().waitFor();
      await sound(page, `hostile ${n}`);
    }
    const shown = await block(page, word("detail.envelope", "zh")).innerText();
    assert.ok(shown.includes("U+202E") && shown.includes("U+200B") && shown.includes("&lt;b&gt;"), shown);
    await picture(page, "hostile");
    for (const [tab, text] of [["books", "<script>"], ["cards", "<script>"]]) {
      await page.click(`#tab-${tab}`);
      await page.locator(`#${tab} td`, { hasText: text }).first().waitFor();
      await sound(page, tab);
    }
    await page.click("#tab-hand");
    await page.click("#hand-tab-onepayOpen");
    await page.fill("#onepayOpen-message", JSON.stringify({ ...hostile, sign: HOSTILE }));
    await page.click("#hand-onepayOpen button[type=submit]");
    await page.locator("#hand-onepayOpen pre", { hasText: "<script>" }).first().waitFor();
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
    assert.deepEqual(await page.evaluate(() => [document.images.length, document.scripts.length, document.querySelectorAll("main b").length]), [0, 1, 0]);
  }));
});

describe("books, cards, faults", { concurrency: 3 }, () => {
  test("accounts, trades, a number looked up, a trade settled", () => with_console(async (page, sandbox) => {
    await sandbox.recharge("OC1", "12.50");
    await sandbox.pay(sandbox.envelope("hop.trade.refund", { outChargeNo: "OC1", outRefundNo: "OR1", refundAmt: "2.00", withdrawMode: "1" }));
    await sandbox.ask("/control/faults", { fault: "tradeState", result: "ing", times: 1 });
    await sandbox.recharge("OC2", "5.00");
    await page.click("#tab-books");
    const row = (text) => page.locator("#books tr", { has: page.locator(".above", { hasText: new RegExp(`^${text}$`) }) });
    await row("10001").getByText("210.50").waitFor();
    assert.match(await row("10003").innerText(), /03 冻结/);
    await row("OC2").getByText("正在交易").waitFor();
    const look = async (number) => {
      await page.fill("#number", number);
      await page.press("#number", "Enter");
      return page.locator("#found").innerText();
    };
    assert.match(await look("OC1"), /succ 交易成功[^]*12\.50[^]*已退 2\.00 元，共 1 笔退款/);
    assert.match(await look("OR1"), /退款[^]*OC1/);
    assert.match(await look("OC9"), /notfound/);
    // What comes in the meantime takes neither the focus nor a choice away.
    await row("OC2").getByRole("combobox").selectOption("fail");
    await row("OC2").getByRole("combobox").focus();
    await sandbox.pay(sandbox.envelope("hop.account.info", CARD));
    await page.waitForTimeout(1500);
    assert.equal(await row("OC2").getByRole("combobox").inputValue(), "fail");
    await page.getByRole("group", { name: word("books.trades", "zh") }).focus();
    await sandbox.recharge("OC4", "0.01");
    await row("OC4").waitFor();
    assert.equal((await focused(page)).name, word("books.trades", "zh"));
    await row("OC2").getByRole("combobox").selectOption("succ");
    await row("OC2").getByRole("button").click();
    await told(page, "OC2");
    await row("10001").getByText("215.51").waitFor();
    await sandbox.recharge("OC3", "1.00");
    await row("OC3").waitFor();
    await picture(page, "books");
  }));

  test("the roster is leafed through and grows; deductions are listed", () => with_console(async (page, sandbox) => {
    await sandbox.card("/glorycard/store/deduct", { orgCode: "350100001", certType: "0", certNo: "1", certName: "张小凡", deductionID: "D1", totalFee: "2.00", deductionFee: "1.00", deductionTime: "2026-11-21 09:30:00", gloryType: "1", deductionType: "0" });
    await sandbox.card("/glorycard/store/deductCancel", { orgCode: "350100001", deductionID: "D1", deductionTime: "2026-11-21 10:00:00" });
    await page.click("#tab-cards");
    await page.locator("#cards tr", { hasText: "D1" }).getByText("已撤销 2026-11-21 10:00:00").waitFor();
    await page.getByRole("button", { name: word("cards.next", "zh") }).click();
    await page.locator("#cards td", { hasText: /^21$/ }).waitFor();
    await page.fill("#from", "1195");
    await page.press("#from", "Enter");
    await page.locator("#cards td", { hasText: /^1200$/ }).waitFor();
    await page.getByRole("button", { name: word("cards.add", "zh"), exact: true }).click();
    await page.locator("#cards td", { hasText: /^1214$/ }).waitFor();
    await page.getByText("共 1700 行").waitFor();
    await picture(page, "cards");
  }));

  test("each fault is set by its button as the control interface knows it, and cleared", () => with_console(async (page, sandbox) => {
    await page.click("#tab-faults");
    const listed = async () => JSON.parse((await sandbox.ask("/control/faults")).text);
    const forms = await page.locator("form.kind").all();
    await page.selectOption("#scope", "hop.trade.query");
    for (const form of forms) {
      const kind = await form.getAttribute("data-fault");
      await form.getByRole("button").click();
      await page.locator(`.set li[data-fault=${kind}]`).waitFor();
    }
    const set = await listed();
    assert.equal(set.length, 20);
    assert.deepEqual(set.find(({ fault }) => fault === "http"), { fault: "http", status: 500, location: null, when: "before", times: 1, transType: "hop.trade.query", path: null });
    assert.deepEqual(set.find(({ fault }) => fault === "clock").minutes, -90);
    await page.locator("#active.warn", { hasText: "20" }).waitFor();
    await picture(page, "faults");
    await page.locator(".set li[data-fault=http]").getByRole("button").click();
    await page.locator(".set li[data-fault=http]").waitFor({ state: "detached" });
    assert.deepEqual((await listed()).map(({ fault }) => fault).includes("http"), false);
    assert.equal((await listed()).length, 19);
    await page.getByRole("button", { name: word("faults.clearAll", "zh") }).click();
    await page.getByText(word("faults.none", "zh")).waitFor();
    await page.fill("#delay-milliseconds", "999999");
    await page.locator("form[data-fault=delay]").getByRole("button").click();
    await told(page, "600000");
    assert.match(page.offences.splice(0).join(), /^[^,]*400[^,]*$/, "the browser tells of the refusal too");
    await page.selectOption("#scope", "/glorycard/store/all");
    await page.fill("#times", "");
    await page.fill("#badRow-value", "7");
    await page.locator("form[data-fault=badRow]").getByRole("button").click();
    await page.locator(".set li", { hasText: word("faults.always", "zh") }).waitFor();
    assert.deepEqual(await listed(), [{ fault: "badRow", member: "dataID", value: 7, times: null, transType: null, path: "/glorycard/store/all" }]);
  }));
});

describe("by hand", { concurrency: 3 }, () => {
  test("what is sealed opens, is signed alike, and is taken by the platform", () => with_console(async (page, sandbox) => {
    await page.click("#tab-hand");
    const result = (kind) => page.locator(`#hand-${kind} .told`);
    await page.selectOption("#onepaySeal-encryptType", "SM4");
    await page.fill("#onepaySeal-param", '{"cardNo":"10001","cardType":"03","amount":10.00}');
    await page.click("#hand-onepaySeal button[type=submit]");
    const envelope = await result("onepaySeal").locator("pre").first().innerText();
    const sign = await result("onepaySeal").locator("pre").nth(1).innerText();
    assert.equal(JSON.parse(envelope).encryptType, "SM4");
    assert.match((await sandbox.pay(envelope)).text, /"respCode":"000000"/);
    await picture(page, "sealed");
    await page.click("#hand-tab-onepayOpen");
    await page.fill("#onepayOpen-message", envelope);
    await page.click("#hand-onepayOpen button[type=submit]");
    await result("onepayOpen").getByRole("heading", { name: word("hand.verified", "zh") }).waitFor();
    assert.match(await result("onepayOpen").innerText(), /"amount": 10\.00/, "numbers keep their spelling");
    await page.fill("#onepayOpen-message", envelope.replace(sign, sign.toLowerCase()));
    await page.click("#hand-onepayOpen button[type=submit]");
    await result("onepayOpen").getByText("小写十六进制").waitFor();
    await page.fill("#onepayOpen-message", "no JSON");
    await page.click("#hand-onepayOpen button[type=submit]");
    await result("onepayOpen").getByText(word("hand.trouble", "zh")).waitFor();
    await page.click("#hand-tab-onepaySign");
    const plain = sandbox.envelope("hop.account.info", CARD);
    await page.fill("#onepaySign-message", JSON.stringify({ ...plain, sign: undefined }));
    await page.click("#hand-onepaySign button[type=submit]");
    await result("onepaySign").locator("pre", { hasText: plain.sign }).waitFor();
    await page.click("#hand-tab-glorySign");
    await page.click("#hand-glorySign button[type=submit]");
    const headers = Object.fromEntries((await result("glorySign").locator("pre").first().innerText()).split("\n").map((line) => line.split(": ")));
    await page.click("#hand-tab-gloryVerify");
    await page.fill("#gloryVerify-timestamp", headers.timestamp);
    await page.fill("#gloryVerify-sign", headers.sign);
    await page.fill("#gloryVerify-body", '{"dataID":0,"orgCode":"350100001"}');
    await page.click("#hand-gloryVerify button[type=submit]");
    await result("gloryVerify").getByRole("heading", { name: word("hand.verified", "zh") }).waitFor();
    await page.fill("#gloryVerify-body", '{"dataID":1,"orgCode":"350100001"}');
    await page.click("#hand-gloryVerify button[type=submit]");
    await result("gloryVerify").getByText(word("hand.notVerified", "zh")).waitFor();
    // Languages change; what was written stays.
    await page.click("#language");
    assert.equal(await page.inputValue("#gloryVerify-body"), '{"dataID":1,"orgCode":"350100001"}');
    await result("gloryVerify").getByText(word("hand.notVerified", "en")).waitFor();
  }));
});

describe("by keyboard alone", { concurrency: 3 }, () => {
  test("every control is reached in order, and one sees where one is", () => with_console(async (page, sandbox) => {
    await sandbox.recharge("OC1", "1.00");
    await rows(page).first().waitFor();
    for (const tab of TABS) {
      await page.keyboard.press(String(TABS.indexOf(tab) + 1));
      assert.equal((await focused(page)).id, `tab-${tab}`);
      await page.waitForTimeout(150);
      const reachable = await page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']")]
        .filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length);
      const seen = [];
      let place = 0;
      for (let n = 0; n < reachable + 5; n += 1) {
        const focus = await focused(page);
        if (n > 0 && focus.id === `tab-${tab}`) break;
        if (focus.tag !== "BODY") {
          assert.ok(focus.visible, `${tab}: the focus is not seen on ${focus.tag} ${focus.name}`);
          seen.push(focus);
        }
        // The order of the tab key is that of the page.
        const now = await page.evaluate(() => [...document.querySelectorAll("*")].indexOf(document.activeElement));
        if (focus.tag !== "BODY" && !["skip", ""].includes(focus.id) && seen.length > 1 && now < place && focus.id !== "") assert.fail(`${tab}: ${focus.name} comes too late`);
        place = focus.tag === "BODY" ? 0 : now;
        await page.keyboard.press("Tab");
        if ((await focused(page)).tag === "A") place = 0;
      }
      assert.ok(seen.length >= reachable, `${tab}: ${seen.length} of ${reachable} reached: ${seen.map(({ name }) => name)}`);
    }
  }));

  test("the list: arrows move, Enter opens, Escape closes; tabs by arrows; help; language", () => with_console(async (page, sandbox) => {
    for (const number of ["OC1", "OC2", "OC3"]) await sandbox.recharge(number, "1.00");
    await rows(page).nth(2).waitFor();
    const active = () => page.locator("#list .active .when .muted").innerText();
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    await press("g");
    assert.match(await active(), /#3/);
    await press("ArrowDown", "ArrowDown", "ArrowDown");
    assert.match(await active(), /#1/);
    assert.equal((await focused(page)).visible, true);
    await press("Home", "ArrowDown", "Enter");
    await detail(page).getByText("#2").waitFor();
    assert.equal((await focused(page)).id, "detail");
    await press("Escape");
    assert.equal((await focused(page)).id, "list");
    await detail(page).getByText(word("about.title", "zh")).waitFor();
    await press("Enter", "Shift+Tab");
    assert.equal((await focused(page)).id, "list");
    await press("ArrowUp");
    await detail(page).getByText("#3").waitFor();
    // A new request moves nothing away.
    await sandbox.recharge("OC4", "1.00");
    await first(page, "#4");
    assert.match(await active(), /#3/);
    await page.waitForFunction(() => document.getElementById("news").textContent.includes("hop.trade.recharge"));
    await press("Escape", "/");
    assert.equal((await focused(page)).id, "filter");
    await page.keyboard.type("1/p?");
    assert.equal(await page.inputValue("#filter"), "1/p?", "keys are letters in a field");
    await press("Escape");
    assert.equal(await page.inputValue("#filter"), "");
    await page.locator("#tab-requests").focus();
    await press("ArrowRight");
    assert.deepEqual([(await focused(page)).id, await page.locator("#books").isVisible(), await page.locator("#requests").isVisible()], ["tab-books", true, false]);
    await press("End");
    assert.equal((await focused(page)).id, "tab-hand");
    await press("ArrowRight", "p");
    assert.equal(await page.getAttribute("#pause", "aria-pressed"), "true");
    await press("p", "?");
    await page.locator("#help[open]").waitFor();
    await picture(page, "keys");
    await press("Escape");
    await page.locator("#help").waitFor({ state: "hidden" });
    await press("l");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    // Single keys can be switched off.
    await press("?");
    await page.locator("#single").focus();
    await press("Space", "Escape", "l");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await page.evaluate(() => localStorage.clear());
  }));

  test("a fault is set and cleared, a message sealed", () => with_console(async (page, sandbox) => {
    await page.keyboard.press("4");
    const to = async (name) => {
      for (let n = 0; n < 80; n += 1) {
        if ((await focused(page)).name === name) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${name} is not reached`);
    };
    await to(word("faults.setLabel", "zh", { fault: "dropAfter" }));
    await page.keyboard.press("Enter");
    await page.locator(".set li[data-fault=dropAfter]").waitFor();
    assert.equal(JSON.parse((await sandbox.ask("/control/faults")).text).length, 1);
    for (let n = 0; n < 80 && (await focused(page)).name !== word("faults.clearLabel", "zh", { fault: "dropAfter" }); n += 1) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText(word("faults.none", "zh")).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#tab-faults").focus();
    await page.keyboard.press("ArrowRight");
    await to(word("hand.doSeal", "zh"));
    await page.keyboard.press("Enter");
    await page.locator("#hand-onepaySeal .told pre").first().waitFor();
  }));
});

describe("looks", { concurrency: 3 }, () => {
  for (const lang of LANGUAGES) {
    test(`every part in ${lang}: no wider than the window, nothing untranslated, by axe's rules, light and dark`, () => with_console(async (page, sandbox) => {
      await sandbox.recharge("OC1", "1.00");
      await sandbox.pay({ ...sandbox.envelope("hop.account.info", CARD), sign: "00" });
      await sandbox.card("/glorycard/store/all", { orgCode: "350100001", dataID: 0 });
      await sandbox.ask("/control/faults", { fault: "delay", milliseconds: 5, times: 9, transType: "portal.wb.getWristbandCode" });
      await sandbox.pay("{}", { path: "/nowhere" });
      assert.equal(await page.getAttribute("html", "lang"), lang === "zh" ? "zh-CN" : "en");
      assert.equal(await page.title(), word("app.title", lang));
      await rows(page).nth(3).waitFor();
      for (const tab of TABS) {
        await page.click(`#tab-${tab}`);
        if (tab === "requests") await open(page, 2);
        await page.locator(`#${tab} :is(td, .kind, pre, .told p)`).first().waitFor();
        for (const [width, height] of [[1920, 1080], [1024, 768], [1366, 768]]) {
          await page.setViewportSize({ width, height });
          await sound(page, `${tab} ${width} ${lang}`);
        }
        for (const colorScheme of ["dark", "light"]) {
          await page.emulateMedia({ colorScheme });
          await accessible(page, `${tab} ${lang} ${colorScheme}`, colorScheme === "dark" ? ["color-contrast"] : null);
          if (colorScheme === "light" || tab === "requests") await picture(page, `${lang}-${tab}-${colorScheme}`);
        }
        if (lang === "en") {
          const own = page.locator("header, .bar, .kind p, h2, h3, dt, th, label, option, .note");
          const chinese = (await own.allInnerTexts()).join("\n").replaceAll("中文", "").match(/.*\p{Script=Han}.*/u);
          assert.equal(chinese, null, `${tab}: ${chinese}`);
        }
      }
    }, { query: `?lang=${lang}` }));
  }

  test("the language is kept in the address and in the browser", () => with_console(async (page, sandbox) => {
    await page.click("#language");
    assert.match(page.url(), /\?lang=en#requests$/);
    await page.reload();
    await page.getByText(word("about.title", "en")).waitFor();
    await page.goto(sandbox.console);
    await page.getByText(word("about.title", "en")).waitFor();
    await page.goto(`${sandbox.console}?lang=zh#faults`);
    await page.getByText(word("faults.none", "zh")).waitFor();
    await page.evaluate(() => localStorage.clear());
  }));
});

describe("from elsewhere", { concurrency: 3 }, () => {
  test("another page presses no button and reads nothing", async () => {
    const [ours, theirs] = [await Sandbox.start("--quiet"), await Sandbox.start("--quiet")];
    try {
      const page = await browser.context.newPage();
      await page.goto(`${theirs.control}/control/faults`);
      const tried = await page.evaluate(async (control) => {
        const outcomes = [];
        const fault = JSON.stringify({ fault: "dropBefore" });
        for (const options of [
          { method: "POST", body: fault, mode: "no-cors" },
          { method: "POST", body: fault, mode: "no-cors", headers: { "content-type": "text/plain" } },
          { method: "POST", body: fault, headers: { "content-type": "application/json" } },
          { method: "DELETE" },
        ]) outcomes.push(await fetch(`${control}/control/faults`, options).then((answer) => answer.type, () => "failed"));
        outcomes.push(await fetch(`${control}/console/about`).then((answer) => answer.text(), () => "failed"));
        const form = document.createElement("form");
        form.method = "POST";
        form.action = `${control}/control/reset`;
        document.body.append(form);
        form.submit();
        return outcomes;
      }, ours.control);
      await page.waitForURL(`${ours.control}/control/reset`);
      assert.match(await page.innerText("body"), /may not use the sandbox/);
      assert.deepEqual(tried, ["opaque", "opaque", "failed", "failed", "failed"]);
      assert.deepEqual(JSON.parse((await ours.ask("/control/faults")).text), []);
      await page.close();
    } finally {
      await ours.stop();
      await theirs.stop();
    }
  });

  test("off, there is no console", async () => {
    const sandbox = await Sandbox.start("--quiet", "--no-console");
    try {
      assert.match(sandbox.welcome, /console +off/);
      for (const path of ["/console", "/console/requests", "/console/console.js", "/"]) assert.equal((await sandbox.ask(path)).status, 404, path);
    } finally {
      await sandbox.stop();
    }
  });
});

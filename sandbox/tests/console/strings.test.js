// The table of texts: both languages whole, nothing missing, nothing left over.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { FAULTS } from "../../src/console/page/faults.js";
import { STRINGS } from "../../src/console/page/strings.js";

const PAGE = new URL("../../src/console/page/", import.meta.url);
const SOURCES = readdirSync(PAGE).filter((name) => /\.(js|html)$/.test(name) && name !== "strings.js");
const all = SOURCES.map((name) => readFileSync(new URL(name, PAGE), "utf8")).join("\n");

test("each text is there in both languages, with the same gaps", () => {
  const gaps = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((gap) => gap[1]).sort();
  for (const [name, both] of Object.entries(STRINGS)) {
    assert.equal(both.length, 2, name);
    assert.ok(both.every((text) => text.trim() !== ""), name);
    assert.deepEqual(gaps(both[0]), gaps(both[1]), name);
    assert.ok(!/\p{Script=Han}/u.test(both[1]) || name === "app.language", name);
  }
});

test("each name that the page uses is in the table, and each of the table is used", () => {
  const used = new Set([...all.matchAll(/(?:["'`]|data-t(?:-label|-placeholder)?=")((?:[a-z]\w*)\.\w[\w.]*)["'`]/gi)].map((name) => name[1]));
  const composed = ["outcome.", "delivery.", "why.", "state.", "cardType.", "accountType.", "status.", "certType.", "fault.", "faults.", "hand.", "books.", "cards.", "tab."];
  for (const name of used) {
    if (/\.(js|css|svg)$/.test(name) || /^(hop|portal|H)\./.test(name)) continue;
    assert.ok(name in STRINGS, name);
  }
  for (const name of Object.keys(STRINGS)) assert.ok(used.has(name) || composed.some((start) => name.startsWith(start)), `${name} is not used`);
});

test("each fault, refusal, state and card type has its text", () => {
  const rust = (path) => readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
  for (const kinds of Object.values(FAULTS)) for (const kind of Object.keys(kinds)) assert.ok(`fault.${kind}` in STRINGS, kind);
  const codes = [...rust("refusal.rs").matchAll(/^ +[A-Z_]+ = "(\d{6})"/gm)].map((row) => row[1]);
  assert.ok(codes.length > 20);
  for (const code of codes) assert.ok(`why.${code}` in STRINGS, code);
});

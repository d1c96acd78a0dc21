// The sandbox as a program on free ports, and requests to it that are signed without its help.
import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env.HISLINK_SANDBOX || new URL("../../../target/debug/hislink-sandbox", import.meta.url).pathname;

const running = new Set();

export class Sandbox {
  static async stopAll() {
    for (const sandbox of running) await sandbox.stop();
  }

  static async start(...options) {
    const folder = mkdtempSync(join(tmpdir(), "hislink-console-"));
    const ports = ["--http-port", "0", "--https-port", "0"].concat(options.includes("--control-port") ? [] : ["--control-port", "0"]);
    const program = spawn(PROGRAM, [...ports, "--dir", join(folder, "pem"), ...options], { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    await new Promise((resolve, reject) => {
      program.on("error", reject);
      program.on("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
      program.stdout.setEncoding("utf8").on("data", (text) => {
        told += text;
        if (told.includes("Ctrl-C ends it.")) resolve();
      });
    });
    program.removeAllListeners("exit");
    const line = (name) => told.match(new RegExp(`^ +${name} +(\\S+)`, "m"))[1];
    const sandbox = Object.assign(new Sandbox(), {
      program, folder, welcome: told, onepay: line("http"), console: line("console"), control: new URL(line("control")).origin,
      appId: line("appId"), secret: line("appSecret"), sid: line("sid"), key: line("key"),
    });
    running.add(sandbox);
    return sandbox;
  }

  async stop() {
    running.delete(this);
    const ended = new Promise((resolve) => this.program.on("exit", resolve));
    this.program.kill();
    await ended;
    rmSync(this.folder, { recursive: true });
  }

  /** An envelope in Plain. Its param's values are texts, so that JSON sorts and quotes them as the document asks. */
  envelope(transType, param, { secret = this.secret, sort = true } = {}) {
    const members = { appId: this.appId, encryptType: "Plain", param, signType: "MD5", timestamp: stamp(), transType, version: "H.F.0.1" };
    const nested = JSON.stringify(Object.fromEntries(Object.entries(param).sort(([one], [other]) => (one < other ? -1 : 1))));
    const names = sort ? Object.keys(members).sort() : Object.keys(members).sort().reverse();
    const text = names.map((name) => `${name}=${name === "param" ? nested : members[name]}`).join("&");
    return { ...members, sign: md5(`${text}&key=${secret}`).toUpperCase() };
  }

  /** Posts to onepay; gives status and text, or the error's code. */
  async pay(message, { path = "", method = "POST" } = {}) {
    const body = Buffer.isBuffer(message) || typeof message === "string" ? message : JSON.stringify(message);
    return post(new URL(path || this.onepay, this.onepay), body, { "content-type": "application/json" }, method);
  }

  async recharge(outChargeNo, chargeAmt, changes = {}) {
    return this.pay(this.envelope("hop.trade.recharge", { cardType: "03", cardNo: "10001", chargeAmt, depositeType: "CASH", outChargeNo, ...changes }));
  }

  /** Posts to glory. The body's values are plain, its names sorted by hand. */
  async card(path, body, { key = this.key, timestamp = stamp() } = {}) {
    const flattened = Object.keys(body).sort().map((name) => `${name}=${body[name]}`).join("&");
    const digest = md5(`${flattened}&key=${key}&timestamp=${timestamp}`).toUpperCase();
    const sign = createHmac("sha256", key).update(digest).digest("hex");
    return post(new URL(path, this.onepay), JSON.stringify(body), { "content-type": "application/json", sid: this.sid, timestamp, sign });
  }

  async ask(path, body = undefined, headers = {}) {
    const method = body === undefined ? "GET" : "POST";
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(this.control + path, { method, body: sent, headers: { "content-type": "application/json", ...headers } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

const md5 = (text) => createHash("md5").update(text).digest("hex");

export const stamp = () => new Date(Date.now() + 8 * 3600_000).toISOString().replace(/\D/g, "").slice(0, 14);

function post(url, body, headers, method = "POST") {
  return new Promise((resolve) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
      response.on("error", (error) => resolve({ error: error.code }));
    });
    asked.on("error", (error) => resolve({ error: error.code }));
    asked.end(body);
  });
}

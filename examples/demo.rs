//! The main job in one command: `cargo run --example demo`.
//!
//! Starts the payment platform's sandbox in this process, loads the built dynamic library as a host program would, and
//! serves a patient at a window. For each step it shows what the host asked, what was signed, sent and answered.

#![allow(clippy::indexing_slicing)] // indexing a serde_json Value gives null where there is nothing

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::error::Error;
use std::ffi::{CStr, CString, c_char};
use std::path::PathBuf;

use hislink_sandbox::{Fault, FaultKind, Options, Sandbox};
use libloading::{Library, Symbol};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let sandbox = Sandbox::start(Options::default())?;
    let window = Window { host: Host::load()?, sandbox };
    println!("The library   {}, version {}", dynamic_library()?.display(), window.host.version()?);
    println!("The platform  {} (a sandbox in this process)", window.sandbox.http_url());
    window.configure()?;
    window.serve_a_patient()?;
    window.lose_an_answer()?;
    window.refuse_a_typing_error()?;
    println!("\nDone. What you saw is the C contract: include/hislink.h, examples-c/, README.md.");
    Ok(())
}

/// A cashier's window: the host program with the library, and the platform that it talks to.
struct Window {
    host: Host,
    sandbox: Sandbox,
}

impl Window {
    fn configure(&self) -> Result<()> {
        title("Configure (hislink_configure)");
        let settings = json!({"language": "en", "onepay": {
            "url": self.sandbox.http_url(), "appId": self.sandbox.app_id(), "appSecret": self.sandbox.app_secret(),
            "signType": "MD5", "encryptType": "AES"}});
        let reply = self.host.call("configure", &settings)?;
        let shown = settings.to_string().replace(self.sandbox.app_secret(), "***");
        println!("request   {shown}\nreply     {reply}");
        expect(&reply, "succeeded")
    }

    fn serve_a_patient(&self) -> Result<()> {
        let card = json!({"cardType": "03", "cardNo": "10001"});
        let account = self.step("The patient's account", "onepay_account_info", &json!({"param": card}))?;
        println!("          {} has {} yuan", account["userName"], account["balance"]);

        let order = self.order_number("OC")?;
        let recharge = json!({"orderNo": order, "param": {"cardType": "03", "cardNo": "10001", "chargeAmt": "100.50",
            "depositeType": "CASH", "channelType": "01"}});
        let recharged = self.step("Recharge 100.50 yuan in cash", "onepay_recharge", &recharge)?;
        println!("          the balance is now {} yuan", recharged["balance"]);

        let queried = self.step("What became of that order", "onepay_query", &json!({"orderNo": order}))?;
        println!("          the trade's state is {}", queried["result"]);

        let refund = json!({"orderNo": self.order_number("RF")?, "param": {"outChargeNo": order, "refundAmt": "20.00",
            "withdrawMode": "0"}});
        let refunded = self.step("Refund 20.00 yuan of it", "onepay_refund", &refund)?;
        println!("          the balance is now {} yuan", refunded["balance"]);

        let span =
            json!({"param": {"cardType": "03", "cardNo": "10001", "beginDate": "20200101", "endDate": "20991231"}});
        let details = self.step("The list of trades", "onepay_details", &span)?;
        for trade in details["list"].as_array().into_iter().flatten() {
            println!("          {trade}");
        }

        let inpatient = json!({"param": {"cardType": "05", "cardNo": "Z20001", "operatorId": "0001",
            "operatorName": "王护士", "accountType": "02"}});
        let code = self.step("A wristband for an inpatient", "onepay_wristband_code", &inpatient)?;
        let by_key = json!({"param": {"key": code["key"]}});
        let banded = self.step("The account behind that wristband", "onepay_wristband_account", &by_key)?;
        println!("          {} has {} yuan", banded["userName"], banded["balance"]);
        Ok(())
    }

    /// The platform books a recharge and its answer is lost: unknown is what the library says, and a query settles it.
    fn lose_an_answer(&self) -> Result<()> {
        let order = self.order_number("OC")?;
        let recharge = json!({"orderNo": order, "param": {"cardType": "03", "cardNo": "10001", "chargeAmt": "5.00",
            "depositeType": "CASH"}});
        self.sandbox.set_fault(Fault::once(FaultKind::DropAfter));
        title("A recharge whose answer is lost on the way (hislink_onepay_recharge)");
        let reply = self.host.call("onepay_recharge", &recharge)?;
        println!("request   {recharge}\nreply     {reply}");
        expect(&reply, "unknown")?;
        let queried = self.step("So query that order number", "onepay_query", &json!({"orderNo": order}))?;
        println!("          the trade's state is {}: it was booked, nothing is to be charged again", queried["result"]);
        Ok(())
    }

    fn refuse_a_typing_error(&self) -> Result<()> {
        title("A wrong card type never leaves the house (hislink_onepay_account_info)");
        let request = json!({"param": {"cardType": "99", "cardNo": "10001"}});
        let reply = self.host.call("onepay_account_info", &request)?;
        println!("request   {request}\nreply     {reply}");
        expect(&reply, "rejected")
    }

    /// Runs a service and shows the whole way; gives the answer's `param`.
    fn step(&self, what: &str, operation: &str, request: &Value) -> Result<Value> {
        title(&format!("{what} (hislink_{operation})"));
        println!("request   {request}");
        let reply = self.host.call(operation, request)?;
        let state = self.sandbox.state();
        let seen = state["requests"].as_array().and_then(|requests| requests.last()).cloned().unwrap_or_default();
        for (label, member) in [("signed", "signingText"), ("sent", "received"), ("answered", "answered")] {
            println!("{label:<9} {}", seen[member].as_str().unwrap_or_default());
        }
        println!("reply     {reply}");
        expect(&reply, "succeeded")?;
        Ok(reply["data"]["param"].clone())
    }

    fn order_number(&self, prefix: &str) -> Result<Value> {
        Ok(self.host.call("order_no", &json!({"prefix": prefix}))?["data"]["orderNo"].clone())
    }
}

/// The dynamic library, loaded as a host program does.
struct Host(Library);

impl Host {
    fn load() -> Result<Self> {
        // SAFETY: loading the library runs nothing but its own start.
        Ok(Self(unsafe { Library::new(dynamic_library()?) }?))
    }

    fn version(&self) -> Result<String> {
        // SAFETY: the C contract's signature; the text is static.
        unsafe {
            let version: Symbol<'_, unsafe extern "C" fn() -> *const c_char> = self.0.get(b"hislink_version\0")?;
            Ok(CStr::from_ptr(version()).to_str()?.to_owned())
        }
    }

    fn call(&self, operation: &str, request: &Value) -> Result<Value> {
        let name = CString::new(format!("hislink_{operation}"))?;
        let request = CString::new(request.to_string())?;
        // SAFETY: the C contract's signatures; the reply is copied before it is freed, once.
        let reply = unsafe {
            let call: Symbol<'_, unsafe extern "C" fn(*const c_char) -> *mut c_char> =
                self.0.get(name.as_bytes_with_nul())?;
            let free: Symbol<'_, unsafe extern "C" fn(*mut c_char)> = self.0.get(b"hislink_free\0")?;
            let reply = call(request.as_ptr());
            let text = CStr::from_ptr(reply).to_owned();
            free(reply);
            text
        };
        Ok(serde_json::from_str(reply.to_str()?)?)
    }
}

/// Beside this program: target/<profile>/examples/demo, target/<profile>/deps/libhislink.so.
fn dynamic_library() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let profile = program.ancestors().nth(2).ok_or("no directory above this program's")?;
    let name = format!("{DLL_PREFIX}hislink{DLL_SUFFIX}");
    let places = [profile.join("deps").join(&name), profile.join(&name)];
    let found = places.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| format!("no {name} below {}", profile.display()).into())
}

fn title(text: &str) {
    println!("\n=== {text}");
}

fn expect(reply: &Value, status: &str) -> Result<()> {
    if reply["status"] == status { Ok(()) } else { Err(format!("expected {status}: {reply}").into()) }
}

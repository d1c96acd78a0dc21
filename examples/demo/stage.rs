//! Where the demo plays: the host, the platforms, a store for a while; and how each step is shown.

use std::path::PathBuf;
use std::{env, fs, process};

use hislink_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::Result;
use crate::host::Host;

/// A page of the roster is longer than anybody reads.
const MOST_CHARACTERS: usize = 900;

/// The host goes first: it closes the store in the folder.
pub struct Stage {
    pub host: Host,
    pub sandbox: Sandbox,
    folder: Folder,
}

impl Stage {
    pub fn new(host: Host, sandbox: Sandbox) -> Result<Self> {
        Ok(Self { host, sandbox, folder: Folder::new()? })
    }

    pub fn configure(&self) -> Result<()> {
        let sandbox = &self.sandbox;
        title("Configure (hislink_configure)");
        let settings = json!({"language": "en",
            "onepay": {"url": sandbox.http_url(), "appId": sandbox.app_id(), "appSecret": sandbox.app_secret(),
                "signType": "MD5", "encryptType": "AES"},
            "glory": {"url": sandbox.glory_url(), "sid": sandbox.glory_sid(), "key": sandbox.glory_key(),
                "orgCode": sandbox.glory_org_code()},
            "http": {"caFile": sandbox.ca_file()}, "store": format!("sqlite:{}", self.folder.0.join("demo.db").display())});
        let reply = self.host.call("configure", &settings)?;
        let shown = settings.to_string().replace(sandbox.app_secret(), "***").replace(sandbox.glory_key(), "***");
        println!("request   {shown}\nreply     {reply}");
        expect(&reply, "succeeded")
    }

    /// Runs a service and shows the whole way; gives the reply's `data`.
    pub fn step(&self, what: &str, operation: &str, request: &Value) -> Result<Value> {
        title(&format!("{what} (hislink_{operation})"));
        println!("request   {request}");
        let reply = self.host.call(operation, request)?;
        let state = self.sandbox.state();
        let seen = state["requests"].as_array().and_then(|requests| requests.last()).cloned().unwrap_or_default();
        for (label, member) in [("signed", "signingText"), ("sent", "received"), ("answered", "answered")] {
            println!("{label:<9} {}", cut(seen[member].as_str().unwrap_or_default()));
        }
        println!("reply     {reply}");
        expect(&reply, "succeeded")?;
        Ok(reply["data"].clone())
    }

    /// Runs what stays in the house, or does not come to a good end; gives the reply's `data`.
    pub fn ask(&self, what: &str, operation: &str, request: &Value, status: &str) -> Result<Value> {
        title(&format!("{what} (hislink_{operation})"));
        let reply = self.host.call(operation, request)?;
        println!("request   {request}\nreply     {reply}");
        expect(&reply, status)?;
        Ok(reply["data"].clone())
    }

    pub fn order_number(&self, prefix: &str) -> Result<Value> {
        Ok(self.host.call("order_no", &json!({"prefix": prefix}))?["data"]["orderNo"].clone())
    }
}

/// A folder that goes with the demo.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = env::temp_dir().join(format!("hislink-demo-{}", process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}

pub fn title(text: &str) {
    println!("\n=== {text}");
}

pub fn expect(reply: &Value, status: &str) -> Result<()> {
    if reply["status"] == status { Ok(()) } else { Err(format!("expected {status}: {reply}").into()) }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{} ...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

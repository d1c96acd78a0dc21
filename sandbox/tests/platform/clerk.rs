//! A clerk: seals requests, posts them, opens and verifies the answers.

use std::time::Duration;

use hislink::json::{self, Json};
use hislink::onepay::{cipher, envelope, sign};
use hislink::settings::{EncryptType, KeyOrder, Onepay, SignType};
use hislink_sandbox::{Options, Sandbox};
use serde_json::{Map, Value, json};
use ureq::Agent;

/// Long enough for a busy machine, short enough for a test that hangs.
pub const LIMIT: Duration = Duration::from_secs(10);

pub struct Clerk {
    pub sandbox: Sandbox,
    pub settings: Onepay,
    pub types: (SignType, EncryptType),
    pub agent: Agent,
}

/// An answer that was decrypted.
#[derive(Debug)]
pub struct Reply {
    pub code: String,
    pub message: String,
    pub param: Value,
    /// Whether it was signed, and the sign holds.
    pub signed: bool,
    /// As it came.
    pub envelope: Value,
}

impl Clerk {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).unwrap();
        let text = json!({ "appId": sandbox.app_id(), "appSecret": sandbox.app_secret() }).to_string();
        let settings = Onepay::read(json::read(&text).unwrap().as_object().unwrap()).unwrap();
        Self { sandbox, settings, types: (SignType::Md5, EncryptType::Aes), agent: agent() }
    }

    /// A signed and encrypted request.
    pub fn seal(&self, trans_type: &str, param: &Value) -> Map<String, Value> {
        let (sign_type, encrypt_type) = self.types;
        let mut message = Map::new();
        message.insert("appId".into(), self.sandbox.app_id().into());
        message.insert("transType".into(), trans_type.into());
        message.insert("signType".into(), sign_type.as_str().into());
        message.insert("encryptType".into(), encrypt_type.as_str().into());
        message.insert("timestamp".into(), "20261121120000".into());
        message.insert("version".into(), "H.F.0.1".into());
        message.insert("param".into(), param.clone());
        let plain = Value::Object(message.clone()).to_string();
        let members = json::read(&plain).unwrap();
        let text = sign::envelope_text(members.as_object().unwrap(), KeyOrder::Ascii).unwrap();
        message.insert("sign".into(), sign::sign(&text, self.sandbox.app_secret(), sign_type).into());
        if encrypt_type != EncryptType::Plain {
            message.remove("param");
            let data = cipher::encrypt(&param.to_string(), encrypt_type, &self.settings).unwrap();
            message.insert("encryptData".into(), data.into());
        }
        message
    }

    pub fn sealed(&self, trans_type: &str, param: &Value) -> String {
        Value::Object(self.seal(trans_type, param)).to_string()
    }

    pub fn post(&self, body: &str) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        self.agent.post(self.sandbox.http_url()).content_type("application/json").send(body)
    }

    /// Asks, and opens the answer; a sign that does not hold fails the test.
    pub fn ask(&self, trans_type: &str, param: Value) -> Reply {
        self.send(&self.sealed(trans_type, &param))
    }

    pub fn send(&self, body: &str) -> Reply {
        self.open(&self.post(body).unwrap().body_mut().read_to_string().unwrap())
    }

    pub fn open(&self, text: &str) -> Reply {
        let Ok(Json::Object(message)) = json::read(text) else { panic!("{text}") };
        let plain = envelope::decrypted(&message, &self.settings).unwrap();
        let opened = envelope::open(&message, plain.as_deref(), &self.settings).unwrap();
        let whole: Value = serde_json::from_str(text).unwrap();
        Reply {
            code: whole["respCode"].as_str().unwrap().to_owned(),
            message: whole["respMsg"].as_str().unwrap().to_owned(),
            param: serde_json::from_str(&json::to_text(&opened.param)).unwrap(),
            signed: opened.verified,
            envelope: whole,
        }
    }

    /// The `param` of an answer that succeeded.
    pub fn served(&self, trans_type: &str, param: Value) -> Value {
        let reply = self.ask(trans_type, param);
        assert_eq!((reply.code.as_str(), reply.signed), ("000000", true), "{reply:?}");
        reply.param
    }

    pub fn balance(&self, card_type: &str, card_no: &str) -> String {
        let param = self.served("hop.account.info", json!({ "cardType": card_type, "cardNo": card_no }));
        param["balance"].as_str().unwrap().to_owned()
    }

    /// The latest request as the sandbox recorded it.
    pub fn latest(&self) -> Value {
        self.sandbox.state()["requests"].as_array().unwrap().last().unwrap().clone()
    }

    /// Calls the control interface: the status and the answer.
    pub fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let (status, text) = self.control_text(method, path, body);
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
    }

    pub fn control_text(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let url = format!("{}{path}", self.sandbox.control_url());
        let request = ureq::http::Request::builder().method(method).uri(url).body(body.to_owned()).unwrap();
        let mut response = self.agent.run(request).unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }
}

pub fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .timeout_global(Some(LIMIT))
        .max_redirects(0)
        .build()
        .into()
}

/// A recharge of 张三's account.
pub fn recharge(out_charge_no: &str, yuan: &str) -> Value {
    json!({ "cardType": "03", "cardNo": "10001", "chargeAmt": yuan, "depositeType": "CASH", "outChargeNo": out_charge_no })
}

pub fn refund(out_charge_no: &str, out_refund_no: &str, yuan: &str) -> Value {
    json!({ "outChargeNo": out_charge_no, "outRefundNo": out_refund_no, "refundAmt": yuan, "withdrawMode": "1" })
}

//! Answers come signed and encrypted as their requests; the document's own example opens.

use hislink::onepay::cipher;
use hislink::settings::{EncryptType, SignType};
use hislink_sandbox::{KeyOrder, Options};
use serde_json::json;

use crate::clerk::{Clerk, recharge};

#[test]
fn an_answer_is_signed_and_encrypted_as_its_request() {
    let mut clerk = Clerk::new();
    for sign_type in [SignType::Md5, SignType::Sm3] {
        for encrypt_type in [EncryptType::Aes, EncryptType::Des, EncryptType::Sm4, EncryptType::Plain] {
            clerk.types = (sign_type, encrypt_type);
            let reply = clerk.ask("hop.account.info", json!({ "cardType": "03", "cardNo": "10001" }));
            assert_eq!((reply.code.as_str(), reply.signed), ("000000", true), "{reply:?}");
            assert_eq!(reply.param["userName"], "张三");
            assert_eq!(reply.envelope["signType"], sign_type.as_str());
            assert_eq!(reply.envelope["encryptType"], encrypt_type.as_str());
            assert_eq!(reply.envelope.get("param").is_some(), encrypt_type == EncryptType::Plain);
            assert_eq!(
                reply.envelope["sign"].as_str().unwrap().len(),
                if sign_type == SignType::Md5 { 32 } else { 64 }
            );
            assert_eq!(reply.envelope["timestamp"].as_str().unwrap().len(), 17);
            let refused = clerk.ask("hop.account.info", json!({}));
            assert_eq!((refused.code.as_str(), refused.signed), ("200101", true));
        }
    }
}

#[test]
fn des_comes_wrapped_as_the_platform_sends_it() {
    let mut clerk = Clerk::new();
    clerk.types.1 = EncryptType::Des;
    let reply = clerk.ask("hop.account.info", json!({ "cardType": "03", "cardNo": "10001" }));
    let lines: Vec<_> = reply.envelope["encryptData"].as_str().unwrap().split('\n').collect();
    assert!(lines.len() > 1 && lines[..lines.len() - 1].iter().all(|line| line.len() == 76), "{lines:?}");
}

/// The document's charge example, with the sign that it prints: the sign holds, the service is not ours.
#[test]
fn the_sign_that_the_document_prints_holds() {
    let clerk = Clerk::new();
    let param = r#"{"channel":"WX_QR","chargeAmt":1,"chargeGoodsDetail":[{"chargeAmt":1,"goodsInfo":"明细信息","goodsName":"明细标题","orgPrice":1,"price":1,"quantity":"1","remark":"备注"}],"extra":{},"outChargeNo":"OC12260001","outChargeTime":"20161226093148","returnUrl":"http://120.42.37.94:1301/onepay-test-web/returnUrl","showUrl":"http://www.ylzinfo.com","subject":"易惠-支付"}"#;
    let message = |sign: &str| {
        json!({
            "appId": "1A3VL0KVK0000B020A0A0000CC3F48AD",
            "encryptData": cipher::encrypt(param, EncryptType::Aes, &clerk.settings).unwrap(),
            "encryptType": "AES", "sign": sign, "signType": "MD5",
            "timestamp": "20161226093149", "transType": "op.trade.charge",
        })
    };
    assert_eq!(clerk.send(&message("FA57D29EBC64622116F5B9272AB407AF").to_string()).code, "200004");
    assert_eq!(clerk.send(&message("FA57D29EBC64622116F5B9272AB407AE").to_string()).code, "000002");
}

#[test]
fn a_param_that_travels_as_text_is_understood() {
    let mut clerk = Clerk::new();
    clerk.types.1 = EncryptType::Plain;
    let param = json!(json!({ "cardType": "03", "cardNo": "10001" }).to_string());
    assert_eq!(clerk.served("hop.account.info", param)["userName"], "张三");
}

#[test]
fn another_application_and_order_of_names_can_be_chosen() {
    let clerk = Clerk::with(Options {
        app_id: "HOSPITAL0000000000000000000000001".to_owned(),
        app_secret: "another secret".to_owned(),
        key_order: KeyOrder::Sdk,
        ..Options::default()
    });
    let mut message = clerk.seal("hop.trade.recharge", &recharge("OC1", "1"));
    assert_eq!(clerk.send(&json!(message).to_string()).code, "000000");
    // Documented names sort the same in both orders; these two do not.
    message.insert("appid".to_owned(), json!("x"));
    message.insert("appZ".to_owned(), json!("y"));
    let text = |first: &str, second: &str| {
        let rest = r#"encryptType=AES&param={"cardNo":"10001","cardType":"03","chargeAmt":"1","depositeType":"CASH","outChargeNo":"OC1"}&signType=MD5&timestamp=20261121120000&transType=hop.trade.recharge&version=H.F.0.1"#;
        format!("{first}&{second}&{rest}")
    };
    let id = "appId=HOSPITAL0000000000000000000000001";
    let sdk = text(&format!("{id}&appid=x"), "appZ=y");
    let ascii = text(id, "appZ=y&appid=x");
    for (text, code) in [(sdk, "000000"), (ascii, "000002")] {
        let sign = hislink::onepay::sign::sign(&text, "another secret", SignType::Md5);
        message.insert("sign".to_owned(), json!(sign));
        assert_eq!(clerk.send(&json!(message).to_string()).code, code);
    }
}

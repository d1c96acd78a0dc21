//! Whether this library computes right on this machine: cases of the platforms' documents and of their own client kit,
//! signed, encrypted and decrypted.

use super::row::{Finding, Rows, told};
use crate::glory::{self, flatten};
use crate::json::{self, Json, Object};
use crate::onepay::{cipher, envelope};
use crate::settings::{EncryptType, Numbers, Onepay};

/// The application of onepay's document, as settings.
const APPLICATION: &str =
    r#"{"appId":"1A3VL0KVK0000B020A0A0000CC3F48AD","appSecret":"1A3VL0KVE0010B010A0A0000277BDC91"}"#;

/// Names and signed envelopes: the document's request of a charge, and one signed with SM3.
const SIGNED: [(&str, &str); 2] = [
    (
        "known/charge-md5",
        r#"{"appId":"1A3VL0KVK0000B020A0A0000CC3F48AD","encryptType":"AES","param":{"channel":"WX_QR","chargeAmt":1,"chargeGoodsDetail":[{"chargeAmt":1,"goodsInfo":"明细信息","goodsName":"明细标题","orgPrice":1,"price":1,"quantity":"1","remark":"备注"}],"extra":{},"outChargeNo":"OC12260001","outChargeTime":"20161226093148","returnUrl":"http://120.42.37.94:1301/onepay-test-web/returnUrl","showUrl":"http://www.ylzinfo.com","subject":"易惠-支付"},"signType":"MD5","timestamp":"20161226093149","transType":"op.trade.charge","sign":"FA57D29EBC64622116F5B9272AB407AF"}"#,
    ),
    (
        "sm3/1",
        r#"{"appId":"A1","signType":"SM3","param":{"b":[1,{"d":"\n","c":2.50}],"a":"易惠"},"sign":"0903C6DABBF776D1604FB04379AFA24AF81449F0EF7CA0527435FAB0145EBA76"}"#,
    ),
];

/// What [`CIPHERS`] are made from.
const PLAIN: &str = r#"{"channel":"WX_QR","chargeAmt":1,"subject":"易惠-支付"}"#;

/// Names, kinds and ciphertexts.
const CIPHERS: [(&str, EncryptType, &str); 3] = [
    (
        "AES/encrypt/json",
        EncryptType::Aes,
        "0FE9C0E3DA4A94F7014DBA93C34D481218862944C2A84D69EC4E9B73E5EE6DAECD6AB919507F003F047164B409A4153B370B28AD47702F64B4B4F2B736FC928A",
    ),
    (
        "DES/encrypt/json",
        EncryptType::Des,
        "qPebDp0xBA/OnYeNlJtEucow6OYY2gjrS/P8kIfM1g8oYLpozTaw4b7UBeBt2+ee8Zb72T2OKi7yftx35W5LQA==",
    ),
    (
        "SM4/encrypt/json",
        EncryptType::Sm4,
        "EOGEnzJtafwmCfHq2MTX0Gx9FAcyGPOTvFOc6OwgEuo1HFG10oj/+ggCuoDYONTvY4SaAs2xUPbbhaZXYLzefg==",
    ),
];

const KEY: &str = "4fd6b8105f894d0da964b1e80b07b136";
const TIMESTAMP: &str = "20210407155206";

/// Names, bodies and signs of the card platform, under [`KEY`] at [`TIMESTAMP`].
const BODIES: [(&str, Numbers, &str, &str); 1] = [(
    "case/16/literal",
    Numbers::Literal,
    r#"{"responseFlag":"1","responseMessage":"成功","data":[{"certType":"0","certNo":"331166*****777X","certName":"张小凡","gloryID":10000,"gloryType":"1","dataID":1}]}"#,
    "e424893e7100f95132c429127d7ccb89e7b32ec516e191f82510a33b2e3633aa",
)];

/// Adds the check.
pub fn check(rows: &mut Rows) {
    const NAME: &str = "vectors";
    match wrong() {
        None => rows.add(
            NAME,
            Finding::Ok,
            told!("内置用例的签名、加密、解密全部正确", "the built-in cases sign, encrypt and decrypt right"),
            "",
        ),
        Some(case) => rows.add(
            NAME,
            Finding::Failed,
            told!(
                "内置用例 {} 结果不对",
                "the built-in case {} comes out wrong",
                "文件损坏或本机有故障：按 SHA256SUMS 核对动态库，重新复制，或换一台电脑；不要用于收费",
                "a damaged file or machine: compare the library with SHA256SUMS, copy it anew or take another machine; charge nothing"
            ),
            case,
        ),
    };
}

/// The first case that does not hold.
fn wrong() -> Option<&'static str> {
    let Some(settings) = object(APPLICATION).and_then(|settings| Onepay::read(&settings).ok()) else {
        return Some("JSON");
    };
    let signed = SIGNED.iter().find(|(_, message)| !verifies(message, &settings)).map(|(name, _)| *name);
    let enciphered = || CIPHERS.iter().find(|(_, kind, data)| !enciphers(*kind, data, &settings)).map(|case| case.0);
    let flattened = || BODIES.iter().find(|(_, numbers, body, sign)| !signs(body, *numbers, sign)).map(|case| case.0);
    signed.or_else(enciphered).or_else(flattened)
}

fn object(text: &str) -> Option<Object<'_>> {
    match json::read(text) {
        Ok(Json::Object(object)) => Some(object),
        _ => None,
    }
}

fn verifies(message: &str, settings: &Onepay) -> bool {
    object(message).is_some_and(|message| envelope::verify(&message, settings).is_ok())
}

fn enciphers(kind: EncryptType, data: &str, settings: &Onepay) -> bool {
    cipher::encrypt(PLAIN, kind, settings).is_ok_and(|made| made == data)
        && cipher::decrypt(data, kind, settings).is_ok_and(|plain| plain == PLAIN)
}

fn signs(body: &str, numbers: Numbers, sign: &str) -> bool {
    let text = object(body).and_then(|body| flatten::signing_text(&body, numbers).ok());
    text.is_some_and(|text| glory::sign::same(&glory::sign::sign(&text, KEY, TIMESTAMP), sign))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn cases(text: &str) -> Vec<Value> {
        serde_json::from_str(text).unwrap()
    }

    fn case<'c>(cases: &'c [Value], name: &str) -> &'c Value {
        cases.iter().find(|case| case["name"] == name).unwrap()
    }

    #[test]
    fn they_are_those_of_the_files() {
        let onepay = cases(include_str!("../../tests/vectors/onepay.json"));
        let application: Value = serde_json::from_str(APPLICATION).unwrap();
        for (name, message) in SIGNED {
            let case = case(&onepay, name);
            let mut message: Value = serde_json::from_str(message).unwrap();
            let sign = message.as_object_mut().unwrap().remove("sign").unwrap();
            let signed: Value = serde_json::from_str(case["message"].as_str().unwrap()).unwrap();
            assert_eq!((message, &sign), (signed, &case["expect"]["sign"]), "{name}");
            assert_eq!(case["secret"], application["appSecret"], "{name}");
        }
        for (name, kind, data) in CIPHERS {
            let case = case(&onepay, name);
            let ours = (PLAIN.into(), kind.as_str().into(), data.into());
            assert_eq!((&case["text"], &case["type"], &case["expect"]["out"]), (&ours.0, &ours.1, &ours.2));
            let known = (&application["appId"], &application["appSecret"]);
            assert_eq!((&case["appId"], &case["appSecret"]), known, "{name}");
        }
        let glory = cases(include_str!("../../tests/vectors/glory.json"));
        for (name, numbers, body, sign) in BODIES {
            let case = case(&glory, name);
            let word = if numbers == Numbers::Plain { "plain" } else { "literal" };
            let ours: [Value; 5] = [word, body, sign, KEY, TIMESTAMP].map(Value::from);
            let theirs = ["numbers", "body", "", "key", "timestamp"].map(|member| &case[member]);
            assert_eq!(
                [&ours[0], &ours[1], &ours[2], &ours[3], &ours[4]],
                [theirs[0], theirs[1], &case["expect"]["sign"], theirs[3], theirs[4]],
                "{name}"
            );
        }
    }

    #[test]
    fn they_hold_here_and_a_wrong_one_would_not() {
        assert_eq!(wrong(), None);
        let settings = Onepay::read(&object(APPLICATION).unwrap()).unwrap();
        for (name, message) in SIGNED {
            assert!(!verifies(&message.replace("易", "亿"), &settings), "{name}");
        }
        for (name, kind, data) in CIPHERS {
            let (first, rest) = data.split_at(1);
            let first = if first == "A" { "B" } else { "A" };
            assert!(!enciphers(kind, &format!("{first}{rest}"), &settings), "{name}");
        }
        for (name, numbers, body, sign) in BODIES {
            assert!(!signs(&body.replace('1', "2"), numbers, sign), "{name}");
        }
    }

    #[test]
    fn they_are_few_bytes() {
        let texts = SIGNED.iter().flat_map(|(name, message)| [name, message]);
        let texts = texts.chain(CIPHERS.iter().flat_map(|(name, _, data)| [name, data]));
        let texts = texts.chain(BODIES.iter().flat_map(|(name, _, body, sign)| [name, body, sign]));
        assert!(texts.map(|text| text.len()).sum::<usize>() < 4096);
    }
}

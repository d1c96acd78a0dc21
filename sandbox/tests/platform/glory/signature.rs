//! Signatures by the test's own hand: flattened and signed without the library.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use serde_json::Value;
use sha2::Sha256;

/// `name=value` by ascending names, joined by `&`.
pub fn flatten(body: &Value) -> String {
    let mut leaves = Vec::new();
    collect(body, "", &mut leaves);
    leaves.sort();
    leaves.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn collect(value: &Value, name: &str, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                let dot = if name.is_empty() { "" } else { "." };
                collect(value, &format!("{name}{dot}{member}"), leaves);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                collect(item, &format!("{name}[{n}]"), leaves);
            }
        }
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => leaves.push((name.to_owned(), text.clone())),
        other => leaves.push((name.to_owned(), other.to_string())),
    }
}

pub fn sign(flattened: &str, key: &str, timestamp: &str) -> String {
    let separator = if flattened.is_empty() { "" } else { "&" };
    let text = format!("{flattened}{separator}key={key}&timestamp={timestamp}");
    let mut hmac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    hmac.update(hex::encode_upper(Md5::digest(text)).as_bytes());
    hex::encode(hmac.finalize().into_bytes())
}

#[test]
fn the_sign_that_the_document_prints_holds() {
    let text = "areaCode=331001&billCode=31201&billNum=9999999&cardNum=B123456&cardType=1&checker=王五\
        &detail.actualAmount=10&detail.amount=10&detail.computerNum=123456&detail.dateTime=1502284085191\
        &detail.department=肿瘤科&detail.medicalRecordNum=4308239&gender=Y&holdingProNum=565656&holdingUnit=市立医院\
        &holdingUnitCode=106607&idType=身份证&invAttribute=001&invKind=51&invType=1&issuer=王五&name=张三\
        &operator=王五&orderNum=20170726112913&orderTime=15022840851912&originalBillCode=789787&originalBillNum=77Q33\
        &outTradeNo=20170811094650u601js5w6j5Du7Mk&payName=张三&payNameCode=100556&payee=app2&paymentWay=支付宝\
        &pushType=2&remark=测试&totalAmount=10";
    assert_eq!(
        sign(text, "4fd6b8105f894d0da964b1e80b07b136", "20210407155206"),
        "ec94361a53c7969b6affd6af4af9ba1db3283585fad69082750054c5be26157c"
    );
}

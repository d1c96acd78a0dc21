//! What to look at where no known mistake explains a sign.

use crate::json::Json;
use crate::reply::{Words, words};

/// A hint by the look of the sign and the message; `digits` are the lengths of hex that a right sign has, `secret` is the
/// name of the setting.
pub fn of<'j>(given: &str, digits: usize, mut values: impl Iterator<Item = &'j Json<'j>>, secret: &str) -> Words {
    let hex = given.bytes().all(|byte| byte.is_ascii_hexdigit());
    let length = given.chars().count();
    if !hex || length != digits {
        return words!(
            "sign 有 {length} 个字符，而这里的签名应是 {digits} 位十六进制：可能用了别的摘要算法，或 sign 被截断",
            "the sign has {length} characters where {digits} hex digits are due: another digest, or the sign was cut off"
        );
    }
    if values.any(is_damaged) {
        return words!(
            "报文里有替换字符 U+FFFD 或连续的问号：文字在途中损坏（GBK 与 UTF-8 混用）；请用收到的原始字节按 UTF-8 重新读取",
            "the message holds U+FFFD or runs of question marks: text was damaged on the way (GBK against UTF-8); read the bytes that came as UTF-8"
        );
    }
    words!(
        "已知的错误都不能解释这个签名：多半是 {secret} 不同（测试与正式环境、别家的密钥），或签名之后报文又被改过。请与对方逐字核对待签名字符串",
        "no known mistake explains the sign: most likely {secret} is another one (test against production, another hospital's), or the message was changed after signing; compare the signing text with the other side's, character by character"
    )
}

fn is_damaged(value: &Json<'_>) -> bool {
    match value {
        Json::String(text) => text.contains('\u{FFFD}') || text.contains("???"),
        Json::Array(items) => items.iter().any(is_damaged),
        Json::Object(object) => object.iter().any(|(_, value)| is_damaged(value)),
        _ => false,
    }
}

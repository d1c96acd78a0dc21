//! What is signed verifies, what is encrypted decrypts, and what is sealed opens to the same spelling, by every cipher and
//! digest. The messages are made from the fuzzer's bytes, so that each is JSON.
#![no_main]

use hislink::json;
use hislink_fuzz::{exported, judge, site};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    site::enter();
    let mut bytes = Unstructured::new(data);
    if let Ok(case) = Case::new(&mut bytes) {
        case.of_onepay();
        case.of_glory();
    }
});

struct Case {
    settings: String,
    param: String,
    text: String,
}

impl Case {
    fn new(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let cipher = bytes.choose(&["AES", "DES", "SM4", "Plain"])?;
        let (digest, order) = (bytes.choose(&["MD5", "SM3"])?, bytes.choose(&["ascii", "sdk"])?);
        let settings = format!(
            "\"onepay\":{{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"appSecret\":\"{}\",\"encryptType\":\"{cipher}\",\
             \"signType\":\"{digest}\",\"keyOrder\":\"{order}\"}}",
            site::SECRET
        );
        Ok(Self { settings, text: string(bytes)?, param: object(bytes, 3)? })
    }

    fn reply(&self, operation: &str, members: &str) -> String {
        let request = format!("{{{},{members}}}", self.settings);
        let reply = exported::reply(operation, &request);
        judge::judge(operation, request.as_bytes(), &reply);
        reply
    }

    fn of_onepay(&self) {
        let param = &self.param;
        let sealed = self
            .reply("onepay_seal", &format!("\"transType\":\"t\",\"param\":{param},\"timestamp\":\"20261121100000\""));
        if judge::succeeded(&sealed) {
            let message = judge::member(&sealed, "/data/message");
            for message in [format!("\"message\":{message}"), format!("\"message\":{}", quoted(&message))] {
                let opened = self.reply("onepay_open", &message);
                assert!(judge::succeeded(&opened), "{message} {opened}");
                assert_eq!(judge::member(&opened, "/data/param"), *param, "{message} {opened}");
                assert!(judge::succeeded(&self.reply("onepay_verify", &message)), "{message}");
            }
        }
        let signed = self.reply("onepay_sign", &format!("\"message\":{{\"param\":{param},\"a\":{}}}", self.text));
        if judge::succeeded(&signed) {
            let sign = judge::member(&signed, "/data/sign");
            let message = format!("\"message\":{{\"a\":{},\"sign\":{sign},\"param\":{param}}}", self.text);
            assert!(judge::succeeded(&self.reply("onepay_verify", &message)), "{message} {signed}");
            let explained = self.reply("onepay_explain", &message);
            assert_eq!(judge::member(&explained, "/data/verified"), "true", "{message} {explained}");
        }
        let encrypted = self.reply("onepay_encrypt", &format!("\"text\":{}", self.text));
        if judge::succeeded(&encrypted) {
            let data = judge::member(&encrypted, "/data/encryptData");
            let decrypted = self.reply("onepay_decrypt", &format!("\"encryptData\":{data}"));
            assert_eq!(judge::member(&decrypted, "/data/text"), self.text, "{encrypted} {decrypted}");
        }
    }

    fn of_glory(&self) {
        let body = &self.param;
        for numbers in ["literal", "plain"] {
            let settings = format!("\"glory\":{{\"sid\":\"S1\",\"key\":\"{}\",\"numbers\":\"{numbers}\"}}", site::KEY);
            let reply =
                |operation: &str, members: &str| exported::reply(operation, &format!("{{{settings},{members}}}"));
            let signed = reply("glory_sign", &format!("\"timestamp\":\"20261121100000\",\"body\":{body}"));
            if judge::succeeded(&signed) {
                let headers = judge::member(&signed, "/data/headers");
                for body in [body, &quoted(body)] {
                    let asked = format!("\"headers\":{headers},\"body\":{body}");
                    assert!(judge::succeeded(&reply("glory_verify", &asked)), "{asked} {signed}");
                    let explained = reply("glory_explain", &asked);
                    assert_eq!(judge::member(&explained, "/data/verified"), "true", "{asked} {explained}");
                }
            }
        }
    }
}

/// A text as a JSON string.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    json::write_string(&mut quoted, text);
    quoted
}

fn value(bytes: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    Ok(match bytes.int_in_range(0..=if depth > 0 { 7 } else { 4 })? {
        0 => number(bytes)?,
        1 | 2 => string(bytes)?,
        3 => (*bytes.choose(&["true", "false", "0", "\"\"", "{}", "[]"])?).to_owned(),
        4 => quoted(&number(bytes)?),
        5 => {
            let items = (0..bytes.int_in_range(0..=3)?).map(|_| value(bytes, depth - 1)).collect::<Result<Vec<_>>>()?;
            format!("[{}]", items.join(","))
        }
        _ => object(bytes, depth - 1)?,
    })
}

/// An object whose names differ.
fn object(bytes: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let mut members = Vec::new();
    for n in 0..bytes.int_in_range(0..=4)? {
        let name = if bytes.ratio(1, 4)? { text(bytes)? } else { String::new() };
        members.push(format!("{}:{}", quoted(&format!("{name}{n}")), value(bytes, depth)?));
    }
    Ok(format!("{{{}}}", members.join(",")))
}

fn number(bytes: &mut Unstructured<'_>) -> Result<String> {
    let sign = if bytes.ratio(1, 4)? { "-" } else { "" };
    let fraction = if bytes.ratio(1, 2)? { format!(".{:02}", bytes.arbitrary::<u16>()?) } else { String::new() };
    let exponent = match bytes.int_in_range(0..=5)? {
        0 => format!("e{}", bytes.arbitrary::<i8>()?),
        1 => format!("E+{}", bytes.arbitrary::<u8>()?),
        _ => String::new(),
    };
    Ok(format!("{sign}{}{fraction}{exponent}", bytes.arbitrary::<u64>()?))
}

fn string(bytes: &mut Unstructured<'_>) -> Result<String> {
    Ok(quoted(&text(bytes)?))
}

/// Any characters, with those that a form, a cipher's charset or a signing text treats in another way.
fn text(bytes: &mut Unstructured<'_>) -> Result<String> {
    const ODD: [char; 22] = [
        '"',
        '\\',
        '/',
        '&',
        '=',
        ',',
        ' ',
        '\t',
        '\n',
        '+',
        '%',
        '\'',
        '<',
        '\u{7f}',
        '\u{80}',
        '€',
        '充',
        '值',
        '\u{20BB7}',
        '\u{1F600}',
        '\u{FEFF}',
        '\u{2028}',
    ];
    let mut text = String::new();
    for _ in 0..bytes.int_in_range(0..=8)? {
        text.push(match bytes.int_in_range(0..=3)? {
            0 => *bytes.choose(&ODD)?,
            1 => bytes.arbitrary()?,
            _ => char::from(bytes.int_in_range(b'0'..=b'z')?),
        });
    }
    Ok(text)
}

//! What a text may show in a log. Pure.
//!
//! A value goes by the name of its member first, then by its form. What the request named as a person's is hidden
//! wherever a message repeats it, and its order numbers stay readable wherever they stand.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::scan::{Piece, pieces};
use crate::json;
use crate::secret::Secret;

/// What a profile adds to the rules.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Hidden wherever they stand.
    pub secrets: Vec<Secret>,
    /// Members that hold order numbers.
    pub order_fields: Vec<String>,
}

/// What a request says of itself.
#[derive(Debug, Default)]
pub struct Known {
    /// Its order numbers.
    pub orders: Vec<String>,
    /// What it names as a person's.
    people: Vec<String>,
    /// What it names as a secret: a key or a password, or a wristband's code.
    keys: Vec<String>,
}

/// A shorter secret is none: hiding it would hide half of every text.
const SHORTEST_SECRET: usize = 4;
/// How deep in strings of JSON a secret with quotes, backslashes or controls in it is known: once more than texts are nested.
const LEVELS: usize = 4;
/// A shorter number of a person is only hidden by its member's name.
const SHORTEST_KNOWN: usize = 4;
/// How much of a request is looked at for what it names, and how many values are kept of it.
const MOST_READ: usize = 32 * 1024;
const MOST_KNOWN: usize = 64;
/// How much of a ciphertext is shown.
const CIPHER_SHOWN: usize = 16;
/// How many stars stand for what is hidden at most.
const MOST_STARS: usize = 32;

impl Rules {
    /// Hides this secret from now on: as it is, and as it stands in JSON and in JSON within strings.
    pub fn hide(&mut self, secret: &str) {
        // Blanks around it, from where it was copied, are none of it.
        let mut form = Zeroizing::new(secret.trim().to_owned());
        for _ in 0..LEVELS {
            if form.len() < SHORTEST_SECRET || self.secrets.iter().any(|known| known.expose() == form.as_str()) {
                return;
            }
            self.secrets.push(Secret::new(&form));
            let mut escaped = Zeroizing::new(String::new());
            json::write_string(&mut escaped, &form);
            let inner = escaped.get(1..escaped.len() - 1).unwrap_or_default();
            form = Zeroizing::new(inner.to_owned());
        }
    }

    /// What a request's text says of itself.
    pub fn known(&self, text: &str) -> Known {
        let mut known = Known::default();
        let (text, _) = cut(text, MOST_READ);
        pieces(text, &self.order_fields, &[], &mut |piece, text| match piece {
            Piece::Order => keep(&mut known.orders, text),
            Piece::Personal if is_worth_hiding(text) => keep(&mut known.people, text),
            Piece::Secret if text.len() >= SHORTEST_SECRET => keep(&mut known.keys, text),
            _ => {}
        });
        known
    }

    /// A text in which the secrets are hidden, and nothing else.
    pub fn without_secrets<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let hidden = |text, secret: &Secret| replaced(text, secret.expose(), "***", false);
        self.secrets.iter().fold(Cow::Borrowed(text), hidden)
    }

    /// Appends a text with what must not be shown masked, and cut after about `most` bytes.
    pub fn mask(&self, out: &mut String, text: &str, known: &Known, most: usize) {
        // What is searched stays small too; the secrets in it become shorter.
        let (near, far) = cut(text, most.saturating_mul(16));
        let mut text = self.without_secrets(near);
        for key in &known.keys {
            text = replaced(text, key, "***", true);
        }
        for value in &known.people {
            text = replaced(text, value, &shown(value), true);
        }
        let (text, cut) = cut(&text, most);
        pieces(text, &self.order_fields, &known.orders, &mut |piece, text| match piece {
            Piece::Plain | Piece::Order => out.push_str(text),
            Piece::Personal => out.push_str(&shown(text)),
            Piece::Secret => out.push_str("***"),
            Piece::Cipher => {
                let (text, cut) = cut_at(text, CIPHER_SHOWN);
                out.push_str(text);
                push_cut(out, cut);
            }
        });
        push_cut(out, cut + far);
    }
}

/// Adds a value once; the longer ones stand first, since a shorter one may be a part of them.
fn keep(list: &mut Vec<String>, value: &str) {
    if list.len() < MOST_KNOWN && !list.iter().any(|known| known == value) {
        let place = list.iter().position(|known| known.len() < value.len()).unwrap_or(list.len());
        list.insert(place, value.to_owned());
    }
}

/// Names of two characters, but no number so short that it may mean anything.
fn is_worth_hiding(text: &str) -> bool {
    let characters = text.chars().count();
    characters >= SHORTEST_KNOWN || (!text.is_ascii() && characters >= 2)
}

/// What is shown of a person's value: of a number of 11 and more digits the first three and the last four, of anything
/// else the first and the last character; of two the first, of one none.
pub fn shown(value: &str) -> String {
    let characters = value.chars().count();
    let is_number = value.chars().all(|c| c.is_ascii_digit() || "xX -*".contains(c) || is_wide_digit(c));
    let (first, last) = match characters {
        _ if value.contains('\\') => return "***".to_owned(),
        0 | 1 => (0, 0),
        2 => (1, 0),
        11.. if is_number => (3, 4),
        _ => (1, 1),
    };
    let stars = (characters - first - last).min(MOST_STARS);
    let start = value.chars().take(first);
    let end = value.chars().skip(characters - last);
    start.chain(std::iter::repeat_n('*', stars)).chain(end).collect()
}

fn is_wide_digit(c: char) -> bool {
    ('０'..='９').contains(&c)
}

/// A text with each `literal` replaced; `alone`: only where no letter or digit stands beside it.
fn replaced<'t>(text: Cow<'t, str>, literal: &str, by: &str, alone: bool) -> Cow<'t, str> {
    if text.len() < literal.len() {
        return text;
    }
    let edge = |c: Option<char>| !alone || !c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut out: Option<String> = None;
    let mut from = 0;
    for (at, _) in text.match_indices(literal) {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + literal.len()..).unwrap_or_default());
        let free = edge(before.chars().next_back()) && edge(behind.chars().next());
        if !literal.is_ascii() || free {
            let out = out.get_or_insert_default();
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(by);
            from = at + literal.len();
        }
    }
    match out {
        None => text,
        Some(out) => Cow::Owned(out + text.get(from..).unwrap_or_default()),
    }
}

/// The beginning of a long text, which ends where nothing is torn that has to be seen whole; and how many bytes are
/// missing.
fn cut(text: &str, most: usize) -> (&str, usize) {
    let (start, missing) = cut_at(text, most);
    if missing == 0 {
        return (text, 0);
    }
    let kept = start.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || is_wide_digit(c) || "_- \\".contains(c));
    (kept, text.len() - kept.len())
}

fn cut_at(text: &str, most: usize) -> (&str, usize) {
    if text.len() <= most {
        return (text, 0);
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (text.get(..end).unwrap_or_default(), text.len() - end)
}

fn push_cut(out: &mut String, missing: usize) {
    if missing > 0 {
        out.extend(["…(+", &missing.to_string(), ")"]);
    }
}

#[cfg(test)]
mod tests {

    use proptest::prelude::*;

    use super::*;

    fn rules() -> Rules {
        let mut rules = Rules { order_fields: vec!["hisNo".to_owned()], ..Rules::default() };
        rules.hide("1A3VL0KVE0010B010A0A0000277BDC91");
        rules.hide("p\"w&盐=");
        rules
    }

    fn masked(text: &str) -> String {
        let mut out = String::new();
        rules().mask(&mut out, text, &Known::default(), 10_000);
        out
    }

    #[test]
    fn values_go_by_the_name_of_their_member() {
        for (text, expected) in [
            (r#"{"userName":"张三","certName":"张小凡","x":1}"#, r#"{"userName":"张*","certName":"张*凡","x":1}"#),
            (r#"{"cardNo":"10001","cardType":"03"}"#, r#"{"cardNo":"1***1","cardType":"03"}"#),
            (r#"{"idNo":"11010519491231002X"}"#, r#"{"idNo":"110***********002X"}"#),
            (r#"{"phone":13800138000,"n":null,"userName":null}"#, r#"{"phone":138****8000,"n":null,"userName":null}"#),
            (r#"{ "cardNo" : "10001" }"#, r#"{ "cardNo" : "1***1" }"#),
            (r#"{"cardNo":["10001","10002"],"a":1}"#, r#"{"cardNo":["1***1","1***2"],"a":1}"#),
            (r#"{"patient":{"n":"张三","a":[1]},"b":2}"#, r#"{"patient":{"*":"张*","*":[*]},"b":2}"#),
            (r#"{"patient":{"a":"}","b":"]李四"},"c":"}"}"#, r#"{"patient":{"*":"}","*":"]李*"},"c":"}"}"#),
            (
                r#"{"m":"{\"patient\":{\"a\":\"}\\\"}\",\"b\":\"李四\"}}"}"#,
                r#"{"m":"{\"patient\":{\"*\":\"}\\\"}\",\"*\":\"李*\"}}"}"#,
            ),
            (r#"{"key":{"a":"}]","b":"x1"},"c":1}"#, r#"{"key":***,"c":1}"#),
            (r#"{"key":"WB0001","appSecret":{"a":["x"]},"b":1}"#, r#"{"key":"***","appSecret":***,"b":1}"#),
            (r#"{"m":"{\"idNo\":\"1101\",\"x\":\"y\"}"}"#, r#"{"m":"{\"idNo\":\"1**1\",\"x\":\"y\"}"}"#),
            (
                r#"{"m":"{\"m\":\"{\\\"userName\\\":\\\"张三\\\"}\"}"}"#,
                r#"{"m":"{\"m\":\"{\\\"userName\\\":\\\"张*\\\"}\"}"}"#,
            ),
            (r#"{"userName":"a\"b","x":"y"}"#, r#"{"userName":"***","x":"y"}"#),
            (
                "cardNo=10001&orderNo=13800138000&userName=张 三&key=abc",
                "cardNo=1***1&orderNo=13800138000&userName=张*三&key=***",
            ),
            (r#"address=1号"2&userName=张"三&b=2"#, r#"address=1**2&userName=张*三&b=2"#),
            (
                r#"{"text":"address=1号\"2&userName=张三","b":"c&d"}"#,
                r#"{"text":"address=***&userName=张*","b":"c&d"}"#,
            ),
            (r#"list[0].certNo=10001&list[1].certNo=10002"#, "list[0].certNo=1***1&list[1].certNo=1***2"),
            (r#"certNos[0]=10001&b=2"#, "certNos[0]=1***1&b=2"),
            (r#"param={"cardNo":"10001"}&signType=MD5"#, r#"param={"cardNo":"1***1"}&signType=MD5"#),
            (
                r#"{"sign":"13800138000138001380001380013800","appId":"130000000000"}"#,
                r#"{"sign":"13800138000138001380001380013800","appId":"130000000000"}"#,
            ),
            (r#"{"encryptData":"0123456789ABCDEF0123"}"#, r#"{"encryptData":"0123456789ABCDEF…(+4)"}"#),
            (
                r#"{"timestamp":"20261121100000","tradeTime":"2026-11-21 10:00:00"}"#,
                r#"{"timestamp":"20261121100000","tradeTime":"2026-11-21 10:00:00"}"#,
            ),
            (
                r#"{"hisNo":"202611210001","outChargeNo":"202611210002"}"#,
                r#"{"hisNo":"202611210001","outChargeNo":"202611210002"}"#,
            ),
            ("姓名：张三的卡 手机: 13800138000", "姓名：张**卡 手机: 138****8000"),
            (
                r#"{"患者":"张三","电话号码":"8600123","病人类型":"x"}"#,
                r#"{"患者":"张*","电话号码":"8*****3","病人类型":"x"}"#,
            ),
            ("<cardNo>10001</cardNo> <b>x</b>", "<cardNo>1***1</cardNo> <b>x</b>"),
            ("<m:patName a='1'/><userName>张 三</userName>", "<m:patName a='1'/><userName>张*三</userName>"),
            ("<idNo><![CDATA[1101]]></idNo><phone></phone>", "<idNo><![CDATA[1**1]]></idNo><phone></phone>"),
            (
                r#"{"x":"<orderNo>13800138000<\/orderNo>13800138000"}"#,
                r#"{"x":"<orderNo>13800138000<\/orderNo>138****8000"}"#,
            ),
            ("{'cardNo':'10001','x':'y'}", "{'cardNo':'*****','x':'y'}"),
            (r#"broken {"userName":"张三丰"#, r#"broken {"userName":"张*丰"#),
        ] {
            assert_eq!(masked(text), expected, "{text}");
            if !expected.contains('…') {
                assert_eq!(masked(expected), expected, "masked twice");
            }
        }
    }

    #[test]
    fn numbers_and_addresses_go_by_their_form() {
        for (text, expected) in [
            ("证件11010519491231002x不符", "证件110***********002x不符"),
            ("手机１３８００１３８０００。", "手机１３８****８０００。"),
            ("old id 110105491231002", "old id 110********1002"),
            ("card 6222 0212 3456 7890 is lost", "card 622************7890 is lost"),
            ("138-0013-8000", "138******8000"),
            ("call +8613800138000 now", "call +861******8000 now"),
            ("no13800138000x", "no138****8000x"),
            (
                "order 20261121100000000001 of 100.00 at 2026-11-21 10:00:00",
                "order 20261121100000000001 of 100.00 at 2026-11-21 10:00:00",
            ),
            ("ms=30012, 12800138000, 1234567890", "ms=30012, 12800138000, 1234567890"),
            ("postgres://u:p@w@h:5432/d", "postgres://***@h:5432/d"),
            ("http://127.0.0.1:18080/onepay", "http://127.0.0.1:18080/onepay"),
            ("a -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- b", "a *** b"),
            ("-----BEGIN X-----\\nMIIE", "***"),
            ("the secret 1A3VL0KVE0010B010A0A0000277BDC91!", "the secret ***!"),
            (r#"{"x":"p\"w&盐=","y":1}"#, r#"{"x":"***","y":1}"#),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn a_message_hides_what_its_request_named() {
        let request =
            r#"{"orderNo":"202611210001","param":{"cardNo":"10001","userName":"张三","idType":"1","idNo":"1"}}"#;
        let known = rules().known(request);
        let mut out = String::new();
        rules().mask(&mut out, "张三的卡10001（订单202611210001、210001）已挂失，另见138001380001", &known, 1000);
        assert_eq!(out, "张*的卡1***1（订单202611210001、210001）已挂失，另见138*****0001");
    }

    #[test]
    fn a_secret_is_hidden_in_strings_within_strings_and_without_the_blanks_around_it() {
        let mut rules = Rules::default();
        rules.hide(" q\"u\\o\tt\"\r\n");
        let mut text = "q\"u\\o\tt\"".to_owned();
        for depth in 0..LEVELS {
            let mut out = String::new();
            rules.mask(&mut out, &text, &Known::default(), 1000);
            assert!(out.contains("***") && !out.contains('u') && !out.contains('o'), "{depth}: {text} {out}");
            text = serde_json::json!({"m": text}).to_string();
        }
    }

    /// What this thread has used of the processor, in seconds; a busy machine's clock tells of others too.
    #[cfg(target_os = "linux")]
    fn processor_seconds() -> f64 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        // Fields 14 and 15, in hundredths.
        let behind_name: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        behind_name[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
    }

    /// Each of these made the time grow with the square of the text's length: to seven seconds and more.
    #[cfg(target_os = "linux")]
    #[test]
    fn no_text_holds_a_call_up() {
        for unit in ["date=", "sign=", "://"] {
            let text = unit.repeat(MOST_READ / unit.len());
            let before = processor_seconds();
            rules().known(&text);
            let used = processor_seconds() - before;
            assert!(used < 3.0, "{unit}: {used} s");
        }
    }

    #[test]
    fn long_texts_are_cut_where_nothing_is_torn() {
        for most in 0..55 {
            let mut out = String::new();
            rules().mask(
                &mut out,
                "号码 6222021234567890123 与密钥 1A3VL0KVE0010B010A0A0000277BDC91 之后还有文字",
                &Known::default(),
                most,
            );
            assert!(!out.contains("62220212") && !out.contains("1A3VL"), "{most}: {out}");
            assert!(out.contains("…(+"), "{most}: {out}");
        }
    }

    fn digits(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
        prop::collection::vec(0..10u8, length).prop_map(|digits| digits.iter().map(|d| char::from(b'0' + d)).collect())
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), most in 0usize..200) {
            let known = rules().known(&text);
            rules().mask(&mut String::new(), &text, &known, most);
        }

        #[test]
        fn nor_does_one_of_marks(text in "[\\\\\"{}\\[\\]:=&, a0x:/@-]{0,60}(cardNo|key|姓名)?[\\\\\"{}\\[\\]:=&, a0:/@-]{0,60}") {
            let known = rules().known(&text);
            rules().mask(&mut String::new(), &text, &known, 100);
        }

        #[test]
        fn no_number_of_a_persons_form_is_left(before in "[^0-9０-９]{0,20}", number in digits(12..20), after in "([^0-9０-９xX -].{0,9})?") {
            let shown = masked(&format!("{before}{number}{after}"));
            prop_assume!(!before.to_lowercase().contains("no") && !before.contains(['"', '=', ':']));
            prop_assert!(!shown.contains(&number), "{shown}");
        }

        #[test]
        fn no_secret_is_left(before in any::<String>(), after in any::<String>(), most in 0usize..400) {
            let mut out = String::new();
            let secret = "1A3VL0KVE0010B010A0A0000277BDC91";
            rules().mask(&mut out, &format!("{before}{secret}{after}"), &Known::default(), most);
            prop_assert!(!out.contains(secret) && !out.contains("KVE0010B"), "{out}");
        }

        #[test]
        fn a_named_value_is_hidden_at_any_depth(value in "[一-龥a-z0-9 /.,;&=]{3,30}", depth in 0usize..5) {
            let mut text = serde_json::json!({"a": 1, "userName": value, "b": 2}).to_string();
            for _ in 0..depth {
                text = serde_json::json!({"m": text, "z": 0}).to_string();
            }
            let out = masked(&text);
            prop_assert!(!out.contains(&value), "{out}");
            prop_assert!(out.contains("b") && out.ends_with('}'), "{out}");
        }
    }
}

//! Takes a text of any kind apart by what may be shown of it: JSON, JSON within a string, `name=value&name=value`, or a
//! message for people. Read by its letters, not as JSON, so that what is cut off or broken is masked too.

use super::names::{Kind, LABELS, kind_of};

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Nothing that is known of.
    Plain,
    /// Of a person: a value by its name, or a number by its form.
    Personal,
    /// A secret, or the user and password of an address.
    Secret,
    /// The number of an order.
    Order,
    /// Ciphertext.
    Cipher,
}

/// The longest order number and signature that are believed to be one.
const LONGEST_OPEN: usize = 160;
/// What text within an element of XML may stand in.
const CDATA: &str = "<![CDATA[";
/// How far behind `://` an `@` is looked for.
const LONGEST_ADDRESS: usize = 1024;

/// Gives a text piece by piece. `order_fields` are the profile's names of order numbers, `orders` numbers that stay
/// readable wherever they stand.
pub fn pieces<'t>(text: &'t str, order_fields: &[String], orders: &[String], give: &mut dyn FnMut(Piece, &'t str)) {
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, plain: 0, order_fields, orders, give };
    scanner.run();
}

struct Scanner<'t, 'r> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the plain piece begins that was not given yet.
    plain: usize,
    order_fields: &'r [String],
    orders: &'r [String],
    give: &'r mut dyn FnMut(Piece, &'t str),
}

/// Where a value stands.
struct Value {
    from: usize,
    to: usize,
    /// It is an object or an array.
    nested: bool,
}

/// Digits in a row.
#[derive(Clone, Copy, Default)]
struct Digits {
    count: usize,
    lead: [u8; 2],
    end: usize,
}

impl Digits {
    fn push(&mut self, digit: u8, end: usize) {
        if let Some(place) = self.lead.get_mut(self.count) {
            *place = digit;
        }
        self.count += 1;
        self.end = end;
    }

    /// A mobile number of 11 digits, or 12 to 19 digits: an identity of 15 or 18, a card, a telephone with its area.
    fn is_personal(&self) -> bool {
        let mobile = self.count == 11 && matches!(self.lead, [1, 3..=9]);
        mobile || (12..=19).contains(&self.count)
    }
}

impl<'t> Scanner<'t, '_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    fn starts(&self, at: usize, with: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(with.as_bytes()))
    }

    fn run(&mut self) {
        while self.at < self.bytes.len() {
            match self.byte(self.at) {
                byte if is_word(byte) => self.word(),
                b':' if self.starts(self.at, "://") => self.address(),
                b'-' if self.starts(self.at, "-----BEGIN") => self.pem(),
                0x80.. => self.character(),
                _ => self.at += 1,
            }
        }
        self.emit(Piece::Plain, self.bytes.len(), self.bytes.len());
    }

    /// Gives what stands before `from` as plain, and the piece up to `to`.
    fn emit(&mut self, piece: Piece, from: usize, to: usize) {
        for (piece, from, to) in [(Piece::Plain, self.plain, from), (piece, from, to)] {
            if let Some(text) = self.text.get(from..to).filter(|text| !text.is_empty()) {
                (self.give)(piece, text);
            }
        }
        (self.plain, self.at) = (to, to);
    }

    /// Letters and digits: an order number that is known, a name with its value, or something with numbers in it.
    fn word(&mut self) {
        let start = self.at;
        let end = (start..).find(|at| !is_word(self.byte(*at))).unwrap_or(start);
        let rest = self.rest(start);
        let known = self.orders.iter().find(|order| {
            !order.is_empty() && rest.starts_with(order.as_str()) && !is_word(self.byte(start + order.len()))
        });
        if let Some(order) = known {
            return self.emit(Piece::Order, start, start + order.len());
        }
        let name = self.text.get(start..end).unwrap_or_default();
        if let Some((from, signing)) = self.value_after(end) {
            let kind = kind_of(name, self.order_fields);
            if kind != Kind::Other && self.named_by(kind, from, signing) {
                return;
            }
        }
        let mut at = start;
        while at < end {
            at = if self.digit(at).is_some() { self.number(at) } else { at + 1 };
        }
        self.at = at;
    }

    /// A character beyond ASCII: a digit of full width, or a label such as 姓名 with its value.
    fn character(&mut self) {
        let start = self.at;
        if self.digit(start).is_some() {
            self.at = self.number(start);
            return;
        }
        if let Some(label) = LABELS.iter().find(|label| self.starts(start, label))
            && let end = start + label.len()
            && let more = ["号码", "码"].into_iter().find(|more| self.starts(end, more)).unwrap_or_default()
            && let Some((from, signing)) = self.value_after(end + more.len())
        {
            self.named_by(Kind::Personal, from, signing);
            return;
        }
        self.at += self.rest(start).chars().next().map_or(1, char::len_utf8);
    }

    /// The same of the value that begins there. One that is only shown if it is short is not followed for longer, since
    /// what it is made of is looked at again.
    fn named_by(&mut self, kind: Kind, from: usize, signing: bool) -> bool {
        let whole = self.bytes;
        if matches!(kind, Kind::Order | Kind::Open | Kind::Time) {
            let end = (from + 2 * LONGEST_OPEN..whole.len()).find(|end| self.text.is_char_boundary(*end));
            self.bytes = whole.get(..end.unwrap_or(whole.len())).unwrap_or(whole);
        }
        let value = self.value(from, signing);
        self.bytes = whole;
        self.named(kind, &value)
    }

    /// Gives a value by its name's kind; false where the name says nothing of this one.
    fn named(&mut self, kind: Kind, value: &Value) -> bool {
        let &Value { from, to, nested } = value;
        let text = self.text.get(from..to).unwrap_or_default();
        let open = !nested && text.len() <= LONGEST_OPEN;
        match kind {
            Kind::Personal if nested => self.each_of(from, to),
            Kind::Personal if is_nobodys(text) => self.emit(Piece::Plain, to, to),
            Kind::Personal => self.emit(Piece::Personal, from, to),
            Kind::Secret => self.emit(Piece::Secret, from, to),
            Kind::Order if open => self.emit(Piece::Order, from, to),
            Kind::Open if open => self.emit(Piece::Plain, to, to),
            Kind::Time if !nested && looks_like_time(text) => self.emit(Piece::Plain, to, to),
            Kind::Cipher if !nested => self.emit(Piece::Cipher, from, to),
            _ => return false,
        }
        true
    }

    /// Whatever stands in an object or array that belongs to a person, names too.
    fn each_of(&mut self, from: usize, to: usize) {
        let mark = |byte: u8| byte <= b' ' || br#"{}[]",:\"#.contains(&byte);
        let mut at = from;
        while at < to {
            let end = (at..to).find(|at| mark(self.byte(*at))).unwrap_or(to);
            self.emit(Piece::Personal, at, end);
            at = end.max(at) + usize::from(end < to);
        }
        self.emit(Piece::Plain, to, to);
    }

    /// Where the value begins that a name ending at `end` has, where it has one, and whether it stands behind a `=`.
    fn value_after(&self, end: usize) -> Option<(usize, bool)> {
        let mut at = end;
        if self.byte(at) == b'[' {
            at = (at + 1..).find(|at| !self.byte(*at).is_ascii_digit())?;
            if self.byte(at) != b']' {
                return None;
            }
            at += 1;
        }
        at = self.quote(at).map_or(at, |(_, behind)| behind);
        at += usize::from(self.byte(at) == b'\'');
        at = self.blanks(at);
        if self.byte(at) == b'>' {
            let closes = (0..end).rev().find(|at| !is_word(self.byte(*at))).is_some_and(|at| self.byte(at) == b'/');
            let cdata = if self.starts(at + 1, CDATA) { CDATA.len() } else { 0 };
            return (!closes).then_some((at + 1 + cdata, false));
        }
        let signing = self.byte(at) == b'=';
        at += match self.byte(at) {
            b':' | b'=' => 1,
            _ if self.starts(at, "：") => "：".len(),
            _ => return None,
        };
        Some((self.blanks(at), signing))
    }

    fn value(&self, from: usize, signing: bool) -> Value {
        if let Some((slashes, from)) = self.quote(from) {
            return Value { from, to: self.closing(from, slashes), nested: false };
        }
        // Within an element of XML.
        if matches!(self.byte(from.wrapping_sub(1)), b'>' | b'[') {
            let ends = |at: &usize| matches!(self.byte(*at), b'<' | b']' | b'"');
            return Value { from, to: (from..self.bytes.len()).find(ends).unwrap_or(self.bytes.len()), nested: false };
        }
        let nested = matches!(self.byte(from), b'{' | b'[');
        let to = if nested { self.nested_end(from) } else { self.bare_end(from, signing) };
        Value { from, to, nested }
    }

    fn blanks(&self, at: usize) -> usize {
        (at..).find(|at| !matches!(self.byte(*at), b' ' | b'\t')).unwrap_or(at)
    }

    /// A quote, escaped as deep as its text is nested in strings: how many backslashes, and what stands behind.
    fn quote(&self, at: usize) -> Option<(usize, usize)> {
        let end = (at..).find(|at| self.byte(*at) != b'\\')?;
        (self.byte(end) == b'"').then_some((end - at, end + 1))
    }

    /// Where the string ends that began behind a quote with so many backslashes.
    fn closing(&self, from: usize, slashes: usize) -> usize {
        let mut at = from;
        while at < self.bytes.len() {
            let run = (at..).find(|at| self.byte(*at) != b'\\').unwrap_or(at);
            if self.byte(run) == b'"' && (run - at) % (2 * (slashes + 1)) == slashes {
                return run - slashes;
            }
            at = run + 1;
        }
        self.bytes.len()
    }

    /// Where the object or array ends that begins here; the text's end where it is broken off.
    fn nested_end(&self, from: usize) -> usize {
        let (mut depth, mut at) = (0_usize, from);
        while at < self.bytes.len() {
            at = match self.byte(at) {
                // A bracket in a string ends nothing.
                b'"' | b'\\' => match self.quote(at) {
                    Some((slashes, from)) => self.closing(from, slashes) + slashes + 1,
                    None => (at..).find(|at| self.byte(*at) != b'\\').unwrap_or(at),
                },
                byte => {
                    match byte {
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' if depth <= 1 => return at + 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    at + 1
                }
            };
        }
        self.bytes.len()
    }

    /// Where a value without quotes ends: in a signing text at the next `&`, else at a blank or mark.
    fn bare_end(&self, from: usize, signing: bool) -> usize {
        // A quote within a signed value stands there as it is; the one behind a signing text ends a string of JSON.
        let ends_string = |at: usize| !signing || matches!(self.byte(at + 1), 0 | b',' | b'}' | b']' | b':');
        let ends = |at: &usize| match self.byte(*at) {
            b'"' => ends_string(*at),
            byte => byte == b'\n' || byte == b'\r',
        };
        let to = (from..self.bytes.len()).find(ends).unwrap_or(self.bytes.len());
        let line = self.text.get(from..to).unwrap_or_default();
        if let Some(length) = line.find('&').filter(|_| signing) {
            return from + length;
        }
        let stop = |c: char| c.is_whitespace() || ",;&}])<\\，。；、）】".contains(c);
        let end = from + line.find(stop).unwrap_or(line.len());
        if self.digit(from).is_some() { end.max(self.digits(from).0.end) } else { end }
    }

    fn digit(&self, at: usize) -> Option<(u8, usize)> {
        match self.byte(at) {
            byte @ b'0'..=b'9' => Some((byte - b'0', at + 1)),
            0xEF if self.byte(at + 1) == 0xBC => match self.byte(at + 2) {
                byte @ 0x90..=0x99 => Some((byte - 0x90, at + 3)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The digits from here on: with single blanks and dashes between them, and those before the first of these.
    fn digits(&self, from: usize) -> (Digits, Digits) {
        let (mut whole, mut first, mut at) = (Digits::default(), None, from);
        loop {
            while let Some((digit, behind)) = self.digit(at) {
                whole.push(digit, behind);
                at = behind;
            }
            first.get_or_insert(whole);
            if !(matches!(self.byte(at), b' ' | b'-') && self.digit(at + 1).is_some() && whole.count < 20) {
                return (whole, first.unwrap_or(whole));
            }
            at += 1;
        }
    }

    /// Gives a number that has the form of a person's; the place behind it.
    fn number(&mut self, from: usize) -> usize {
        let (whole, first) = self.digits(from);
        for mut digits in [whole, first] {
            if digits.count == 17 && matches!(self.byte(digits.end), b'x' | b'X') {
                digits.push(10, digits.end + 1);
            }
            if digits.is_personal() {
                self.emit(Piece::Personal, from, digits.end);
                return digits.end;
            }
        }
        first.end
    }

    /// What stands before an `@` behind `://`.
    fn address(&mut self) {
        let from = self.at + "://".len();
        let stop = |c: char| c.is_whitespace() || c == '"' || c == '<' || c == ',';
        let end = (from + LONGEST_ADDRESS..self.bytes.len()).find(|end| self.text.is_char_boundary(*end));
        let rest = self.text.get(from..end.unwrap_or(self.bytes.len())).unwrap_or_default();
        let address = rest.split(stop).next().unwrap_or_default();
        match address.rfind('@') {
            Some(length) => self.emit(Piece::Secret, from, from + length),
            None => self.at = from,
        }
    }

    /// A PEM block, to the end of its last line or of the text.
    fn pem(&mut self) {
        let (from, mark) = (self.at, "-----");
        let end = self.rest(from).find("-----END").map(|end| from + end + "-----END".len());
        let end = end.and_then(|end| Some(end + self.rest(end).find(mark)? + mark.len()));
        self.emit(Piece::Secret, from, end.unwrap_or(self.bytes.len()));
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What no name, number or address of a person is: a word of JSON, or the address of a listener.
fn is_nobodys(text: &str) -> bool {
    matches!(text, "true" | "false" | "null") || text.parse::<std::net::SocketAddr>().is_ok()
}

/// A day, or a day and a time, with or without marks.
fn looks_like_time(text: &str) -> bool {
    let century = text.starts_with("19") || text.starts_with("20");
    let marks = text.bytes().all(|byte| byte.is_ascii_digit() || b"-/: .T".contains(&byte));
    century && marks && (text.len() == 8 || text.len() == 14 || text.len() == 17 || text.contains(['-', '/']))
}

//! Order numbers that no other thread, process or machine makes (document 1.3: time plus a random sequence).

use std::process;
use std::sync::{Mutex, PoisonError};

use crate::clock;
use crate::reply::{Code, Data, Error, Status, words};
use crate::request::Request;

/// The longest prefix: it takes the place of random digits.
const MAX_PREFIX: usize = 8;

/// How many numbers a second has; more than that run into the next one.
const PER_SECOND: u64 = 1_000_000;

/// One second of this process: where its sequence started, and its random digits.
struct Second {
    process: u32,
    second: i64,
    start: u64,
    made: u64,
    random: u64,
}

static LATEST: Mutex<Option<Second>> = Mutex::new(None);

/// `order_no`: prefix, `yyyyMMddHHmmss`, six digits of sequence, and random digits up to 32 characters.
pub fn order_no(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let prefix = request.fields().string("prefix")?.unwrap_or("");
    if prefix.len() > MAX_PREFIX || !prefix.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let words = words!("prefix 只能是至多 8 个字母或数字", "prefix may be at most 8 letters or digits");
        return Err(Error::field("/prefix", words));
    }
    data.string("orderNo", &next(prefix)?);
    Ok(())
}

/// The next number of this process.
pub fn next(prefix: &str) -> Result<String, Error> {
    let (second, sequence, random) = take()?;
    let stamp = clock::stamp_of_second(second);
    let digits = format!("{random:012}");
    let random = digits.get(prefix.len()..).unwrap_or_default();
    Ok(format!("{prefix}{stamp}{sequence:06}{random}"))
}

/// Unique within the process by (second, sequence); among processes by the sequence's start and the random digits,
/// eighteen digits that are drawn anew every second, and in a forked child.
fn take() -> Result<(i64, u64, u64), Error> {
    let now = clock::second();
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    let current = match latest.as_mut() {
        Some(second) if second.process == process::id() && second.second >= now => {
            if second.made == PER_SECOND {
                *second = Second::draw(second.second + 1)?;
            }
            second
        }
        _ => latest.insert(Second::draw(now)?),
    };
    let sequence = (current.start + current.made) % PER_SECOND;
    current.made += 1;
    Ok((current.second, sequence, current.random))
}

impl Second {
    fn draw(second: i64) -> Result<Self, Error> {
        let random = |below: u64| getrandom::u64().map(|number| number % below);
        match (random(PER_SECOND), random(1_000_000_000_000)) {
            (Ok(start), Ok(random)) => Ok(Self { process: process::id(), second, start, made: 0, random }),
            (Err(error), _) | (_, Err(error)) => Err(Error::new(
                Status::Failed,
                Code::Internal,
                words!("系统随机数不可用：{error}", "the system's random source is not available: {error}"),
            )),
        }
    }
}

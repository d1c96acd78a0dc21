//! What strikes one request, asked for stage by stage.

use std::time::Duration;

use encoding_rs::GBK;
use hislink::onepay::cipher;
use hislink::settings::{EncryptType, Onepay};
use serde_json::Value;

use super::garbage::unopenable;
use super::{FaultKind, When};
use crate::books::TradeState;
use crate::clock;
use crate::envelope::{Answer, Content};
use crate::refusal::Refusal;
use crate::wire::{Delivery, Page};

/// The faults of one request.
#[derive(Debug, Clone, Default)]
pub struct Plan(Vec<FaultKind>);

impl Plan {
    pub(super) fn new(struck: Vec<FaultKind>) -> Self {
        Self(struck)
    }

    /// Whether nothing goes wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the faults.
    pub fn names(&self) -> Vec<String> {
        let name = |kind: &FaultKind| serde_json::to_value(kind).ok()?.get("fault")?.as_str().map(str::to_owned);
        self.0.iter().filter_map(name).collect()
    }

    /// Whether this very fault strikes.
    pub fn has(&self, kind: &FaultKind) -> bool {
        self.0.contains(kind)
    }

    fn first<T>(&self, pick: impl Fn(&FaultKind) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(pick)
    }

    /// How long the platform waits at that moment.
    pub fn delay(&self, now: When) -> Duration {
        let delay = |kind: &FaultKind| match kind {
            FaultKind::Delay { milliseconds, when } if *when == now => Some(Duration::from_millis(*milliseconds)),
            _ => None,
        };
        self.0.iter().filter_map(delay).sum()
    }

    /// What goes out at that moment in place of an answer.
    pub fn instead(&self, now: When) -> Option<Delivery> {
        let drop = if now == When::Before { FaultKind::DropBefore } else { FaultKind::DropAfter };
        if self.has(&drop) {
            return Some(Delivery::Close);
        }
        let page = self.first(|kind| match kind {
            FaultKind::Http { status, location, when } if *when == now => {
                Some(Page::html(*status, "服务暂不可用").with_location(location.as_deref()))
            }
            FaultKind::NotJson { when } if *when == now => Some(Page::html(200, "系统维护中，请稍后再试")),
            _ => None,
        })?;
        Some(self.deliver(page))
    }

    /// What the platform refuses with at that moment.
    pub fn refusal(&self, now: When) -> Option<Refusal> {
        self.first(|kind| match kind {
            FaultKind::Refuse { resp_code, resp_msg, when } if *when == now => Some(Refusal::new(resp_code, resp_msg)),
            _ => None,
        })
    }

    /// The state that new trades are left in.
    pub fn trades_end(&self) -> TradeState {
        let state = self.first(|kind| match kind {
            FaultKind::TradeState { result } => Some(*result),
            _ => None,
        });
        state.unwrap_or(TradeState::Succ)
    }

    /// How far the platform's clock is off.
    pub fn minutes_off(&self) -> i64 {
        let minutes = self.first(|kind| match kind {
            FaultKind::Clock { minutes } => Some(*minutes),
            _ => None,
        });
        minutes.unwrap_or(0)
    }

    /// The member of a roster's row that is spoilt, and the value that it gets.
    pub fn bad_member(&self) -> Option<(&str, Option<&Value>)> {
        self.0.iter().find_map(|kind| match kind {
            FaultKind::BadRow { member, value } => Some((member.as_str(), value.as_ref())),
            _ => None,
        })
    }

    /// What becomes of an answer's sign.
    pub fn sign(&self, sign: String) -> Option<String> {
        if self.has(&FaultKind::Unsigned) {
            return None;
        }
        Some(if self.has(&FaultKind::WrongSign) { sign.chars().rev().collect() } else { sign })
    }

    /// Changes an answer's parts.
    pub fn alter(&self, answer: &mut Answer, settings: &Onepay) {
        answer.sign = answer.sign.take().and_then(|sign| self.sign(sign));
        if let (Content::Encrypted(data), Some((_, encrypt_type))) = (&mut answer.content, answer.types)
            && self.has(&FaultKind::Undecryptable)
        {
            let opens = |data: &str| cipher::decrypt(data, encrypt_type, settings).is_ok();
            *data = unopenable(data, alphabet(encrypt_type), opens);
        }
    }

    /// The page that carries an answer's text.
    pub fn page(&self, text: &str) -> Page {
        let text = if self.has(&FaultKind::Truncated) { half(text) } else { text };
        if self.has(&FaultKind::Gbk) {
            return Page::json("application/json;charset=GBK", GBK.encode(text).0.into_owned());
        }
        Page::json("application/json;charset=UTF-8", text.as_bytes().to_vec())
    }

    /// How a page goes out.
    pub fn deliver(&self, mut page: Page) -> Delivery {
        page.date = clock::http_date(self.minutes_off());
        if self.has(&FaultKind::ResetMidAnswer) {
            return Delivery::Reset(page);
        }
        if self.has(&FaultKind::ShortBody) {
            return Delivery::Short(page);
        }
        let slow = self.first(|kind| match kind {
            FaultKind::Slow { milliseconds } => Some(Duration::from_millis(*milliseconds)),
            _ => None,
        });
        match slow {
            Some(interval) => Delivery::Drip(page, interval),
            None => Delivery::Whole(page),
        }
    }
}

fn alphabet(encrypt_type: EncryptType) -> &'static str {
    match encrypt_type {
        EncryptType::Aes => "0123456789ABCDEF",
        _ => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    }
}

/// The first half of a text, cut between two characters.
fn half(text: &str) -> &str {
    let middle = text.len() / 2;
    let cut = (0..=middle).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..cut).unwrap_or_default()
}

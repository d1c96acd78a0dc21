//! Faults: what goes wrong on the way to the books and back. They know the books only by the state of a trade and the
//! names of a roster's row.

mod garbage;
mod plan;
mod reading;

pub use plan::Plan;
pub use reading::read;

use std::mem::discriminant;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::books::TradeState;

/// Whether a fault strikes before or after the request was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// Nothing is booked yet; for what stands in place of an answer, nothing will be.
    #[default]
    Before,
    /// It is booked.
    After,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FaultKind {
    /// The platform takes its time.
    Delay {
        /// How long.
        milliseconds: u64,
        /// Before or after booking.
        #[serde(default)]
        when: When,
    },
    /// The connection is closed without an answer; nothing is booked.
    DropBefore,
    /// The connection is closed without an answer, though all is booked.
    DropAfter,
    /// Half the answer's bytes, then a TCP reset.
    ResetMidAnswer,
    /// Another HTTP status with a short page.
    Http {
        /// 200 to 599.
        status: u16,
        /// The header `Location`.
        #[serde(default)]
        location: Option<String>,
        /// Before or after booking.
        #[serde(default)]
        when: When,
    },
    /// The answer's `sign` is another's.
    WrongSign,
    /// The answer has no `sign`.
    Unsigned,
    /// The body is cut short, and `Content-Length` is that of the cut body.
    Truncated,
    /// `Content-Length` promises more than comes before the connection is closed.
    ShortBody,
    /// The body is encoded as GBK.
    Gbk,
    /// The platform's clock is off: timestamps and the HTTP `Date`.
    Clock {
        /// Ahead, or behind where negative.
        minutes: i64,
    },
    /// An HTML page with HTTP 200, as a gateway would answer.
    NotJson {
        /// Before or after booking.
        #[serde(default)]
        when: When,
    },
    /// `encryptData` of the right form that no key opens. Answers in Plain stay as they are.
    Undecryptable,
    /// The platform refuses, signed.
    Refuse {
        /// Not zeros only. Glory has no codes.
        #[serde(default = "default_code")]
        resp_code: String,
        /// What it says.
        resp_msg: String,
        /// Before or after booking.
        #[serde(default)]
        when: When,
    },
    /// New recharges and refunds stay in that state.
    TradeState {
        /// In place of `succ`.
        result: TradeState,
    },
    /// The answer comes byte by byte.
    Slow {
        /// Between two bytes.
        milliseconds: u64,
    },
    /// The roster's page that ends at the cursor comes in place of the one after it. At the very beginning there is
    /// none, and all is as ever.
    RepeatCursor,
    /// The roster's page begins 250 rows before its place.
    Backwards,
    /// The roster's page has 501 rows, whatever the roster's size.
    TooManyRows,
    /// The middle row of the roster's page has a member that is missing or another's.
    BadRow {
        /// Which.
        #[serde(default = "default_member")]
        member: String,
        /// In its place; the member is missing where absent.
        #[serde(default)]
        value: Option<Value>,
    },
}

fn default_code() -> String {
    "888888".to_owned()
}

fn default_member() -> String {
    "dataID".to_owned()
}

impl FaultKind {
    fn when(&self) -> When {
        match self {
            Self::Delay { when, .. } | Self::Http { when, .. } | Self::NotJson { when } | Self::Refuse { when, .. } => {
                *when
            }
            _ => When::Before,
        }
    }
}

/// A fault, for how many requests, and for which service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// For that many requests; until cleared, where absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// Only for this `transType`.
    #[serde(default)]
    pub trans_type: Option<String>,
    /// Only for requests to this path.
    #[serde(default)]
    pub path: Option<String>,
}

impl Fault {
    /// For one request of any service.
    pub fn once(kind: FaultKind) -> Self {
        Self { times: Some(1), ..Self::from(kind) }
    }

    /// The same, only for one service: a `transType` of onepay, or a path such as `/glorycard/store/deduct`.
    #[must_use]
    pub fn only(self, service: &str) -> Self {
        let service = Some(service.to_owned());
        if service.as_deref().is_some_and(|service| service.starts_with('/')) {
            return Self { path: service, ..self };
        }
        Self { trans_type: service, ..self }
    }

    /// The same, for that many requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    fn replaces(&self, other: &Fault) -> bool {
        discriminant(&self.kind) == discriminant(&other.kind)
            && self.kind.when() == other.kind.when()
            && (&self.trans_type, &self.path) == (&other.trans_type, &other.path)
    }

    fn strikes(&self, path: &str, trans_type: &str) -> bool {
        self.trans_type.as_deref().is_none_or(|only| only == trans_type)
            && self.path.as_deref().is_none_or(|only| only == path)
    }
}

impl From<FaultKind> for Fault {
    /// For every request until cleared.
    fn from(kind: FaultKind) -> Self {
        Self { kind, times: None, trans_type: None, path: None }
    }
}

/// The faults that are set, with the times they still have.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Sets a fault; it takes the place of one of the same kind, moment and service.
    pub fn set(&mut self, fault: Fault) {
        self.0.retain(|other| !fault.replaces(other));
        if fault.times != Some(0) {
            self.0.push(fault);
        }
    }

    /// Clears the one that this fault would take the place of.
    pub fn clear_one(&mut self, fault: &Fault) {
        self.0.retain(|other| !fault.replaces(other));
    }

    /// Clears them all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many are set.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What strikes this request. Each fault that does is used up by one.
    pub fn take(&mut self, path: &str, trans_type: &str) -> Plan {
        let mut struck = Vec::new();
        for fault in self.0.iter_mut().filter(|fault| fault.strikes(path, trans_type)) {
            fault.times = fault.times.map(|times| times.saturating_sub(1));
            struck.push(fault.kind.clone());
        }
        self.0.retain(|fault| fault.times != Some(0));
        Plan::new(struck)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_says_and_only_its_service() {
        let mut faults = Faults::default();
        faults.set(Fault::from(FaultKind::Unsigned).times(2).only("hop.trade.query"));
        assert!(faults.take("/x", "hop.account.info").is_empty());
        assert!(!faults.take("/x", "hop.trade.query").is_empty());
        assert!(!faults.take("/x", "hop.trade.query").is_empty());
        assert!(faults.take("/x", "hop.trade.query").is_empty());
    }

    #[test]
    fn a_path_is_a_service_too() {
        let mut faults = Faults::default();
        faults.set(Fault::once(FaultKind::Unsigned).only("/one"));
        assert!(faults.take("/other", "").is_empty());
        assert!(!faults.take("/one", "hop.trade.query").is_empty());
    }

    #[test]
    fn a_fault_replaces_its_like() {
        let mut faults = Faults::default();
        let delay = |milliseconds, when| Fault::from(FaultKind::Delay { milliseconds, when });
        faults.set(delay(1, When::Before));
        faults.set(delay(2, When::Before));
        faults.set(delay(3, When::After));
        assert_eq!(faults.0, [delay(2, When::Before), delay(3, When::After)]);
        faults.clear_one(&delay(4, When::Before).times(1));
        assert_eq!(faults.0, [delay(3, When::After)]);
    }
}

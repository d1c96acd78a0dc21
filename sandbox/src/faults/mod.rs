//! Faults: what goes wrong on the way to the books and back. They know the books only by the state of a trade.

mod garbage;
mod plan;
mod reading;

pub use plan::Plan;
pub use reading::read;

use std::mem::discriminant;

use serde::{Deserialize, Serialize};

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
        /// Not zeros only.
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
}

impl Fault {
    /// For one request of any service.
    pub fn once(kind: FaultKind) -> Self {
        Self { times: Some(1), ..Self::from(kind) }
    }

    /// The same, only for one `transType`.
    #[must_use]
    pub fn only(self, trans_type: &str) -> Self {
        Self { trans_type: Some(trans_type.to_owned()), ..self }
    }

    /// The same, for that many requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    fn replaces(&self, other: &Fault) -> bool {
        discriminant(&self.kind) == discriminant(&other.kind)
            && self.kind.when() == other.kind.when()
            && self.trans_type == other.trans_type
    }

    fn strikes(&self, trans_type: &str) -> bool {
        self.trans_type.as_deref().is_none_or(|only| only == trans_type)
    }
}

impl From<FaultKind> for Fault {
    /// For every request until cleared.
    fn from(kind: FaultKind) -> Self {
        Self { kind, times: None, trans_type: None }
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

    /// Clears them all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What strikes this request. Each fault that does is used up by one.
    pub fn take(&mut self, trans_type: &str) -> Plan {
        let mut struck = Vec::new();
        for fault in self.0.iter_mut().filter(|fault| fault.strikes(trans_type)) {
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
        assert!(faults.take("hop.account.info").is_empty());
        assert!(!faults.take("hop.trade.query").is_empty());
        assert!(!faults.take("hop.trade.query").is_empty());
        assert!(faults.take("hop.trade.query").is_empty());
    }

    #[test]
    fn a_fault_replaces_its_like() {
        let mut faults = Faults::default();
        let delay = |milliseconds, when| Fault::from(FaultKind::Delay { milliseconds, when });
        faults.set(delay(1, When::Before));
        faults.set(delay(2, When::Before));
        faults.set(delay(3, When::After));
        assert_eq!(faults.0, [delay(2, When::Before), delay(3, When::After)]);
    }
}

//! The deductions that the platform has taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::journal::{Denied, Journal};

/// What a hospital uploads of a deduction (document 2.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Upload {
    pub org_code: String,
    pub cert_type: String,
    pub cert_no: String,
    pub cert_name: String,
    #[serde(rename = "deductionID")]
    pub deduction_id: String,
    pub total_fee: String,
    pub deduction_fee: String,
    pub deduction_time: String,
    pub glory_type: String,
    pub deduction_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
}

/// A deduction as it stands, with the names that the hospital's own service uses (document 3.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deduction {
    /// As it was uploaded.
    #[serde(flatten)]
    pub upload: Upload,
    /// `1`, or `0` once it is cancelled.
    pub status: &'static str,
    /// When it was cancelled, `yyyy-MM-dd HH:mm:ss`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_time: Option<String>,
}

/// A deduction as it is read: the status follows from the cancellation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    #[serde(flatten)]
    upload: Upload,
    cancel_time: Option<String>,
}

impl<'de> Deserialize<'de> for Deduction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { upload, cancel_time } = Read::deserialize(deserializer)?;
        Ok(Self { upload, status: if cancel_time.is_some() { "0" } else { "1" }, cancel_time })
    }
}

/// A deduction as it stands after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    deduction: Deduction,
}

/// The deductions by their `deductionID`.
#[derive(Debug, Default)]
pub struct Ledger {
    rows: BTreeMap<String, Deduction>,
    journal: Journal,
}

impl Ledger {
    /// From now on every change is written there before it is made.
    pub fn keep_in(&mut self, journal: Journal) {
        self.journal = journal;
    }

    /// Enters a change that is written.
    pub(crate) fn enter(&mut self, Change { deduction }: Change) {
        self.rows.insert(deduction.upload.deduction_id.clone(), deduction);
    }

    /// Writes a change, then makes it.
    fn change(&mut self, deduction: Deduction) -> Result<(), Denied<String>> {
        let change = Change { deduction };
        self.journal.write(&change).map_err(Denied::Unwritten)?;
        self.enter(change);
        Ok(())
    }

    /// Enters a deduction; tells whether it is new. Fails, with the platform's message, on an id that stands for
    /// other content or a cancelled deduction.
    pub fn deduct(&mut self, upload: Upload) -> Result<bool, Denied<String>> {
        let id = &upload.deduction_id;
        match self.rows.get(id) {
            Some(known) if known.upload != upload => Err(format!("业务流水号 {id} 已用于不同内容的减免").into()),
            Some(known) if known.cancel_time.is_some() => Err(format!("减免记录 {id} 已撤销，不能再次上传").into()),
            Some(_) => Ok(false),
            None => {
                self.change(Deduction { upload, status: "1", cancel_time: None })?;
                Ok(true)
            }
        }
    }

    /// Cancels a deduction. Fails, with the platform's message, on one that is unknown or cancelled already.
    pub fn cancel(&mut self, id: &str, time: &str) -> Result<(), Denied<String>> {
        let known = self.rows.get(id).ok_or_else(|| format!("减免记录 {id} 不存在"))?;
        if known.cancel_time.is_some() {
            return Err(format!("减免记录 {id} 已撤销，不能重复撤销").into());
        }
        self.change(Deduction { upload: known.upload.clone(), status: "0", cancel_time: Some(time.to_owned()) })
    }

    /// The deductions by id.
    pub fn all(&self) -> impl Iterator<Item = &Deduction> {
        self.rows.values()
    }

    /// The deductions whose time lies in the span, both ends counted.
    pub fn between(&self, start: &str, end: &str) -> Vec<Deduction> {
        let in_span = |deduction: &&Deduction| (start..=end).contains(&deduction.upload.deduction_time.as_str());
        self.all().filter(in_span).cloned().collect()
    }

    /// Forgets them all, after the journal was emptied.
    pub fn clear(&mut self) {
        self.rows.clear();
    }
}

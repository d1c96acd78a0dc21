//! The deductions that the platform has taken.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a hospital uploads of a deduction (document 2.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// The deductions by their `deductionID`.
#[derive(Debug, Default)]
pub struct Ledger(BTreeMap<String, Deduction>);

impl Ledger {
    /// Enters a deduction; tells whether it is new. Fails, with the platform's message, on an id that stands for
    /// other content or a cancelled deduction.
    pub fn deduct(&mut self, upload: Upload) -> Result<bool, String> {
        let id = &upload.deduction_id;
        match self.0.get(id) {
            Some(known) if known.upload != upload => Err(format!("业务流水号 {id} 已用于不同内容的减免")),
            Some(known) if known.cancel_time.is_some() => Err(format!("减免记录 {id} 已撤销，不能再次上传")),
            Some(_) => Ok(false),
            None => {
                self.0.insert(id.clone(), Deduction { upload, status: "1", cancel_time: None });
                Ok(true)
            }
        }
    }

    /// Cancels a deduction. Fails, with the platform's message, on one that is unknown or cancelled already.
    pub fn cancel(&mut self, id: &str, time: &str) -> Result<(), String> {
        let deduction = self.0.get_mut(id).ok_or_else(|| format!("减免记录 {id} 不存在"))?;
        if deduction.cancel_time.is_some() {
            return Err(format!("减免记录 {id} 已撤销，不能重复撤销"));
        }
        deduction.status = "0";
        deduction.cancel_time = Some(time.to_owned());
        Ok(())
    }

    /// The deductions by id.
    pub fn all(&self) -> impl Iterator<Item = &Deduction> {
        self.0.values()
    }

    /// The deductions whose time lies in the span, both ends counted.
    pub fn between(&self, start: &str, end: &str) -> Vec<Deduction> {
        let in_span = |deduction: &&Deduction| (start..=end).contains(&deduction.upload.deduction_time.as_str());
        self.all().filter(in_span).cloned().collect()
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

//! The services: from a request's body through roster and ledger to the answer's `data`.

use hislink::json::Object;

use super::desk::Glory;
use super::fields::{CERT_TYPES, DEDUCTION_TYPES, Fields, GLORY_TYPES};
use super::ledger::Upload;
use super::paging::{self, Data};
use crate::faults::Plan;
use crate::journal::Denied;

/// The services by path.
pub const PATHS: &[&str] = &[ALL, DEDUCT, DEDUCT_CANCEL];

/// Hands out the roster, page by page (document 2.1).
pub const ALL: &str = "/glorycard/store/all";

/// Takes a deduction (document 2.2).
pub const DEDUCT: &str = "/glorycard/store/deduct";

/// Cancels one (document 2.3).
pub const DEDUCT_CANCEL: &str = "/glorycard/store/deductCancel";

/// What a service did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Served {
    /// The answer's `data`, if the service has any.
    pub data: Option<Data>,
    /// Whether this request changed the ledger.
    pub booked: bool,
}

/// Runs a service. Fails with the platform's message.
pub fn run(glory: &Glory, path: &str, body: &Object<'_>, plan: &Plan) -> Result<Served, Denied<String>> {
    let fields = Fields(body);
    let org_code = fields.text("orgCode")?;
    if glory.settings.org_code().ok() != Some(org_code) {
        return Err(format!("机构编码 {org_code} 与账号不符").into());
    }
    match path {
        ALL => Ok(all(glory, &fields, plan)?),
        DEDUCT => deduct(glory, &fields),
        DEDUCT_CANCEL => cancel(glory, &fields),
        other => Err(format!("服务 {other} 不存在").into()),
    }
}

fn all(glory: &Glory, fields: &Fields<'_, '_>, plan: &Plan) -> Result<Served, String> {
    let after = fields.count("dataID")?;
    let size = glory.roster().size();
    Ok(Served { data: Some(paging::page(after, size, plan)), booked: false })
}

fn deduct(glory: &Glory, fields: &Fields<'_, '_>) -> Result<Served, Denied<String>> {
    let (total, reduced) = (fields.money("totalFee")?, fields.money("deductionFee")?);
    if reduced > total {
        return Err(format!("deductionFee {reduced} 大于 totalFee {total}").into());
    }
    let upload = Upload {
        org_code: fields.text("orgCode")?.to_owned(),
        cert_type: fields.code("certType", CERT_TYPES)?.to_owned(),
        cert_no: fields.text("certNo")?.to_owned(),
        cert_name: fields.text("certName")?.to_owned(),
        deduction_id: fields.text("deductionID")?.to_owned(),
        total_fee: total.to_string(),
        deduction_fee: reduced.to_string(),
        deduction_time: fields.time("deductionTime")?.to_owned(),
        glory_type: fields.code("gloryType", GLORY_TYPES)?.to_owned(),
        deduction_type: fields.code("deductionType", DEDUCTION_TYPES)?.to_owned(),
        remarks: fields.optional("remarks")?.map(str::to_owned),
    };
    glory.ledger().deduct(upload).map(|booked| Served { data: None, booked })
}

fn cancel(glory: &Glory, fields: &Fields<'_, '_>) -> Result<Served, Denied<String>> {
    let (id, time) = (fields.text("deductionID")?, fields.time("deductionTime")?);
    glory.ledger().cancel(id, time).map(|()| Served { data: None, booked: true })
}

//! A fault from the control interface's JSON.

use serde_json::Value;

use super::{Fault, FaultKind};
use crate::glory::services::PATHS;
use crate::server::SERVICE_PATH;
use crate::services::SERVICES;

/// The members of a roster's row.
const ROW_MEMBERS: &[&str] = &["certType", "certNo", "certName", "gloryID", "gloryType", "dataID"];

/// Longer waits would only look like a hang.
const MOST_MILLISECONDS: u64 = 600_000;

/// Ten years, either way.
const MOST_MINUTES: u64 = 5_256_000;

/// Reads a fault. Fails with a message that names what is unknown or out of range.
pub fn read(value: &Value) -> Result<Fault, String> {
    let fault: Fault = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let known = serde_json::to_value(&fault).map_err(|error| error.to_string())?;
    let members = value.as_object().into_iter().flatten().map(|(name, _)| name);
    if let Some(stranger) = members.into_iter().find(|name| known.get(name.as_str()).is_none()) {
        let names: Vec<_> = known.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        return Err(format!("unknown member {stranger}; this fault knows: {}", names.join(", ")));
    }
    check(&fault)?;
    Ok(fault)
}

fn check(fault: &Fault) -> Result<(), String> {
    if fault.times == Some(0) {
        return Err("times must be 1 or more, or absent".to_owned());
    }
    if let Some(stranger) = fault.trans_type.as_deref().filter(|name| !SERVICES.contains(name)) {
        return Err(format!("unknown transType {stranger}; known are: {}", SERVICES.join(", ")));
    }
    if let Some(stranger) = fault.path.as_deref().filter(|path| !PATHS.contains(path) && *path != SERVICE_PATH) {
        return Err(format!("unknown path {stranger}; known are: {SERVICE_PATH}, {}", PATHS.join(", ")));
    }
    match &fault.kind {
        FaultKind::Delay { milliseconds, .. } | FaultKind::Slow { milliseconds } => {
            allow(*milliseconds <= MOST_MILLISECONDS, "milliseconds must be at most 600000")
        }
        FaultKind::Http { status, location, .. } => {
            allow((200..600).contains(status), "status must be 200 to 599")?;
            let printable = |text: &String| text.bytes().all(|byte| (0x20..0x7F).contains(&byte));
            allow(location.iter().all(printable), "location must be printable ASCII")
        }
        FaultKind::Clock { minutes } => {
            allow(minutes.unsigned_abs() <= MOST_MINUTES, "minutes must be within 5256000 either way")
        }
        FaultKind::BadRow { member, .. } => {
            allow(ROW_MEMBERS.contains(&member.as_str()), &format!("member must be one of: {}", ROW_MEMBERS.join(", ")))
        }
        FaultKind::Refuse { resp_code, .. } => {
            allow(resp_code.bytes().any(|byte| byte != b'0'), "respCode of zeros only would be a success")
        }
        _ => Ok(()),
    }
}

fn allow(fine: bool, otherwise: &str) -> Result<(), String> {
    if fine { Ok(()) } else { Err(otherwise.to_owned()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::When;
    use super::*;
    use crate::books::TradeState;

    #[test]
    fn faults_are_read_with_their_defaults() {
        let fault = read(&json!({"fault": "http", "status": 302, "location": "/x", "times": 2})).unwrap();
        let kind = FaultKind::Http { status: 302, location: Some("/x".to_owned()), when: When::Before };
        assert_eq!(fault, Fault::from(kind).times(2));
        let fault = read(&json!({"fault": "tradeState", "result": "ing", "transType": "hop.trade.refund"})).unwrap();
        let kind = FaultKind::TradeState { result: TradeState::Ing };
        assert_eq!(fault, Fault::from(kind).only("hop.trade.refund"));
    }

    #[test]
    fn what_is_unknown_or_out_of_range_is_named() {
        for (value, names) in [
            (json!({"fault": "explode"}), "explode"),
            (json!({"fault": "dropAfter", "milliseconds": 1}), "milliseconds"),
            (json!({"fault": "delay", "milliseconds": 1, "wen": "after"}), "wen"),
            (json!({"fault": "delay"}), "milliseconds"),
            (json!({"fault": "delay", "milliseconds": 600_001}), "milliseconds"),
            (json!({"fault": "unsigned", "times": 0}), "times"),
            (json!({"fault": "unsigned", "transType": "hop.trade.refunds"}), "hop.trade.refunds"),
            (json!({"fault": "unsigned", "path": "/glorycard/store/al"}), "/glorycard/store/al"),
            (json!({"fault": "badRow", "member": "dataId"}), "dataID"),
            (json!({"fault": "refuse", "respCode": "0000", "respMsg": ""}), "respCode"),
            (json!({"fault": "http", "status": 99}), "status"),
            (json!({"fault": "tradeState", "result": "notfound"}), "notfound"),
            (json!(["unsigned"]), ""),
            (json!({}), "fault"),
        ] {
            let error = read(&value).unwrap_err();
            assert!(error.contains(names), "{value}: {error}");
        }
    }
}

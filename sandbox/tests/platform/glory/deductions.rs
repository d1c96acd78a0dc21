//! Deductions and their cancellation.

use hislink_sandbox::Deduction;
use serde_json::json;

use super::hospital::{ALL, CANCEL, DEDUCT, Hospital, cancellation, deduction};
use crate::https::trusting;

fn only(hospital: &Hospital) -> Deduction {
    let mut all = hospital.sandbox.deductions();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[test]
fn a_deduction_is_kept_with_all_its_fields() {
    let hospital = Hospital::new();
    let answer = hospital.served(DEDUCT, deduction("D1"));
    assert_eq!(answer, json!({ "responseFlag": "1", "responseMessage": "成功" }));
    assert_eq!(hospital.latest()["booked"], true);
    let mut expected = deduction("D1");
    expected["orgCode"] = json!(hospital.sandbox.glory_org_code());
    expected["status"] = json!("1");
    assert_eq!(serde_json::to_value(only(&hospital)).unwrap(), expected);
}

#[test]
fn remarks_may_be_missing_and_amounts_may_be_equal() {
    let hospital = Hospital::new();
    let mut body = deduction("D1");
    body.as_object_mut().unwrap().remove("remarks");
    body["deductionFee"] = json!("20.00");
    hospital.served(DEDUCT, body);
    assert_eq!(only(&hospital).upload.remarks, None);
}

#[test]
fn the_same_again_succeeds_and_other_content_does_not() {
    let hospital = Hospital::new();
    hospital.served(DEDUCT, deduction("D1"));
    hospital.served(DEDUCT, deduction("D1"));
    assert_eq!(hospital.latest()["booked"], false);
    for (name, value) in [("deductionFee", "9.99"), ("certName", "张小"), ("remarks", ""), ("deductionType", "1")] {
        let mut other = deduction("D1");
        other[name] = json!(value);
        assert_eq!(hospital.refused(DEDUCT, other), "业务流水号 D1 已用于不同内容的减免");
    }
    assert_eq!(only(&hospital).upload.deduction_fee, "10.00");
}

#[test]
fn a_cancellation_is_kept_with_its_time() {
    let hospital = Hospital::new();
    hospital.served(DEDUCT, deduction("D1"));
    hospital.served(CANCEL, cancellation("D1"));
    assert_eq!(hospital.latest()["booked"], true);
    let kept = only(&hospital);
    assert_eq!((kept.status, kept.cancel_time.as_deref()), ("0", Some("2026-11-21 10:00:00")));
    assert_eq!(kept.upload.deduction_time, "2026-11-21 09:30:00");
}

#[test]
fn what_is_unknown_or_cancelled_is_not_cancelled() {
    let hospital = Hospital::new();
    assert_eq!(hospital.refused(CANCEL, cancellation("D1")), "减免记录 D1 不存在");
    hospital.served(DEDUCT, deduction("D1"));
    hospital.served(CANCEL, cancellation("D1"));
    assert_eq!(hospital.refused(CANCEL, cancellation("D1")), "减免记录 D1 已撤销，不能重复撤销");
    assert_eq!(hospital.refused(DEDUCT, deduction("D1")), "减免记录 D1 已撤销，不能再次上传");
    assert_eq!(hospital.latest()["booked"], false);
    assert_eq!(only(&hospital).status, "0");
}

#[test]
fn https_serves_them_too() {
    let hospital = Hospital::new();
    let org_code = hospital.sandbox.glory_org_code();
    let body = json!({ "dataID": 1_199, "orgCode": org_code }).to_string();
    let agent = trusting(&hospital.sandbox, None);
    let mut request = agent.post(format!("{}{ALL}", hospital.sandbox.glory_url()));
    for (name, value) in hospital.headers(&body, 0) {
        request = request.header(name, value);
    }
    let text = request.send(&body).unwrap().body_mut().read_to_string().unwrap();
    assert!(text.contains("\"dataID\":1200") && hospital.latest()["https"] == true, "{text}");
}

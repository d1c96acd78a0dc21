//! The control interface's part of the card platform.

use serde_json::json;

use super::hospital::{ALL, CANCEL, DEDUCT, Hospital, cancellation, deduction};

#[test]
fn state_shows_roster_size_and_deductions() {
    let hospital = Hospital::new();
    hospital.served(DEDUCT, deduction("D2"));
    hospital.served(DEDUCT, deduction("D1"));
    hospital.served(CANCEL, cancellation("D1"));
    let glory = &hospital.sandbox.state()["glory"];
    assert_eq!(glory["rosterSize"], 1_200);
    let deductions = glory["deductions"].as_array().unwrap();
    let told: Vec<_> =
        deductions.iter().map(|row| (row["deductionID"].as_str().unwrap(), row["status"].as_str().unwrap())).collect();
    assert_eq!(told, [("D1", "0"), ("D2", "1")]);
    assert_eq!(deductions[0]["cancelTime"], "2026-11-21 10:00:00");
    assert!(deductions[1].get("cancelTime").is_none());
    hospital.sandbox.reset();
    assert_eq!(hospital.sandbox.state()["glory"]["deductions"], json!([]));
}

#[test]
fn faults_are_set_by_path() {
    let hospital = Hospital::new();
    let fault = json!({ "fault": "refuse", "respMsg": "系统忙", "path": DEDUCT, "times": 1 });
    let (status, listed) = hospital.control("/control/faults", &fault);
    assert_eq!((status, &listed[0]["path"], &listed[0]["respCode"]), (200, &json!(DEDUCT), &json!("888888")));
    hospital.page(0);
    assert_eq!(hospital.refused(DEDUCT, deduction("D1")), "系统忙");
    hospital.control("/control/faults", &json!({ "fault": "badRow", "path": ALL, "times": 1 }));
    assert!(hospital.page(1_199)[0].get("dataID").is_none());
}

#[test]
fn what_is_not_understood_is_named() {
    let hospital = Hospital::new();
    for (path, body, names) in [
        ("/control/faults", json!({ "fault": "unsigned", "path": "/x" }), "/glorycard/store/all"),
        ("/control/faults", json!({ "fault": "badRow", "member": "name" }), "certName"),
        ("/control/glory/cards", json!({}), "add"),
        ("/control/glory/cards", json!({ "add": -1 }), "-1"),
        ("/control/glory/check", json!({ "url": "http://127.0.0.1:1/" }), "deductTimeStart"),
        ("/control/glory/check", json!({ "url": "", "from": "" }), "from"),
    ] {
        let (status, told) = hospital.control(path, &body);
        let error = told["error"].as_str().unwrap();
        assert!(status == 400 && error.contains(names), "{path} {body}: {status} {error}");
    }
}

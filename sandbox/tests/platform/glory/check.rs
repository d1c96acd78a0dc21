//! The platform's question to a hospital, against a hospital of the test's own.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use hislink_sandbox::{CheckSign, HospitalCheck};
use serde_json::{Value, json};

use super::hospital::{CANCEL, DEDUCT, Hospital, cancellation, deduction, stamp};
use super::signature::{flatten, sign};
use crate::clerk::LIMIT;
use crate::raw;

const SPAN: (&str, &str) = ("2026-11-21 00:00:00", "2026-11-21 23:59:59");

/// A question as it came: the head in lower case, and the body.
struct Question {
    head: String,
    body: Value,
}

impl Question {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// A hospital that answers so many questions with that body, signed with that key: its address, and the questions.
fn hospital(answers: Vec<Value>, key: &str, sid: &str) -> (String, JoinHandle<Vec<Question>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/deductCheck", listener.local_addr().unwrap());
    let (key, sid) = (key.to_owned(), sid.to_owned());
    let asked = thread::spawn(move || {
        answers
            .into_iter()
            .map(|answer| {
                let (mut stream, _) = listener.accept().unwrap();
                stream.set_read_timeout(Some(LIMIT)).unwrap();
                let question = read(&mut BufReader::new(&stream));
                let (timestamp, body) = (stamp(0), answer.to_string());
                let sign = sign(&flatten(&answer), &key, &timestamp);
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nsid: {sid}\r\ntimestamp: {timestamp}\r\nsign: {sign}\r\n\
                     Content-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
                question
            })
            .collect()
    });
    (url, asked)
}

fn read(stream: &mut impl BufRead) -> Question {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).unwrap() > 0);
    }
    let head = head.to_lowercase();
    let question = Question { head, body: Value::Null };
    let mut body = vec![0; question.header("content-length").unwrap().parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    Question { body: serde_json::from_slice(&body).unwrap(), ..question }
}

fn answer(rows: &[Value]) -> Value {
    json!({ "responseFlag": "1", "responseMessage": "成功", "data": rows })
}

/// A row as a hospital with the same deduction answers it.
fn row(platform: &Hospital, id: &str) -> Value {
    let mut row = deduction(id);
    row["orgCode"] = json!(platform.sandbox.glory_org_code());
    row["status"] = json!("1");
    row
}

fn asked_of(platform: &Hospital, answers: Vec<Value>) -> (HospitalCheck, JoinHandle<Vec<Question>>) {
    let (url, asked) = hospital(answers, platform.sandbox.glory_key(), platform.sandbox.glory_sid());
    (HospitalCheck::new(&url, SPAN.0, SPAN.1), asked)
}

#[test]
fn the_question_is_that_of_the_document() {
    let platform = Hospital::new();
    let (check, asked) = asked_of(&platform, vec![answer(&[])]);
    let report = platform.sandbox.check_hospital(&check).unwrap();
    assert_eq!((report.status, report.response_flag.as_str(), report.verified, report.rows), (200, "1", true, 0));
    let question = &asked.join().unwrap()[0];
    let org_code = platform.sandbox.glory_org_code();
    let expected = json!({ "orgCode": org_code, "deductTimeStart": SPAN.0, "deductionTimeEnd": SPAN.1 });
    assert_eq!(question.body, expected);
    assert!(question.head.starts_with("post /deductcheck http/1.1\r\n"));
    assert!(question.header("content-type").unwrap().starts_with("application/json"));
    let timestamp = question.header("timestamp").unwrap();
    assert_eq!(question.header("sid"), Some(platform.sandbox.glory_sid()));
    let expected = sign(&flatten(&question.body), platform.sandbox.glory_key(), timestamp);
    assert_eq!(question.header("sign"), Some(expected.as_str()));
}

#[test]
fn a_hospital_with_the_same_rows_agrees() {
    let platform = Hospital::new();
    platform.served(DEDUCT, deduction("D1"));
    platform.served(DEDUCT, deduction("D2"));
    platform.served(CANCEL, cancellation("D2"));
    let mut cancelled = row(&platform, "D2");
    cancelled["status"] = json!("0");
    cancelled["cancelTime"] = json!("2026-11-21 10:00:00");
    let mut standing = row(&platform, "D1");
    standing["cancelTime"] = json!("");
    let (check, _asked) = asked_of(&platform, vec![answer(&[standing, cancelled])]);
    let report = platform.sandbox.check_hospital(&check).unwrap();
    assert!(report.verified && report.rows == 2, "{report:?}");
    assert!(report.only_here.is_empty() && report.only_there.is_empty() && report.differing.is_empty(), "{report:?}");
}

#[test]
fn what_differs_is_told() {
    let platform = Hospital::new();
    for id in ["D1", "D2", "D3"] {
        platform.served(DEDUCT, deduction(id));
    }
    let mut other_day = deduction("D4");
    other_day["deductionTime"] = json!("2026-11-22 00:00:00");
    platform.served(DEDUCT, other_day);
    let mut differing = row(&platform, "D2");
    differing["deductionFee"] = json!("9.00");
    differing["totalFee"] = json!(20);
    differing["cancelTime"] = json!("2026-11-21 11:00:00");
    let rows = [row(&platform, "D1"), row(&platform, "D1"), differing, row(&platform, "D9"), json!({})];
    let (check, _asked) = asked_of(&platform, vec![answer(&rows)]);
    let report = platform.sandbox.check_hospital(&check).unwrap();
    assert_eq!(
        (report.rows, report.only_here, report.only_there),
        (5, vec!["D3".to_owned()], vec!["D1".to_owned(), "D9".to_owned(), String::new()])
    );
    assert_eq!(
        report.differing,
        [
            json!({ "deductionID": "D2", "member": "totalFee", "here": "20.00", "there": 20 }),
            json!({ "deductionID": "D2", "member": "deductionFee", "here": "10.00", "there": "9.00" }),
            json!({ "deductionID": "D2", "member": "cancelTime", "here": null, "there": "2026-11-21 11:00:00" }),
        ]
    );
}

#[test]
fn both_ends_of_the_span_are_counted() {
    let platform = Hospital::new();
    for (id, time) in [
        ("D1", "2026-11-20 23:59:59"),
        ("D2", "2026-11-21 00:00:00"),
        ("D3", "2026-11-21 23:59:59"),
        ("D4", "2026-11-22 00:00:00"),
    ] {
        let mut body = deduction(id);
        body["deductionTime"] = json!(time);
        platform.served(DEDUCT, body);
    }
    let (check, _asked) = asked_of(&platform, vec![answer(&[])]);
    assert_eq!(platform.sandbox.check_hospital(&check).unwrap().only_here, ["D2", "D3"]);
}

#[test]
fn an_answer_that_another_signed_is_not_verified() {
    let platform = Hospital::new();
    let (key, sid) = (platform.sandbox.glory_key(), platform.sandbox.glory_sid());
    for (key, sid) in [("other", sid), (key, "other")] {
        let (url, _asked) = hospital(vec![answer(&[])], key, sid);
        let check = HospitalCheck::new(&url, SPAN.0, SPAN.1);
        assert!(!platform.sandbox.check_hospital(&check).unwrap().verified);
    }
}

#[test]
fn questions_can_be_wrong_in_every_way() {
    let platform = Hospital::new();
    let ask = |vary: &dyn Fn(&mut HospitalCheck)| {
        let (mut check, asked) = asked_of(&platform, vec![json!({ "responseFlag": "0", "responseMessage": "拒绝" })]);
        vary(&mut check);
        let report = platform.sandbox.check_hospital(&check).unwrap();
        assert_eq!((report.response_flag.as_str(), report.response_message.as_str()), ("0", "拒绝"));
        asked.join().unwrap().remove(0)
    };
    let holds = |question: &Question| {
        let expected =
            sign(&flatten(&question.body), platform.sandbox.glory_key(), question.header("timestamp").unwrap());
        question.header("sign") == Some(&expected)
    };
    let unsigned = ask(&|check| check.sign = CheckSign::None);
    assert!(["sid", "timestamp", "sign"].iter().all(|name| unsigned.header(name).is_none()));
    let wrong = ask(&|check| check.sign = CheckSign::Wrong);
    assert!(!holds(&wrong) && wrong.header("sign").unwrap().len() == 64);
    let late = ask(&|check| check.minutes = -6);
    assert!(holds(&late) && late.header("timestamp").unwrap() < stamp(-5).as_str());
    let other = ask(&|check| check.org_code = Some("999".to_owned()));
    assert!(holds(&other) && other.body["orgCode"] == "999");
}

#[test]
fn the_very_same_question_is_asked_again() {
    let platform = Hospital::new();
    let refusal = json!({ "responseFlag": "0", "responseMessage": "重复请求" });
    let (check, asked) = asked_of(&platform, vec![answer(&[]), refusal]);
    let report = platform.sandbox.check_hospital(&HospitalCheck { replay: true, ..check }).unwrap();
    let again = report.replay.unwrap();
    assert_eq!((report.response_flag.as_str(), again.response_flag.as_str()), ("1", "0"));
    assert_eq!((again.response_message.as_str(), again.verified), ("重复请求", true));
    let questions = asked.join().unwrap();
    assert_eq!((&questions[0].head, &questions[0].body), (&questions[1].head, &questions[1].body));
}

#[test]
fn control_asks_and_reports() {
    let platform = Hospital::new();
    platform.served(DEDUCT, deduction("D1"));
    let (check, asked) = asked_of(&platform, vec![answer(&[]), answer(&[row(&platform, "D1")])]);
    let question = json!({
        "url": check.url, "deductTimeStart": SPAN.0, "deductionTimeEnd": SPAN.1, "sign": "wrong", "minutes": 3,
        "replay": true,
    });
    let (status, report) = platform.control("/control/glory/check", &question);
    assert_eq!(status, 200, "{report}");
    let blank = |rows: u64, only_here: &[&str]| {
        json!({
            "status": 200, "responseFlag": "1", "responseMessage": "成功", "verified": true, "rows": rows,
            "onlyHere": only_here, "onlyThere": [], "differing": [],
        })
    };
    let mut expected = blank(0, &["D1"]);
    expected["replay"] = blank(1, &[]);
    assert_eq!(report, expected);
    assert!(asked.join().unwrap()[0].header("timestamp").unwrap() > stamp(2).as_str());
}

#[test]
fn https_is_trusted_by_the_sandbox_s_own_authority_or_by_the_one_that_is_named() {
    // Neither sandbox is a hospital: that they answer 404 says that the handshake went well.
    let (platform, other) = (Hospital::new(), Hospital::new());
    let at = |sandbox: &Hospital| {
        HospitalCheck::new(&format!("{}/deductCheck", sandbox.sandbox.glory_url()), SPAN.0, SPAN.1)
    };
    let report = platform.sandbox.check_hospital(&at(&platform)).unwrap();
    assert_eq!((report.status, report.response_flag.as_str(), report.verified), (404, "", false));
    let error = platform.sandbox.check_hospital(&at(&other)).unwrap_err();
    assert!(error.contains("the certificate of"), "{error}");
    let ca_file = Some(other.sandbox.ca_file().to_owned());
    assert_eq!(platform.sandbox.check_hospital(&HospitalCheck { ca_file, ..at(&other) }).unwrap().status, 404);
}

#[test]
fn a_hospital_that_is_not_there_is_told() {
    let platform = Hospital::new();
    let (_held, nobody) = raw::refusing();
    let question = json!({ "url": format!("http://{nobody}/"), "deductTimeStart": SPAN.0, "deductionTimeEnd": SPAN.1 });
    let (status, told) = platform.control("/control/glory/check", &question);
    assert_eq!(status, 502);
    assert!(told["error"].as_str().is_some_and(|error| !error.is_empty()));
    let missing = Some("/nowhere/ca.pem".into());
    let check = HospitalCheck { ca_file: missing, ..HospitalCheck::new("http://127.0.0.1:1/", SPAN.0, SPAN.1) };
    assert!(platform.sandbox.check_hospital(&check).unwrap_err().contains("/nowhere/ca.pem"));
}

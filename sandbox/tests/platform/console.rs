//! The console's interface: what it keeps, what it tells, and whom.

use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;

use hislink_sandbox::{Fault, FaultKind, Options, When};
use serde_json::{Value, json};

use crate::clerk::{Clerk, LIMIT, recharge};
use crate::glory::hospital::Hospital;
use crate::raw;

fn watched() -> Clerk {
    Clerk::with(Options { console: true, ..Options::default() })
}

fn get(clerk: &Clerk, path: &str) -> Value {
    let (status, value) = clerk.control("GET", path, "");
    assert_eq!(status, 200, "{path}: {value}");
    value
}

fn rows(told: &Value) -> &Vec<Value> {
    told["rows"].as_array().unwrap()
}

/// What is told once it is enough: a request that waits, or a connection that failed, is there a moment later.
fn once(clerk: &Clerk, enough: impl Fn(&Value) -> bool) -> Value {
    let since = Instant::now();
    loop {
        let told = get(clerk, "/console/requests");
        if enough(&told) {
            return told;
        }
        assert!(since.elapsed() < LIMIT, "{told}");
    }
}

#[test]
fn a_request_is_shown_as_it_came_with_what_the_platform_made_of_it() {
    let clerk = watched();
    let sealed = clerk.sealed("hop.trade.recharge", &recharge("OC1", "12.50"));
    clerk.send(&sealed);
    let told = once(&clerk, |told| rows(told).first().is_some_and(|row| row["outcome"] == "fine"));
    let row = &rows(&told)[0];
    assert_eq!((&row["id"], &row["number"], &row["platform"]), (&json!(1), &json!(1), &json!("onepay")));
    assert_eq!((&row["service"], &row["verdict"]), (&json!("hop.trade.recharge"), &json!("000000")));
    assert_eq!((&row["booked"], &row["status"], &row["delivery"]), (&json!(true), &json!(200), &json!("whole")));
    let whole = get(&clerk, "/console/requests/1");
    assert_eq!(&whole["row"], row);
    assert_eq!(whole["request"]["body"]["text"], json!(sealed));
    assert_eq!(whole["request"]["target"], "/onepay-web/oneweb/oneapi");
    assert!(whole["peer"]["address"].as_str().unwrap().starts_with("127.0.0.1:"), "{whole}");
    let looked = &whole["request"]["looked"];
    assert_eq!(serde_json::from_str::<Value>(looked["param"].as_str().unwrap()).unwrap(), recharge("OC1", "12.50"));
    assert_eq!((&looked["holds"], &looked["given"]), (&json!(true), &looked["expected"]));
    assert!(looked["signingText"].as_str().unwrap().ends_with(&format!("&key={}", clerk.sandbox.app_secret())));
    let answered = &whole["answer"]["looked"];
    assert!(answered["param"].as_str().unwrap().contains("\"balance\":\"212.50\""), "{answered}");
    assert_eq!(answered["holds"], true);
}

#[test]
fn a_wrong_sign_is_shown_beside_the_right_one_and_a_known_mistake_is_named() {
    let clerk = watched();
    let mut message = clerk.seal("hop.account.info", &json!({ "cardType": "03", "cardNo": "10001" }));
    let right = message["sign"].as_str().unwrap().to_owned();
    message.insert("sign".to_owned(), json!(right.to_lowercase()));
    clerk.send(&json!(message).to_string());
    let looked = get(&clerk, "/console/requests/1")["request"]["looked"].clone();
    assert_eq!((&looked["given"], &looked["expected"]), (&json!(right.to_lowercase()), &json!(right)));
    assert_eq!(looked["holds"], false);
    let mistake = &looked["why"]["mistakes"][0];
    assert!(mistake["zh"].as_str().unwrap().contains("小写") && mistake["en"].as_str().unwrap().contains("lower"));
}

#[test]
fn glory_is_looked_into_with_its_headers() {
    let hospital = Hospital::with(Options { console: true, ..Options::default() });
    hospital.ask("/glorycard/store/all", json!({ "dataID": 1_199 }));
    let clerk = Clerk { sandbox: hospital.sandbox, ..Clerk::new() };
    let whole = get(&clerk, "/console/requests/1");
    assert_eq!((&whole["row"]["platform"], &whole["request"]["looked"]["holds"]), (&json!("glory"), &json!(true)));
    assert_eq!(whole["answer"]["looked"]["holds"], true, "{whole}");
    let text = whole["request"]["looked"]["signingText"].as_str().unwrap();
    assert!(text.contains(&format!("&key={}&timestamp=", clerk.sandbox.glory_key())), "{text}");
}

#[test]
fn the_cursor_tells_each_change_once() {
    let clerk = watched();
    let delay = FaultKind::Delay { milliseconds: 400, when: When::After };
    clerk.sandbox.set_fault(Fault::once(delay));
    let first = get(&clerk, "/console/requests");
    let mut stream = raw::connect(&clerk.sandbox);
    raw::send(&mut stream, &clerk.sealed("hop.account.info", &json!({})), "close");
    let waiting = once(&clerk, |told| !rows(told).is_empty());
    assert_eq!((&rows(&waiting)[0]["outcome"], &rows(&waiting)[0]["milliseconds"]), (&json!("refused"), &json!(null)));
    raw::listen(stream);
    let done = once(&clerk, |told| told["revision"] != waiting["revision"] && !rows(told)[0]["milliseconds"].is_null());
    assert_eq!((rows(&done).len(), rows(&done)[0]["faults"].clone()), (1, json!(["delay"])));
    let after = get(&clerk, &format!("/console/requests?after={}", done["revision"]));
    assert_eq!((rows(&after).len(), &after["run"]), (0, &first["run"]));
    let (status, told) = clerk.control("GET", "/console/requests?after=x", "");
    assert_eq!((status, told["error"].is_string()), (400, true));
    assert_eq!(clerk.control("GET", "/console/requests/77", "").0, 404);
}

#[test]
fn what_was_turned_away_is_kept_too() {
    let clerk = watched();
    let post = |path: &str| {
        let url = clerk.sandbox.glory_http_url() + path;
        clerk.agent.post(url).send("{}").unwrap().status().as_u16()
    };
    assert_eq!(post("/elsewhere"), 404);
    assert_eq!(clerk.agent.get(clerk.sandbox.http_url()).call().unwrap().status(), 405);
    let address = clerk.sandbox.glory_url();
    let mut plain = TcpStream::connect(address.strip_prefix("https://").unwrap()).unwrap();
    plain.write_all(b"POST / HTTP/1.1\r\n\r\n").unwrap();
    let told = once(&clerk, |told| rows(told).len() == 3);
    let seen: Vec<_> = rows(&told).iter().map(|row| (row["outcome"].as_str(), row["status"].as_u64())).collect();
    let turned_away = Some("turnedAway");
    assert_eq!(seen, [(turned_away, Some(404)), (turned_away, Some(405)), (turned_away, None)]);
    assert!(!rows(&told)[2]["message"].as_str().unwrap().is_empty());
}

#[test]
fn at_most_500_requests_and_16_mib_are_kept() {
    let clerk = watched();
    let body = clerk.sealed("hop.trade.query", &json!({ "outChargeNo": "OC1" }));
    for _ in 0..505 {
        clerk.post(&body).unwrap().body_mut().read_to_string().unwrap();
    }
    let told = get(&clerk, "/console/requests");
    assert_eq!((rows(&told).len(), &told["first"], &rows(&told)[0]["id"]), (500, &json!(6), &json!(6)));
    let large = format!("{{\"x\":\"{}\"}}", "易".repeat(100_000));
    for _ in 0..70 {
        clerk.post(&large).unwrap().body_mut().read_to_string().unwrap();
    }
    let told = get(&clerk, "/console/requests");
    assert!((60..=64).contains(&rows(&told).len()), "{}", rows(&told).len());
    let whole = get(&clerk, "/console/requests/575");
    let kept = &whole["request"]["body"];
    assert_eq!((&kept["cut"], &kept["length"], &kept["charset"]), (&json!(true), &json!(large.len()), &json!("UTF-8")));
    assert!(kept["text"].as_str().unwrap().len() <= 256 * 1024);
    assert_eq!(clerk.control("POST", "/control/reset", "").0, 200);
    let told = get(&clerk, "/console/requests");
    assert_eq!((rows(&told).len(), &told["first"]), (0, &json!(576)));
}

#[test]
fn off_there_is_nothing() {
    let clerk = Clerk::new();
    clerk.served("hop.account.info", json!({ "cardType": "03", "cardNo": "10001" }));
    assert_eq!(clerk.sandbox.console_url(), None);
    for path in ["/console", "/console/console.js", "/console/requests", "/console/requests/1", "/console/about", "/"] {
        let (status, told) = clerk.control("GET", path, "");
        assert!(status == 404 && told["error"].as_str().unwrap().contains("/control/state"), "{path}: {told}");
    }
}

#[test]
fn pages_from_elsewhere_and_other_names_are_refused() {
    let clerk = watched();
    let own = clerk.sandbox.control_url();
    let host = own.strip_prefix("http://").unwrap();
    let ask = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
        raw::listen(stream).head().split(' ').nth(1).unwrap().to_owned()
    };
    let fault = r#"{"fault":"dropBefore"}"#;
    let json = ("Content-Type", "application/json");
    for (headers, expected) in [
        (vec![("Host", host), ("Origin", "http://evil.example"), json], "403"),
        (vec![("Host", host), ("Origin", "null"), json], "403"),
        (vec![("Host", "evil.example:18081"), json], "403"),
        (vec![json], "403"),
        (vec![("Host", host), ("Origin", &own)], "403"),
        (vec![("Host", host), ("Sec-Fetch-Site", "cross-site"), json], "403"),
    ] {
        assert_eq!(ask("POST", "/control/faults", &headers, fault), expected, "{headers:?}");
    }
    assert_eq!(get(&clerk, "/control/faults"), json!([]));
    assert_eq!(ask("GET", "/console/about", &[("Host", "evil.example")], ""), "403");
    assert_eq!(ask("GET", "/console/about", &[("Host", host), ("Origin", "http://evil.example")], ""), "403");
    assert_eq!(ask("POST", "/control/faults", &[("Host", host), ("Origin", &own), json], fault), "200");
    assert_eq!(ask("DELETE", "/control/faults", &[("Host", host)], ""), "200", "programs send neither");
}

#[test]
fn the_page_is_whole_and_guarded() {
    let clerk = watched();
    let url = clerk.sandbox.console_url().unwrap();
    let fetch = |url: &str| {
        let mut response = clerk.agent.get(url).call().unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((header("cache-control"), header("x-content-type-options")), ("no-store".into(), "nosniff".into()));
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let kind = header("content-type");
        (kind, response.body_mut().read_to_string().unwrap())
    };
    let (kind, page) = fetch(&url);
    assert!(kind.starts_with("text/html") && page.contains("/console/console.js"));
    let mut queue = vec!["console.js".to_owned(), "console.css".to_owned(), "icon.svg".to_owned()];
    let mut seen: Vec<String> = Vec::new();
    while let Some(name) = queue.pop() {
        let (_, text) = fetch(&format!("{url}/{name}"));
        assert!(!text.contains("innerHTML") && !text.contains("https://"), "{name}");
        queue.extend(text.lines().filter_map(|line| {
            let name = line.split_once("from \"./")?.1.split('"').next()?.to_owned();
            (!seen.contains(&name)).then_some(name)
        }));
        seen.push(name);
    }
    assert!(seen.iter().any(|name| name == "strings.js"), "{seen:?}");
    fetch(&format!("{url}/requests"));
}

#[test]
fn a_single_fault_is_cleared() {
    let clerk = watched();
    clerk.sandbox.set_fault(FaultKind::Unsigned);
    clerk.sandbox.set_fault(Fault::from(FaultKind::Gbk).times(3).only("hop.trade.query"));
    let listed = get(&clerk, "/control/faults");
    let (status, left) = clerk.control("DELETE", "/control/faults", &listed[1].to_string());
    assert_eq!((status, &left), (200, &json!([listed[0]])));
    let (status, told) = clerk.control("DELETE", "/control/faults", r#"{"fault":"explode"}"#);
    assert!(status == 400 && told["error"].as_str().unwrap().contains("explode"));
    assert_eq!(clerk.control("DELETE", "/control/faults", ""), (200, json!([])));
}

#[test]
fn what_is_sealed_by_hand_opens_and_is_taken() {
    let clerk = watched();
    let by_hand = |what: &str, body: Value| {
        let (status, told) = clerk.control("POST", &format!("/console/{what}"), &body.to_string());
        assert_eq!(status, 200, "{told}");
        told
    };
    for (sign_type, encrypt_type) in [("MD5", "Plain"), ("SM3", "AES"), ("MD5", "DES"), ("SM3", "SM4")] {
        let sealed = by_hand(
            "onepay/seal",
            json!({
                "transType": "hop.account.info", "signType": sign_type, "encryptType": encrypt_type,
                "param": r#"{"cardType":"03","cardNo":"10001","much":10.00}"#, "version": "H.F.0.1",
            }),
        );
        let message = sealed["message"].as_str().unwrap();
        assert_eq!(clerk.send(message).code, "000000", "{sign_type} {encrypt_type}");
        let opened = by_hand("onepay/open", json!({ "message": message }));
        assert_eq!(opened["holds"], true);
        assert!(opened["param"].as_str().unwrap().contains("10.00"), "{opened}");
    }
    let body = r#"{"dataID":0,"orgCode":"350100001"}"#;
    let signed = by_hand("glory/sign", json!({ "body": body, "timestamp": "20261121120000" }));
    let sign = signed["headers"][2][1].clone();
    let verify = |sign: &Value| {
        by_hand("glory/verify", json!({ "body": body, "timestamp": "20261121120000", "sign": sign }))["holds"].clone()
    };
    assert_eq!((verify(&sign), verify(&json!("00"))), (json!(true), json!(false)));
    for (what, body) in [
        ("onepay/open", json!({ "message": "{" })),
        ("glory/verify", json!({ "body": "[]", "timestamp": "", "sign": "" })),
        ("glory/sign", json!({ "body": "{}", "timestamp": "now" })),
    ] {
        let trouble = by_hand(what, body)["trouble"].clone();
        assert!(trouble["zh"].is_string() && trouble["en"].is_string(), "{what}: {trouble}");
    }
    assert_eq!(clerk.control("POST", "/console/onepay/open", r#"{"mesage":""}"#).0, 400);
}

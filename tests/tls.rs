//! TLS as hospitals have it, through the C contract: each failure is named with what to do, and nothing was sent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod host;
#[path = "tls/site.rs"]
mod site;
mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::{env, thread};

use host::{call, end};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use rustls::{ServerConnection, StreamOwned};
use serde_json::{Value, json};
use site::{Authority, Identity, Manner, Site, answer_of, good, message};

fn look(profile: &str) -> Value {
    call("onepay_account_info", &json!({"profile": profile, "tag": 7, "param": {"cardType": "03", "cardNo": "10001"}}))
}

/// Configures a profile that leads to the site, and asks for an account.
fn ask(site: &Site, profile: &str, host: &str, http: &Value, language: &str) -> Value {
    let mut settings = site.settings(profile, host, http);
    settings["language"] = json!(language);
    let configured = call("configure", &settings);
    assert_eq!(configured["status"], "succeeded", "{configured}");
    look(profile)
}

/// The failure has this word, its texts say this in both languages, and nothing was taken in.
fn fails(site: &Site, host: &str, http: &Value, code: &str, reason: &str, [zh, en]: [&str; 2]) {
    for (language, said, unsent) in [("zh", zh, "请求未发出"), ("en", en, "nothing was sent")] {
        let reply = ask(site, &format!("{reason}-{}", site.port), host, http, language);
        assert_eq!((end(&reply), &reply["data"]["reason"]), (("failed", code), &json!(reason)), "{reply}");
        let message = reply["message"].as_str().unwrap();
        assert!(message.contains(said) && message.contains(unsent), "{said}: {reply}");
        assert!(!message.contains('{'), "{reply}");
        assert!(reply.get("tls").is_none(), "{reply}");
    }
    assert_eq!(site.taken_in(), 0);
}

fn tls_fails(site: &Site, host: &str, http: &Value, reason: &str, said: [&str; 2]) {
    fails(site, host, http, "TLS_FAILED", reason, said);
}

/// A certificate that is not as it should be, and what its failure is called.
type Broken = (&'static str, fn(&mut CertificateParams), [&'static str; 2]);

const BROKEN: &[Broken] = &[
    (
        "CERT_EXPIRED",
        |params| {
            params.not_before = date_time_ymd(2019, 1, 1);
            params.not_after = date_time_ymd(2020, 2, 3);
        },
        [
            "已于 2020-02-03 08:00:00 过期，本机时间是 20",
            "expired at 2020-02-03 08:00:00, and this machine's clock says 20",
        ],
    ),
    (
        "CERT_NOT_YET_VALID",
        |params| params.not_before = date_time_ymd(2070, 2, 3),
        ["自 2070-02-03 08:00:00 起才有效，本机时间是 20", "valid from 2070-02-03 08:00:00 on"],
    ),
    (
        "CERT_WRONG_HOST",
        |params| {
            let other = CertificateParams::new(vec!["pay.example.cn".to_owned(), "10.0.0.7".to_owned()]).unwrap();
            params.subject_alt_names = other.subject_alt_names;
        },
        ["只用于：pay.example.cn, 10.0.0.7", "but for: pay.example.cn, 10.0.0.7"],
    ),
    ("CERT_WRONG_HOST", |params| params.subject_alt_names.clear(), ["subjectAltName", "subjectAltName"]),
    (
        "CERT_WRONG_PURPOSE",
        |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
        ["服务器身份验证", "serverAuth"],
    ),
    (
        "CERT_UNUSABLE",
        |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
        ["X.509 第 3 版的服务器证书", "certificate for servers"],
    ),
];

#[test]
fn each_broken_certificate_is_named_and_told_what_to_do() {
    let authority = Authority::new("医院 CA");
    let trusting = json!({"caFile": authority.file()});
    for (reason, spoil, said) in BROKEN {
        let mut params = good();
        spoil(&mut params);
        let site = Site::start(&authority.issue(&params), Manner::default());
        tls_fails(&site, "localhost", &trusting, reason, *said);
    }
}

#[test]
fn an_unknown_authority_is_named_with_the_setting_that_lets_it_in() {
    let (ours, theirs) = (Authority::new("医院 CA"), Authority::new("平台 CA"));
    let site = Site::start(&theirs.issue(&good()), Manner::default());
    let said = [
        "“平台 CA”签发，该机构不在http.caFile 中；请向平台索取",
        "\"平台 CA\", which is not among those of http.caFile",
    ];
    tls_fails(&site, "127.0.0.1", &json!({"caFile": ours.file()}), "CERT_UNKNOWN_ISSUER", said);
    let earlier = json!({"caFile": Authority::new("平台 CA").file()});
    let said = ["该机构可能已更换密钥", "it may have a new key"];
    tls_fails(&site, "127.0.0.1", &earlier, "CERT_UNKNOWN_ISSUER", said);
    let said = ["不在系统的受信任根证书中", "not among the system's authorities"];
    tls_fails(&site, "127.0.0.1", &json!({}), "CERT_UNKNOWN_ISSUER", said);
    let reply = ask(&site, "let-in", "127.0.0.1", &json!({"caFile": theirs.file()}), "zh");
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
}

#[test]
fn those_between_are_taken_from_the_server_and_their_faults_are_told_as_theirs() {
    let authority = Authority::new("平台 CA");
    let trusting = json!({"caFile": authority.file()});
    let site = |between: &Authority, sent: bool| {
        let mut identity = between.issue(&good());
        identity.chain.extend(sent.then(|| between.der().into()));
        Site::start(&identity, Manner::default())
    };
    let between = authority.under("平台签发 CA", |_| ());
    let reply = ask(&site(&between, true), "between", "localhost", &trusting, "zh");
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    let said = ["“平台签发 CA”签发，该机构不在http.caFile 中", "\"平台签发 CA\", which is not among"];
    tls_fails(&site(&between, false), "localhost", &trusting, "CERT_UNKNOWN_ISSUER", said);
    let old = authority.under("平台签发 CA", |params| params.not_after = date_time_ymd(2020, 2, 3));
    let said = [
        "证书本身有效，但其签发机构（“平台签发 CA”或更上级）的证书不在有效期内，本机时间是 20",
        "is valid, but not that of an authority above it (\"平台签发 CA\", or one above that): this machine's clock says 20",
    ];
    tls_fails(&site(&old, true), "localhost", &trusting, "CERT_EXPIRED", said);
}

#[test]
fn a_self_signed_certificate_is_named_and_trusted_where_it_stands_in_ca_file() {
    let other = json!({"caFile": Authority::new("医院 CA").file()});
    for is_ca in [IsCa::NoCa, IsCa::ExplicitNoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let mut params = good();
        params.is_ca = is_ca;
        // As those are dated that are to have no end.
        params.not_after = date_time_ymd(9999, 12, 31) + Duration::from_secs(86_399);
        let identity = Identity::self_signed(&params);
        let site = Site::start(&identity, Manner::default());
        let said =
            ["自签名的（“支付平台”），不在http.caFile 中", "signed by itself (\"支付平台\") and not among those of"];
        tls_fails(&site, "localhost", &other, "CERT_SELF_SIGNED", said);
        tls_fails(
            &site,
            "localhost",
            &json!({}),
            "CERT_SELF_SIGNED",
            ["系统的受信任根证书", "the system's authorities"],
        );
        let own = json!({"caFile": identity.file()});
        assert_eq!(end(&ask(&site, "own", "localhost", &own, "zh")), ("succeeded", "OK"), "{is_ca:?}");

        // For its names and in its time only.
        for (reason, spoil, said) in &BROKEN[..3] {
            let mut params = params.clone();
            spoil(&mut params);
            let identity = Identity::self_signed(&params);
            let site = Site::start(&identity, Manner::default());
            tls_fails(&site, "localhost", &json!({"caFile": identity.file()}), reason, *said);
        }
    }
}

#[test]
fn a_client_certificate_is_asked_for_and_a_wrong_one_is_told_apart() {
    let (authority, stranger) = (Authority::new("平台 CA"), Authority::new("别的 CA"));
    let mut params = good();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let showing = |identity: &Identity| json!({"caFile": authority.file(), "clientCertFile": identity.file(), "clientKeyFile": identity.key_file()});
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let manner = Manner { versions: Some(version), clients_of: Some(authority.verifier()), ..Manner::default() };
        let site = Site::start(&authority.issue(&good()), manner);
        let said = ["请向平台申请，并填入 http.clientCertFile", "ask the platform's people for one"];
        tls_fails(&site, "localhost", &json!({"caFile": authority.file()}), "CLIENT_CERT_NEEDED", said);
        let said = ["不接受 http.clientCertFile 中的客户端证书", "does not take the client certificate"];
        tls_fails(&site, "localhost", &showing(&stranger.issue(&params)), "CLIENT_CERT_REFUSED", said);
        let reply = ask(&site, "shown", "localhost", &showing(&authority.issue(&params)), "zh");
        assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    }
}

/// A ServerHello of TLS 1.0 with TLS_RSA_WITH_AES_128_CBC_SHA, as a server answers that knows nothing newer.
const SERVER_HELLO_1_0: &[u8] = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01\
    0123456789abcdef0123456789abcdef\x00\x00\x2f\x00";

#[test]
fn servers_that_speak_otherwise_are_told_apart() {
    let trusting = json!({"caFile": Authority::new("医院 CA").file()});
    let old = ["请平台在服务器（或前置的负载均衡）上启用 TLS 1.2", "must switch TLS 1.2 on"];
    let cipher = ["没有共同的加密套件", "no cipher suite is shared"];
    let plain = ["可能是 http 的端口", "a port for http"];
    let cases: [(&str, &[u8], [&str; 2]); 8] = [
        ("TLS_VERSION", SERVER_HELLO_1_0, old),
        ("TLS_VERSION", b"\x15\x03\x01\x00\x02\x02\x46", old),
        ("TLS_CIPHER", b"\x15\x03\x03\x00\x02\x02\x28", cipher),
        ("TLS_CIPHER", b"\x15\x03\x03\x00\x02\x02\x47", cipher),
        ("TLS_REFUSED", b"\x15\x03\x03\x00\x02\x02\x70", ["请平台查看服务器日志", "their server's log"]),
        ("NOT_TLS", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", plain),
        ("NOT_TLS", b"SSH-2.0-OpenSSH_9.2p1\r\n", plain),
        ("TLS_BROKEN_OFF", b"", ["请核对端口", "check the port"]),
    ];
    for (reason, answer, said) in cases {
        tls_fails(&Site::scripted(answer), "localhost", &trusting, reason, said);
    }
    // Half of a hello, and then nothing.
    let site = Site::with(|mut socket, _, _| {
        let _ = socket.read(&mut [0; 4096])?;
        socket.write_all(&SERVER_HELLO_1_0[..20])?;
        socket.read(&mut [0; 1]).map(|_| ())
    });
    let hasty = json!({"caFile": trusting["caFile"], "connectTimeoutMs": 300});
    let said = ["没有在时限内完成 TLS 握手", "did not finish the TLS handshake in time"];
    fails(&site, "localhost", &hasty, "TIMEOUT", "TLS_STALLED", said);
}

#[test]
fn a_connection_on_which_the_server_said_goodbye_is_not_used_again() {
    let identity = Identity::self_signed(&good());
    let config = Arc::new(site::config(&identity, Manner::default()));
    let site = Site::with(move |socket, platform, taken_in| {
        let conn = ServerConnection::new(Arc::clone(&config)).map_err(std::io::Error::other)?;
        let mut client = StreamOwned::new(conn, socket);
        let answer = answer_of(platform, &message(&mut client)?)?;
        taken_in.fetch_add(1, Ordering::SeqCst);
        client.conn.writer().write_all(&answer)?;
        client.conn.send_close_notify();
        client.flush()?;
        // What comes on it now is read by nobody.
        thread::sleep(Duration::from_secs(3));
        Ok(())
    });
    let http = json!({"caFile": identity.file(), "timeoutMs": 2000});
    assert_eq!(end(&ask(&site, "goodbye", "localhost", &http, "en")), ("succeeded", "OK"));
    assert_eq!(end(&look("goodbye")), ("succeeded", "OK"));
    assert_eq!(site.taken_in(), 2);
}

#[test]
fn insecure_connects_to_every_broken_server_and_each_reply_says_so() {
    let authority = Authority::new("无人知晓的 CA");
    let mut sites = vec![
        Site::start(&Identity::self_signed(&good()), Manner::default()),
        Site::start(&authority.issue(&good()), Manner::default()),
    ];
    for (_, spoil, _) in BROKEN {
        let mut params = good();
        spoil(&mut params);
        sites.push(Site::start(&authority.issue(&params), Manner::default()));
    }
    let insecure = json!({"tls": "insecure"});
    for site in &sites {
        let reply = ask(site, "open", "localhost", &insecure, "en");
        assert_eq!((end(&reply), &reply["tls"]), (("succeeded", "OK"), &json!("insecure")), "{reply}");
        assert_eq!(site.taken_in(), 1);
    }
}

#[test]
fn insecure_still_wants_the_key_of_the_certificate() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let manner = Manner { foreign_key: true, versions: Some(version), ..Manner::default() };
        let site = Site::start(&Identity::self_signed(&good()), manner);
        let reply = ask(&site, "foreign", "localhost", &json!({"tls": "insecure"}), "en");
        assert_eq!((end(&reply), site.taken_in()), (("failed", "TLS_FAILED"), 0), "{reply}");
    }
}

#[test]
fn every_reply_of_an_insecure_profile_mentions_it_and_no_other() {
    let site = Site::start(&Identity::self_signed(&good()), Manner::default());
    let mention = |request: &str, operation: &str| host::call_text(operation, request);
    let behind_tag = r#""tag":7,"tls":"insecure""#;
    let mut settings = site.settings("mentioned", "localhost", &json!({"tls": "insecure"}));
    let configured = call("configure", &settings);
    assert_eq!(configured["tls"], "insecure", "{configured}");
    assert!(configured["data"]["warnings"][0].as_str().unwrap().contains("http.tls 为 insecure"), "{configured}");
    settings["tag"] = json!(7);
    settings["language"] = json!("en");
    let warned = mention(&settings.to_string(), "configure");
    assert!(warned.contains(behind_tag) && warned.contains("http.tls is insecure"), "{warned}");

    // Succeeded, failed, rejected, and with settings that came inline.
    assert!(look("mentioned").to_string().contains(r#""tls":"insecure""#));
    for (operation, request, code) in [
        ("onepay_account_info", r#"{"profile":"mentioned","tag":7,"parm":{}}"#, "BAD_FIELD"),
        ("onepay_account_info", r#"{"profile":"mentioned","tag":7,"param":"\"\\\"x"}"#, "BAD_FIELD"),
        ("onepay_sign", r#"{"profile":"mentioned","tag":7,"message":{},"onepay":{"appId":"A","appSecret":"S"}}"#, "OK"),
        ("glory_sync", r#"{"profile":"mentioned","tag":7}"#, "BAD_SETTINGS"),
        (
            "onepay_account_info",
            r#"{"profile":"mentioned","tag":7,"timeoutMs":2000,"param":{"cardNo":"1","cardType":"03"},"onepay":{"url":"http://127.0.0.1:1/","appId":"A","appSecret":"S"}}"#,
            "CONNECT_FAILED",
        ),
        ("describe", r#"{"profile":"mentioned","tag":7}"#, "OK"),
    ] {
        let reply = mention(request, operation);
        assert!(reply.contains(&format!("\"code\":\"{code}\"")) && reply.contains(behind_tag), "{operation}: {reply}");
    }
    // The tag may be anything, and the message may hold quotes.
    let reply = mention(r#"{"profile":"mentioned","tag":{"a":["\"",null,1.50]},"\"x\\":1}"#, "describe");
    assert!(reply.contains(r#""tag":{"a":["\"",null,1.50]},"tls":"insecure","field""#), "{reply}");
    let untagged = mention(r#"{"profile":"mentioned","\"x\\":1}"#, "describe");
    assert_eq!(serde_json::from_str::<Value>(&untagged).unwrap()["tls"], "insecure", "{untagged}");
    assert!(untagged.contains(r#"","tls":"insecure","field""#), "{untagged}");

    // No other profile's reply, but the list of profiles.
    let listed = call("describe", &json!({"profile": "unmentioned"}));
    assert!(listed.get("tls").is_none());
    assert_eq!(listed["data"]["profiles"]["mentioned"]["http"]["tls"], "insecure");
    assert!(call("order_no", &json!({})).get("tls").is_none());

    // A rejected configure leaves it as it is; from a file, the profile that the file names counts; verifying ends it.
    let wrong = json!({"profile": "mentioned", "onepay": {"appId": "A", "appSecret": "S"}, "http": {"tls": "off"}});
    let reply = call("configure", &wrong);
    assert_eq!(
        (end(&reply), &reply["field"], &reply["tls"]),
        (("rejected", "BAD_SETTINGS"), &json!("/http/tls"), &json!("insecure"))
    );
    let path = env::temp_dir().join(format!("hislink-insecure-{}.json", std::process::id()));
    settings["profile"] = json!("mentioned-in-file");
    settings.as_object_mut().unwrap().remove("tag");
    std::fs::write(&path, settings.to_string()).unwrap();
    assert_eq!(call("configure", &json!({"file": path}))["tls"], "insecure");
    std::fs::remove_file(path).unwrap();
    settings["profile"] = json!("mentioned");
    settings["http"] = json!({"tls": "verify"});
    let verifying = call("configure", &settings);
    assert!(verifying["status"] == "succeeded" && verifying.get("tls").is_none(), "{verifying}");
    assert!(look("mentioned").get("tls").is_none());
}

#[test]
fn every_reason_has_its_row_in_both_languages() {
    let sources = [include_str!("../src/http/tls_failure.rs"), include_str!("../src/http/proxy_failure.rs")].concat();
    let reasons: Vec<_> = sources.split("reason: \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(reasons.len() > 20, "{reasons:?}");
    for page in [include_str!("../docs/tls.md"), include_str!("../docs/tls.zh-CN.md")] {
        for reason in &reasons {
            assert!(page.contains(&format!("\n| {reason} | ")), "{reason}");
        }
    }
}

#[test]
fn insecure_and_an_authority_contradict_each_other() {
    let http = json!({"tls": "insecure", "caFile": Authority::new("医院 CA").file()});
    let reply =
        call("configure", &json!({"profile": "both", "http": http, "onepay": {"appId": "A", "appSecret": "S"}}));
    assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_SETTINGS"), &json!("/http/caFile")), "{reply}");
}

/// A proxy that answers CONNECT with these bytes, and then with silence.
fn proxy(answer: &'static [u8], hangs_up: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            thread::spawn(move || {
                // The whole question in one piece: some look at no more.
                let mut question = [0; 4096];
                let length = client.read(&mut question).unwrap_or(0);
                let question = String::from_utf8_lossy(&question[..length]);
                let asks = question.starts_with("CONNECT localhost:") && question.ends_with("\r\n\r\n");
                if !asks || !question.contains("\r\nProxy-Authorization: Basic ZGVzazpnZWhlaW0=\r\n") {
                    return;
                }
                let _ = client.write_all(answer);
                if !hangs_up {
                    let _ = client.read(&mut [0; 1]);
                }
            });
        }
    });
    format!("http://desk:geheim@{address}")
}

#[test]
fn a_proxy_that_does_not_lead_on_is_told_apart() {
    let site = Site::start(&Identity::self_signed(&good()), Manner::default());
    let cases: [(&str, &[u8], [&str; 2]); 8] = [
        (
            "PROXY_LOGIN",
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n\r\n",
            ["http://用户:密码@主机:端口", "user:password@host:port"],
        ),
        ("PROXY_FORBIDS", b"HTTP/1.1 403 Forbidden\r\n\r\n", ["不允许连接 localhost:", "forbids localhost:"]),
        ("PROXY_CANNOT_REACH", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", ["连不上 localhost:", "cannot reach localhost:"]),
        ("PROXY_CANNOT_REACH", b"HTTP/1.0 504 Gateway Timeout\r\n\r\n", ["HTTP 504", "HTTP 504"]),
        ("PROXY_REFUSED", b"HTTP/1.1 429 Too Many Requests\r\n\r\n", ["HTTP 429", "HTTP 429"]),
        (
            "NOT_A_PROXY",
            b"HTTP/1.1 405 Method Not Allowed\r\n\r\n",
            ["不是支持 CONNECT 的 HTTP 代理", "is no HTTP proxy"],
        ),
        ("NOT_A_PROXY", b"220 mail.example.cn ESMTP\r\n", ["不是支持 CONNECT 的 HTTP 代理", "is no HTTP proxy"]),
        ("NOT_A_PROXY", b"", ["不是支持 CONNECT 的 HTTP 代理", "is no HTTP proxy"]),
    ];
    for (reason, answer, said) in cases {
        fails(&site, "localhost", &json!({"proxy": proxy(answer, true)}), "CONNECT_FAILED", reason, said);
    }
    // What a proxy says may be long, but not without end.
    let long: &'static str =
        format!("HTTP/1.1 407 Login\r\n{}\r\n", "Proxy-Authenticate: Negotiate\r\n".repeat(200)).leak();
    let login = ["http://用户:密码@主机:端口", "user:password@host:port"];
    fails(&site, "localhost", &json!({"proxy": proxy(long.as_bytes(), true)}), "CONNECT_FAILED", "PROXY_LOGIN", login);
    let endless: &'static str = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(10 << 20)).leak();
    let no_proxy = ["不是支持 CONNECT 的 HTTP 代理", "is no HTTP proxy"];
    fails(
        &site,
        "localhost",
        &json!({"proxy": proxy(endless.as_bytes(), false)}),
        "CONNECT_FAILED",
        "NOT_A_PROXY",
        no_proxy,
    );
    let silent = json!({"proxy": proxy(b"", false), "connectTimeoutMs": 300});
    fails(&site, "localhost", &silent, "TIMEOUT", "PROXY_SILENT", ["请核对 http.proxy", "check http.proxy"]);
    let (_held, closed) = support::refusing();
    let unreachable = json!({"proxy": format!("http://desk:geheim@{closed}")});
    fails(
        &site,
        "localhost",
        &unreachable,
        "CONNECT_FAILED",
        "PROXY_UNREACHABLE",
        [&format!("连不上代理 {closed}"), "cannot be reached"],
    );
    let nameless = json!({"proxy": "http://desk:geheim@no-such-proxy.invalid:3128"});
    let said = ["连不上代理 no-such-proxy.invalid:3128", "no-such-proxy.invalid:3128 cannot be reached"];
    fails(&site, "localhost", &nameless, "CONNECT_FAILED", "PROXY_UNREACHABLE", said);
    // The server behind the proxy that does not speak TLS.
    let plain = json!({"proxy": proxy(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n", true)});
    tls_fails(&site, "localhost", &plain, "NOT_TLS", ["localhost:", "localhost:"]);
    assert!(!look("NOT_TLS").to_string().contains("geheim"));
}

/// The system's authorities are read by a process of its own, from the files that Linux programs are told of.
#[cfg(target_os = "linux")]
#[test]
fn the_systems_authorities_count_and_their_lack_is_named() {
    let authority = Authority::new("本机 CA");
    let mut clients_only = good();
    clients_only.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    clients_only.distinguished_name.push(DnType::CommonName, "客户端");
    let empty = authority.file();
    std::fs::write(&empty, "").unwrap();
    for (params, roots, wanted) in [
        (good(), authority.file(), "OK"),
        (good(), empty, "NO_SYSTEM_ROOTS"),
        (clients_only, authority.file(), "CERT_WRONG_PURPOSE"),
        (good(), Authority::new("别的 CA").file(), "CERT_UNKNOWN_ISSUER"),
    ] {
        let site = Site::start(&authority.issue(&params), Manner::default());
        let child = Command::new(env::current_exe().unwrap())
            .args(["--ignored", "--exact", "asks_by_the_systems_authorities", "--nocapture"])
            .env("SSL_CERT_FILE", roots)
            .env("SSL_CERT_DIR", "/no/such/folder")
            .env("TEST_SETTINGS", site.settings("child", "localhost", &json!({})).to_string())
            .env("TEST_WANTED", wanted)
            .output()
            .unwrap();
        assert!(child.status.success(), "{wanted}: {}", String::from_utf8_lossy(&child.stderr));
        assert_eq!(site.taken_in(), usize::from(wanted == "OK"));
    }
}

#[test]
#[ignore = "the part of the_systems_authorities_count_and_their_lack_is_named that runs in a process of its own"]
fn asks_by_the_systems_authorities() {
    let settings: Value = serde_json::from_str(&env::var("TEST_SETTINGS").unwrap()).unwrap();
    assert_eq!(call("configure", &settings)["status"], "succeeded");
    let reply = look("child");
    let wanted = env::var("TEST_WANTED").unwrap();
    let got = if reply["code"] == "OK" { &reply["code"] } else { &reply["data"]["reason"] };
    assert_eq!(got, &json!(wanted), "{reply}");
}

//! Servers of an authority that Windows comes to know, with the list of what it has revoked: Wine trusts no certificate that
//! it cannot look up in one.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::thread;

use rcgen::{CertificateParams, CrlDistributionPoint, KeyUsagePurpose, SanType, date_time_ymd};

use super::Windows;
use super::desktop::Machine;
use super::site::{Authority, Manner, Site, good, message};

/// The certificate of a server, which says where the list is.
fn listed(list: &str, spoil: fn(&mut CertificateParams)) -> CertificateParams {
    let mut params = good();
    // Wine remembers what it learnt of a number, whoever gave it.
    let mut number = [0; 8];
    getrandom::fill(&mut number).unwrap();
    params.serial_number = Some(u64::from_be_bytes(number).into());
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![list.to_owned()] }];
    spoil(&mut params);
    params
}

/// Gives this list to whoever asks.
fn give(listener: TcpListener, list: Vec<u8>) {
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                list.len()
            );
            let _ = message(&mut socket).and_then(|_| socket.write_all(&[head.as_bytes(), &list].concat()));
        }
    });
}

pub fn windows_own_authorities_decide(machine: &Windows) {
    let authority = Authority::new("医院 CA");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let list = format!("http://127.0.0.1:{}/ca.crl", listener.local_addr().unwrap().port());
    let revoked = listed(&list, |_| ());
    give(listener, authority.revocations(&revoked));
    let start = |params: &CertificateParams| {
        let mut identity = authority.issue(params);
        // Without its authority's certificate beside it, Wine looks for the list before it looks for the authority.
        identity.chain.push(authority.der().into());
        Site::start(&identity, Manner::default())
    };
    let [revoked, fine, expired, early, other] = [
        revoked,
        listed(&list, |_| ()),
        listed(&list, |params| params.not_after = date_time_ymd(2020, 2, 3)),
        listed(&list, |params| params.not_before = date_time_ymd(2070, 2, 3)),
        listed(&list, |params| {
            params.subject_alt_names = vec![SanType::DnsName("pay.example.cn".try_into().unwrap())];
        }),
    ]
    .map(|params| start(&params));
    let file = machine.folder("system_roots").join("ca.cer");
    fs::write(&file, authority.der()).unwrap();
    let run = |file: &str, ends: &[(&Site, &str)]| {
        let urls: Vec<String> = ends.iter().map(|(site, _)| site.url("localhost")).collect();
        let each = urls.iter().zip(ends).flat_map(|(url, (_, reason))| [url.as_str(), *reason]);
        let said = machine.run("system_roots", &[file].into_iter().chain(each).collect::<Vec<_>>());
        assert!(said.contains("system_roots: fine"), "{said}");
    };
    run("-", &[(&fine, "CERT_UNKNOWN_ISSUER")]);
    let ends = [
        (&fine, "OK"),
        (&revoked, "CERT_REVOKED"),
        (&expired, "CERT_EXPIRED"),
        (&early, "CERT_NOT_YET_VALID"),
        (&other, "CERT_WRONG_HOST"),
    ];
    run(&machine.name_of(&file), &ends);
    run("-", &[(&fine, "CERT_UNKNOWN_ISSUER")]);
    assert_eq!([&fine, &revoked, &expired, &early, &other].map(Site::taken_in), [1, 0, 0, 0, 0]);
}

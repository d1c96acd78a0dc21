//! The folder and the profiles that a target works with. Nothing listens on port 1, so whatever is sent there fails at
//! once; and the time limit is too short for another try of what could not be sent.

use std::sync::OnceLock;
use std::{env, fs, process};

use crate::exported::reply;

/// The application's secret: long enough that no input holds it by chance.
pub const SECRET: &str = "Hs7Qw2Zx9Lk4Vb8Nm3Tc6Yd1";
/// The card platform's key, likewise.
pub const KEY: &str = "Gk5Rp0Xj7Wf2Ue9Sa4Oi6Bq8";
/// Where the profiles send.
pub const NOWHERE: &str = "http://127.0.0.1:1/api";
/// The settings file in the site's folder.
pub const SETTINGS_FILE: &str = "settings.json";

/// Goes into a folder of this process, once, and configures the profiles `default`, without a store, and `kept`.
pub fn enter() {
    static ENTERED: OnceLock<()> = OnceLock::new();
    ENTERED.get_or_init(|| {
        let folder = env::temp_dir().join(format!("hislink-fuzz-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        env::set_current_dir(&folder).expect("a folder to work in");
        // SAFETY: no other thread runs yet.
        unsafe { env::set_var("XDG_DATA_HOME", &folder) };
        fs::write(SETTINGS_FILE, settings("file", NOWHERE, "none")).expect("a settings file");
        configure(NOWHERE);
    });
}

/// Makes both profiles what they are, with the platforms at `url`.
pub fn configure(url: &str) {
    for (profile, store) in [("default", "none"), ("kept", "sqlite:kept.db")] {
        let reply = reply("configure", &settings(profile, url, store));
        assert!(reply.starts_with("{\"status\":\"succeeded\""), "{reply}");
    }
}

fn settings(profile: &str, url: &str, store: &str) -> String {
    format!(
        "{{\"profile\":\"{profile}\",\"onepay\":{{\"url\":\"{url}\",\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\
         \"appSecret\":\"{SECRET}\",\"settleSeconds\":1}},\"glory\":{{\"url\":\"{url}\",\"sid\":\"S1\",\"key\":\"{KEY}\",\
         \"orgCode\":\"H331001\",\"verifyAnswers\":\"always\"}},\"http\":{{\"connectTimeoutMs\":500,\"timeoutMs\":400}},\
         \"store\":\"{store}\",\"language\":\"en\"}}"
    )
}

//! What a sandbox can be told when it starts.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use crate::glory::identity::{GloryNumbers, KEY, ORG_CODE, SID};
use crate::identity::{APP_ID, APP_SECRET, KeyOrder};
use crate::log::LogSink;

/// How many cards there are unless told: two full pages and a part of one.
pub const CARDS: u64 = 1_200;

/// Options of a sandbox. The default is for tests: free ports, a folder of its own that goes when it stops, no console,
/// no log.
#[derive(Clone)]
pub struct Options {
    /// The address of the service ports. The control port is always on 127.0.0.1.
    pub bind: IpAddr,
    /// The port for HTTP; 0 takes a free one.
    pub http_port: u16,
    /// The port for HTTPS; 0 takes a free one.
    pub https_port: u16,
    /// The port of the control interface; 0 takes a free one.
    pub control_port: u16,
    /// Where the PEM files are written; without one a temporary folder, removed when the sandbox stops.
    pub dir: Option<PathBuf>,
    /// The file that books and deductions are kept in, so that they outlive the sandbox; without one they do not.
    pub books: Option<PathBuf>,
    /// Whether HTTPS clients must show a certificate.
    pub require_client_cert: bool,
    /// The application that requests come from; at least 16 characters.
    pub app_id: String,
    /// Its secret.
    pub app_secret: String,
    /// How names are ordered for signing.
    pub key_order: KeyOrder,
    /// The account id that glory gave the hospital; printable ASCII.
    pub glory_sid: String,
    /// The key that glory and the hospital sign with.
    pub glory_key: String,
    /// The hospital's code.
    pub glory_org_code: String,
    /// How glory signs numbers.
    pub glory_numbers: GloryNumbers,
    /// How many rows glory's roster starts with; at most 20,000,000. They are computed, not kept.
    pub cards: u64,
    /// By how many rows it grows a minute.
    pub cards_per_minute: u64,
    /// Whether there is a console: `/console` on the control port.
    pub console: bool,
    /// Takes log lines.
    pub log: Option<LogSink>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bind: Ipv4Addr::LOCALHOST.into(),
            http_port: 0,
            https_port: 0,
            control_port: 0,
            dir: None,
            books: None,
            require_client_cert: false,
            app_id: APP_ID.to_owned(),
            app_secret: APP_SECRET.to_owned(),
            key_order: KeyOrder::Ascii,
            glory_sid: SID.to_owned(),
            glory_key: KEY.to_owned(),
            glory_org_code: ORG_CODE.to_owned(),
            glory_numbers: GloryNumbers::Literal,
            cards: CARDS,
            cards_per_minute: 0,
            console: false,
            log: None,
        }
    }
}

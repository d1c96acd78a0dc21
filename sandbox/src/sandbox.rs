//! A running sandbox: its ports, its thread, and direct access for tests.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::books::{Account, TradeState};
use crate::console::{Console, Urls};
use crate::faults::Fault;
use crate::folder::Folder;
use crate::glory::Glory;
use crate::glory::check::{CheckReport, HospitalCheck};
use crate::glory::ledger::Deduction;
use crate::glory::roster::{MOST_CARDS, Roster};
use crate::journal::{Denied, Unwritten};
use crate::log::Log;
use crate::money::Fen;
use crate::options::Options;
use crate::platform::Platform;
use crate::server::{self, Connections, SERVICE_PATH};
use crate::tls::PemFiles;
use crate::{control, glory, identity, notify, restart};

/// How long a notification under way may hold up the stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// The simulated platforms, until it is stopped or dropped.
#[derive(Debug)]
pub struct Sandbox {
    platform: Arc<Platform>,
    http: SocketAddr,
    https: SocketAddr,
    control: SocketAddr,
    files: PemFiles,
    app_id: String,
    app_secret: String,
    glory_sid: String,
    glory_key: String,
    glory_org_code: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    // Last: it goes when the thread has ended.
    _folder: Folder,
}

/// What the thread serves.
struct Ports {
    http: TcpListener,
    https: TcpListener,
    control: TcpListener,
    tls: TlsAcceptor,
    platform: Arc<Platform>,
}

impl Sandbox {
    /// Opens the ports, writes the PEM files, and serves on a thread of its own.
    ///
    /// Fails where a port is taken, the folder or the file of the books cannot be used, or the appId cannot serve.
    pub fn start(options: Options) -> io::Result<Self> {
        let settings = identity::settings(&options.app_id, &options.app_secret, options.key_order)
            .map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))?;
        let (glory_settings, roster) =
            glory_of(&options).map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))?;
        let log = Log::new(options.log);
        let (books, ledger) = restart::books(options.books.as_deref(), &log)?;
        let folder = Folder::open(options.dir.as_deref())?;
        let files = PemFiles::in_folder(folder.path())?;
        let tls = files.acceptor(options.require_client_cert)?;
        let http = listen(options.bind, options.http_port)?;
        let https = listen(options.bind, options.https_port)?;
        let control = listen(Ipv4Addr::LOCALHOST.into(), options.control_port)?;
        let addresses = (http.local_addr()?, https.local_addr()?, control.local_addr()?);
        let wristband_url = format!("http://{}/onepay-web/wristband?key=", reachable(addresses.0));
        let glory = Glory::new(glory_settings, roster, ledger, files.ca.clone());
        let mut platform = Platform::new(settings, wristband_url, books, glory, log);
        if options.console {
            platform.console = Console::on(urls(reachable(addresses.0), reachable(addresses.1), &files));
        }
        let platform = Arc::new(platform);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let ports = Ports { http, https, control, tls, platform: platform.clone() };
        let thread =
            thread::Builder::new().name("hislink-sandbox".to_owned()).spawn(move || run(runtime, ports, stopped))?;
        Ok(Self {
            platform,
            http: addresses.0,
            https: addresses.1,
            control: addresses.2,
            files,
            app_id: options.app_id,
            app_secret: options.app_secret,
            glory_sid: options.glory_sid,
            glory_key: options.glory_key,
            glory_org_code: options.glory_org_code,
            stop: Some(stop),
            thread: Some(thread),
            _folder: folder,
        })
    }

    /// Onepay's address through HTTP, with its path.
    pub fn http_url(&self) -> String {
        format!("http://{}{SERVICE_PATH}", reachable(self.http))
    }

    /// Onepay's address through HTTPS, with its path.
    pub fn https_url(&self) -> String {
        format!("https://{}{SERVICE_PATH}", reachable(self.https))
    }

    /// The control interface's address, without a path: `http://127.0.0.1:port`.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// The console's address, if there is one.
    pub fn console_url(&self) -> Option<String> {
        self.platform.console.is_on().then(|| format!("{}/console", self.control_url()))
    }

    /// PEM: the authority that signed the server's certificate.
    pub fn ca_file(&self) -> &Path {
        &self.files.ca
    }

    /// PEM: a certificate for clients.
    pub fn client_cert_file(&self) -> &Path {
        &self.files.client_cert
    }

    /// PEM: the key to it.
    pub fn client_key_file(&self) -> &Path {
        &self.files.client_key
    }

    /// The application that requests come from.
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// Its secret.
    pub fn app_secret(&self) -> &str {
        &self.app_secret
    }

    /// PEM: the certificate that the ports show, for 127.0.0.1, ::1 and localhost. A hospital's own service may show it
    /// too.
    pub fn server_cert_file(&self) -> &Path {
        &self.files.server_cert
    }

    /// PEM: the key to it.
    pub fn server_key_file(&self) -> &Path {
        &self.files.server_key
    }

    /// Glory's address through HTTPS; the paths of its services are joined to it.
    pub fn glory_url(&self) -> String {
        format!("https://{}", reachable(self.https))
    }

    /// Glory's address through HTTP, likewise.
    pub fn glory_http_url(&self) -> String {
        format!("http://{}", reachable(self.http))
    }

    /// The account id that glory gave the hospital.
    pub fn glory_sid(&self) -> &str {
        &self.glory_sid
    }

    /// The key that both sign with.
    pub fn glory_key(&self) -> &str {
        &self.glory_key
    }

    /// The hospital's code.
    pub fn glory_org_code(&self) -> &str {
        &self.glory_org_code
    }

    /// Adds rows to the roster, and tells how many it has.
    pub fn add_cards(&self, cards: u64) -> u64 {
        self.platform.glory.roster().add(cards)
    }

    /// How many rows the roster has: its largest `dataID`.
    pub fn cards(&self) -> u64 {
        self.platform.glory.roster().size()
    }

    /// The deductions that glory has taken, by `deductionID`.
    pub fn deductions(&self) -> Vec<Deduction> {
        self.platform.glory.ledger().all().cloned().collect()
    }

    /// Asks a hospital for its deductions, as glory does, and compares them with those that it has taken.
    ///
    /// Fails with a message in English where no answer came, or the certificates cannot be read.
    pub fn check_hospital(&self, check: &HospitalCheck) -> Result<CheckReport, String> {
        glory::check::run(&self.platform.glory, check)
    }

    /// Sets a fault; it takes the place of one of the same kind, moment and service.
    pub fn set_fault(&self, fault: impl Into<Fault>) {
        self.platform.faults().set(fault.into());
    }

    /// Clears all faults.
    pub fn clear_faults(&self) {
        self.platform.faults().clear();
    }

    /// The sample accounts and the roster again; trades, deductions, faults and requests are forgotten. Where the file
    /// of the books cannot be written, only the log tells.
    pub fn reset(&self) {
        let _ = self.platform.reset();
    }

    /// What `GET /control/state` answers.
    pub fn state(&self) -> Value {
        self.platform.state()
    }

    /// What `GET /control/books` answers: the state's accounts, orders, refunds, wristbands and deductions, in full.
    pub fn books(&self) -> Value {
        self.platform.books_json()
    }

    /// The accounts as they stand.
    pub fn accounts(&self) -> Vec<Account> {
        self.platform.books().accounts().cloned().collect()
    }

    /// Adds an account, or puts it in the place of the one with the same card. Where the file of the books cannot be
    /// written, nothing changes, and only the log tells.
    pub fn put_account(&self, account: Account) {
        let _ = self.platform.books().put_account(account);
    }

    /// Moves a trade that has not succeeded to another state. The number is an order's or a refund's.
    ///
    /// Fails with the platform's message.
    pub fn settle(&self, number: &str, result: TradeState) -> Result<(), String> {
        self.platform.books().settle(number, result).map_err(|denied| match denied {
            Denied::Refused(refusal) => refusal.message,
            Denied::Unwritten(Unwritten(message)) => message,
        })
    }

    /// The text of a `charge.success` notification for an order that has succeeded. The types are envelope words:
    /// `MD5`, `SM3`; `AES`, `DES`, `SM4`, `Plain`.
    pub fn notification(&self, out_charge_no: &str, sign_type: &str, encrypt_type: &str) -> Result<String, String> {
        let types = identity::types(sign_type, encrypt_type)?;
        notify::text(&self.platform, out_charge_no, None, types)
    }

    /// The same with another amount, in yuan, than was ordered: for trying out a client's check.
    pub fn notification_with_amount(
        &self,
        out_charge_no: &str,
        amount: &str,
        sign_type: &str,
        encrypt_type: &str,
    ) -> Result<String, String> {
        let types = identity::types(sign_type, encrypt_type)?;
        let yuan = Fen::of_yuan(amount).ok_or_else(|| format!("no amount in yuan: {amount}"))?;
        notify::text(&self.platform, out_charge_no, Some(yuan), types)
    }

    /// Closes ports and connections, and waits for the thread to end. Dropping does the same.
    pub fn stop(self) {}
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended too.
            let _ = thread.join();
        }
        // A question to a hospital may go on for a while, and hold the platform.
        self.platform.books().journal().release();
    }
}

fn glory_of(options: &Options) -> Result<(hislink::settings::Glory, Roster), String> {
    if options.cards > MOST_CARDS {
        return Err(format!("a roster has at most {MOST_CARDS} cards"));
    }
    let Options { glory_sid, glory_key, glory_org_code, glory_numbers, .. } = options;
    let settings = glory::identity::settings(glory_sid, glory_key, glory_org_code, *glory_numbers)?;
    Ok((settings, Roster::new(options.cards, options.cards_per_minute)))
}

fn listen(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((address, port))
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {address} port {port}: {error}")))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn urls(http: SocketAddr, https: SocketAddr, files: &PemFiles) -> Urls {
    Urls {
        onepay_http: format!("http://{http}{SERVICE_PATH}"),
        onepay_https: format!("https://{https}{SERVICE_PATH}"),
        glory_http: format!("http://{http}"),
        glory_https: format!("https://{https}"),
        ca_file: std::path::absolute(&files.ca).unwrap_or_else(|_| files.ca.clone()).display().to_string(),
    }
}

/// A port on every address, as this machine reaches it.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

fn run(runtime: Runtime, ports: Ports, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        if serve(ports).is_ok() {
            // The other end is never used but dropped.
            let _ = stopped.await;
        }
    });
    runtime.shutdown_timeout(PATIENCE);
}

fn serve(ports: Ports) -> io::Result<()> {
    let Ports { http, https, control, tls, platform } = ports;
    let listener = tokio::net::TcpListener::from_std;
    let connections = Connections::default();
    tokio::spawn(server::accept(listener(http)?, None, platform.clone(), connections.clone()));
    tokio::spawn(server::accept(listener(https)?, Some(tls), platform.clone(), connections));
    tokio::spawn(control::serve(listener(control)?, platform));
    Ok(())
}

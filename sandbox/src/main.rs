//! `hislink-sandbox`: the simulated platforms as a program.

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use clap::Parser;
use hislink_sandbox::glory::identity::{KEY, ORG_CODE, SID};
use hislink_sandbox::identity::{APP_ID, APP_SECRET};
use hislink_sandbox::{CARDS, GloryNumbers, KeyOrder, LogSink, Options, Sandbox};

/// Plays the payment platform onepay and the card platform glory, with state and faults.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address of the service ports; the control port is always on 127.0.0.1
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// HTTP port; 0 takes a free one
    #[arg(long, default_value_t = 18080)]
    http_port: u16,
    /// HTTPS port; 0 takes a free one
    #[arg(long, default_value_t = 18443)]
    https_port: u16,
    /// Control port; 0 takes a free one
    #[arg(long, default_value_t = 18081)]
    control_port: u16,
    /// Folder of the PEM files; those that are there are used again
    #[arg(long, default_value = "sandbox-data")]
    dir: PathBuf,
    /// File that the books are kept in, read again at the start; without it they end with the program
    #[arg(long)]
    books: Option<PathBuf>,
    /// HTTPS clients must show a certificate that the sandbox signed
    #[arg(long)]
    require_client_cert: bool,
    /// The application that requests come from
    #[arg(long, default_value = APP_ID)]
    app_id: String,
    /// Its secret
    #[arg(long, default_value = APP_SECRET)]
    app_secret: String,
    /// How names are ordered for signing
    #[arg(long, value_enum, default_value_t)]
    key_order: KeyOrder,
    /// The account id that glory gave the hospital
    #[arg(long, default_value = SID)]
    glory_sid: String,
    /// The key that glory and the hospital sign with
    #[arg(long, default_value = KEY)]
    glory_key: String,
    /// The hospital's code
    #[arg(long, default_value = ORG_CODE)]
    glory_org_code: String,
    /// How glory signs numbers
    #[arg(long, value_enum, default_value_t)]
    glory_numbers: GloryNumbers,
    /// How many rows glory's roster starts with
    #[arg(long, default_value_t = CARDS)]
    cards: u64,
    /// By how many it grows a minute
    #[arg(long, default_value_t = 0)]
    cards_per_minute: u64,
    /// Serve no web page on the control port, and keep nothing for it
    #[arg(long)]
    no_console: bool,
    /// Print no line a request
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    match Sandbox::start(options(Arguments::parse())) {
        Ok(sandbox) => {
            println!("{}", welcome(&sandbox));
            // Until the program is ended from outside.
            loop {
                thread::park();
            }
        }
        Err(error) => {
            eprintln!("hislink-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options(arguments: Arguments) -> Options {
    let sink: LogSink = Arc::new(|line: &str| println!("{line}"));
    Options {
        bind: arguments.bind,
        http_port: arguments.http_port,
        https_port: arguments.https_port,
        control_port: arguments.control_port,
        dir: Some(arguments.dir),
        books: arguments.books,
        require_client_cert: arguments.require_client_cert,
        app_id: arguments.app_id,
        app_secret: arguments.app_secret,
        key_order: arguments.key_order,
        glory_sid: arguments.glory_sid,
        glory_key: arguments.glory_key,
        glory_org_code: arguments.glory_org_code,
        glory_numbers: arguments.glory_numbers,
        cards: arguments.cards,
        cards_per_minute: arguments.cards_per_minute,
        console: !arguments.no_console,
        log: (!arguments.quiet).then_some(sink),
    }
}

fn welcome(sandbox: &Sandbox) -> String {
    let mut text = format!(
        "onepay sandbox\n\
         \x20 http         {}\n\
         \x20 https        {}\n\
         \x20 control      {}/control/state\n\
         \x20 console      {}\n\
         \x20 appId        {}\n\
         \x20 appSecret    {}\n\
         \x20 CA           {}\n\
         \x20 client cert  {}\n\
         \x20 client key   {}\n\
         accounts (cardType cardNo accountType status balance idNo userName)\n",
        sandbox.http_url(),
        sandbox.https_url(),
        sandbox.control_url(),
        sandbox.console_url().unwrap_or_else(|| "off".to_owned()),
        sandbox.app_id(),
        sandbox.app_secret(),
        sandbox.ca_file().display(),
        sandbox.client_cert_file().display(),
        sandbox.client_key_file().display(),
    );
    for account in sandbox.accounts() {
        let (card, balance) = (&account.card, account.balance.to_string());
        text.push_str(&format!(
            "  {} {:<9} {} {} {balance:>9} {} {}\n",
            card.card_type,
            card.card_no,
            account.account_type.code(),
            account.status,
            account.id_no,
            account.user_name,
        ));
    }
    text.push_str(&format!(
        "glory sandbox\n\
         \x20 http         {}\n\
         \x20 https        {}\n\
         \x20 sid          {}\n\
         \x20 key          {}\n\
         \x20 orgCode      {}\n\
         \x20 cards        {}\n",
        sandbox.glory_http_url(),
        sandbox.glory_url(),
        sandbox.glory_sid(),
        sandbox.glory_key(),
        sandbox.glory_org_code(),
        sandbox.cards(),
    ));
    text.push_str("Ctrl-C ends it.");
    text
}

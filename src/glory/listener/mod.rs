//! The listener: serves `/deductCheck` (document 3.1) for programs that have no web server of their own.
//!
//! `running` keeps the threads, `server` the connections and their limits, `guests` who is connected and who has to go,
//! `service` the one path and its answers, `tls` the certificate. A listener works by the profile that it was started with, also when that is configured
//! anew meanwhile.

mod guests;
mod running;
mod server;
mod service;
mod tls;

pub use running::stop_all;

use std::net::SocketAddr;

use crate::fields::Fields;
use crate::json::Json;
use crate::reply::{Data, Error, words};
use crate::request::Request;

/// `glory_listen`
pub fn listen(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.glory()?;
    settings.require_identity()?;
    settings.org_code()?;
    let fields = request.fields();
    let bind = address(&fields)?.ok_or_else(|| fields.missing("bind"))?;
    let certificate = match (fields.string("certFile")?, fields.string("keyFile")?) {
        (Some(chain), Some(key)) => Some(tls::acceptor(chain, key)?),
        (None, None) => None,
        (None, Some(_)) => return Err(fields.missing("certFile")),
        (Some(_), None) => return Err(fields.missing("keyFile")),
    };
    let plain = fields.flag("plainHttp")?;
    if certificate.is_some() && plain {
        let words = words!("plainHttp 与 certFile 不能同时给出", "plainHttp and certFile cannot both be given");
        return Err(Error::field("/plainHttp", words));
    }
    if certificate.is_none() && !plain && !bind.ip().is_loopback() {
        let words = words!(
            "{bind} 不是本机回环地址：请给出 certFile 与 keyFile；确需明文 HTTP 时设 plainHttp 为 true",
            "{bind} is no loopback address: give certFile and keyFile, or plainHttp: true where plain HTTP is wanted"
        );
        return Err(Error::field("/certFile", words));
    }
    // A store that cannot be opened shows now, not at the platform's first question.
    profile.store()?;
    let address = running::start(profile, bind, certificate)?;
    data.string("address", &address.to_string());
    Ok(())
}

/// `glory_unlisten`
pub fn unlisten(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let fields = request.fields();
    let bind = address(&fields)?;
    let stopped = running::stop(request.profile_name()?, bind);
    if let (Some(bind), true) = (bind, stopped.is_empty()) {
        let words = words!("此配置没有在 {bind} 上监听", "this profile does not listen on {bind}");
        return Err(Error::field("/bind", words));
    }
    data.value(
        "stopped",
        &Json::Array(stopped.iter().map(|address| Json::String(address.to_string().into())).collect()),
    );
    Ok(())
}

fn address(fields: &Fields<'_, '_>) -> Result<Option<SocketAddr>, Error> {
    let Some(text) = fields.string("bind")? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        let words = words!(
            "bind 应为 IP:端口，例如 127.0.0.1:8443 或 [::1]:8443",
            "bind must be ip:port, such as 127.0.0.1:8443 or [::1]:8443"
        );
        Error::field("/bind", words)
    })
}

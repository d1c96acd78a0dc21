//! The listeners that run now, each on a thread of its own.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::{mem, process};

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::server;
use super::service::{MAX_READERS, Service};
use crate::reply::{Code, Error, Status, words};
use crate::settings::Profile;

/// How many the system may hold until they are accepted; one that comes when it holds more tries again a second later.
const BACKLOG: u32 = 1024;

struct Running {
    process: u32,
    profile: String,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

static RUNNING: Mutex<Vec<Running>> = Mutex::new(Vec::new());

/// The listeners of this process that have not ended. A forked child inherits entries, but not their threads.
fn running() -> MutexGuard<'static, Vec<Running>> {
    let mut list = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let (own, inherited) = mem::take(&mut *list).into_iter().partition(|one| one.process == process::id());
    *list = own;
    mem::forget::<Vec<_>>(inherited);
    list.retain(|one| !one.thread.is_finished());
    list
}

/// Starts to listen; gives the address with its real port.
///
/// Errors: `BAD_FIELD` with `/bind` for an address that cannot be had.
pub fn start(profile: Arc<Profile>, bind: SocketAddr, certificate: Option<TlsAcceptor>) -> Result<SocketAddr, Error> {
    let mut list = running();
    if list.iter().any(|one| one.address == bind) {
        let words = words!("已在 {bind} 上监听", "already listening on {bind}");
        return Err(Error::field("/bind", words));
    }
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(MAX_READERS)
        .thread_name("hislink reader")
        .build()
        .map_err(|error| not_started(&error))?;
    let bound = {
        let _inside = runtime.enter();
        bound(bind).and_then(|socket| Ok((socket.local_addr()?, socket)))
    };
    let (address, socket) = bound.map_err(|error| not_bound(bind, &error))?;
    let (stop, stopped) = watch::channel(false);
    let name = profile.name.clone();
    let work = move || run(runtime, socket, certificate, profile, stopped);
    let thread =
        thread::Builder::new().name("hislink listener".to_owned()).spawn(work).map_err(|error| not_started(&error))?;
    list.push(Running { process: process::id(), profile: name, address, stop, thread });
    Ok(address)
}

fn bound(bind: SocketAddr) -> io::Result<TcpListener> {
    let socket = if bind.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Where Windows has this option it means another thing: that two programs may share the address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(bind)?;
    socket.listen(BACKLOG)
}

/// A panic in here ends this listener and nothing else. The runtime waits for its own threads when it is dropped.
fn run(
    runtime: Runtime,
    socket: TcpListener,
    certificate: Option<TlsAcceptor>,
    profile: Arc<Profile>,
    stopped: watch::Receiver<bool>,
) {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(server::serve(socket, certificate, Service::new(profile), stopped));
    }));
}

/// Stops a profile's listeners, or the one of them on that address, and waits for their threads.
pub fn stop(profile: &str, bind: Option<SocketAddr>) -> Vec<SocketAddr> {
    end(|one| one.profile == profile && bind.is_none_or(|bind| one.address == bind))
}

/// Stops every listener and waits for their threads.
pub fn stop_all() {
    end(|_| true);
}

fn end(wanted: impl Fn(&Running) -> bool) -> Vec<SocketAddr> {
    // They are waited for without the lock.
    let ending: Vec<_> = running().extract_if(.., |one| wanted(one)).collect();
    for one in &ending {
        // One whose thread has ended hears nothing.
        let _ = one.stop.send(true);
    }
    let stopped = ending.iter().map(|one| one.address).collect();
    for one in ending {
        let _ = one.thread.join();
    }
    stopped
}

fn not_bound(bind: SocketAddr, error: &io::Error) -> Error {
    let words = match error.kind() {
        ErrorKind::AddrInUse => words!("{bind} 已被占用", "{bind} is in use"),
        ErrorKind::AddrNotAvailable => words!("{bind} 不是本机的地址", "{bind} is no address of this machine"),
        // What Windows says too of a port that another program has to itself, such as IIS, or that it keeps.
        ErrorKind::PermissionDenied => words!(
            "无权监听 {bind}；在 Windows 上也可能是端口已被其他程序独占或被系统保留",
            "not permitted to listen on {bind}; on Windows the port may also be another program's or reserved"
        ),
        _ => words!("无法监听 {bind}：{error}", "cannot listen on {bind}: {error}"),
    };
    Error::field("/bind", words)
}

fn not_started(error: &io::Error) -> Error {
    let words = words!("无法启动监听线程：{error}", "cannot start the listener's thread: {error}");
    Error::new(Status::Rejected, Code::Internal, words)
}

//! A crowd that is connected and asks nothing, or not to the end, or what is none of its business, and comes again.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// What one of the crowd sends at first, and what again each second.
#[derive(Clone)]
pub struct Manner {
    pub opening: Vec<u8>,
    pub drip: &'static [u8],
    /// How it goes on.
    pub then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It waits until it is cut off.
    Waits,
    /// It breaks the connection at once (RST).
    Resets,
    /// It closes its own side, and waits.
    ClosesItsSide,
}

impl Manner {
    pub fn new(opening: impl Into<Vec<u8>>, drip: &'static [u8], then: Then) -> Self {
        Self { opening: opening.into(), drip, then }
    }
}

/// What came of it so far.
#[derive(Default)]
pub struct Count {
    /// Connections opened.
    pub opened: AtomicUsize,
    /// Those that are in hand, also where the other end has closed them meanwhile.
    pub held: AtomicUsize,
}

pub struct Crowd {
    pub count: Arc<Count>,
    disperse: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Crowd {
    /// So many, of these manners and from these addresses in turn, come within two seconds.
    pub fn gather(address: SocketAddr, many: usize, manners: Vec<Manner>, from: Vec<Ipv4Addr>) -> Self {
        let count = Arc::new(Count::default());
        let (disperse, dispersed) = oneshot::channel();
        let shared = Arc::clone(&count);
        let thread = thread::spawn(move || {
            Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                let mut all = JoinSet::new();
                for n in 0..many {
                    let manner = manners[n % manners.len()].clone();
                    let (from, count) = (from[n / manners.len() % from.len()], Arc::clone(&shared));
                    all.spawn(async move {
                        sleep(Duration::from_millis(2_000 * n as u64 / many as u64)).await;
                        // Its broken connection in hand, it stays away for five to fifteen seconds.
                        let away = Duration::from_secs(5 + n as u64 % 11);
                        loop {
                            comes(address, from.into(), &manner, away, &count).await;
                        }
                    });
                }
                let _ = dispersed.await;
            });
        });
        Self { count, disperse: Some(disperse), thread: Some(thread) }
    }

    pub fn opened(&self) -> usize {
        self.count.opened.load(Relaxed)
    }

    pub fn held(&self) -> usize {
        self.count.held.load(Relaxed)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        drop(self.disperse.take());
        let _ = self.thread.take().unwrap().join();
    }
}

/// A connection from that address.
pub async fn connect(address: SocketAddr, from: IpAddr) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).ok()?;
    timeout(Duration::from_secs(5), socket.connect(address)).await.ok()?.ok()
}

async fn comes(address: SocketAddr, from: IpAddr, manner: &Manner, away: Duration, count: &Count) {
    if let Some(mut stream) = connect(address, from).await {
        count.opened.fetch_add(1, Relaxed);
        count.held.fetch_add(1, Relaxed);
        let _ = timeout(Duration::from_secs(20), behaves(&mut stream, manner)).await;
        sleep(away).await;
        drop(stream);
        count.held.fetch_sub(1, Relaxed);
    } else {
        sleep(away).await;
    }
}

async fn behaves(stream: &mut TcpStream, manner: &Manner) -> Option<()> {
    stream.write_all(&manner.opening).await.ok()?;
    match manner.then {
        Then::Waits => {}
        Then::Resets => return stream.set_zero_linger().ok(),
        Then::ClosesItsSide => stream.shutdown().await.ok()?,
    }
    let mut part = [0; 512];
    loop {
        tokio::select! {
            read = stream.read(&mut part) => if read.ok()? == 0 { return None },
            () = sleep(Duration::from_secs(1)), if !manner.drip.is_empty() => stream.write_all(manner.drip).await.ok()?,
        }
    }
}

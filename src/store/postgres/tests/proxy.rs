//! A way to the server that breaks when it is told to.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::thread;

/// Listens for as long as the program runs.
pub(super) struct Proxy {
    pub(super) port: u16,
    ways: Arc<Ways>,
}

#[derive(Default)]
struct Ways {
    /// The answer, counted from here on, that is lost with its connection; none at 0.
    lose: AtomicI64,
    /// Takes everything and says nothing.
    silent: AtomicBool,
    connections: AtomicUsize,
}

impl Proxy {
    pub(super) fn to(port: u16) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { port: socket.local_addr().unwrap().port(), ways: Arc::default() };
        let ways = Arc::clone(&proxy.ways);
        thread::spawn(move || {
            for client in socket.incoming().flatten() {
                ways.connections.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                carry(&client, &server, &ways, false);
                carry(&server, &client, &ways, true);
            }
        });
        proxy
    }

    /// Loses the n-th answer from now on, and with it the connection.
    pub(super) fn lose(&self, n: i64) {
        self.ways.lose.store(n, Ordering::SeqCst);
    }

    /// Whether no answer is to be lost any more.
    pub(super) fn has_lost(&self) -> bool {
        self.ways.lose.swap(0, Ordering::SeqCst) <= 0
    }

    pub(super) fn be_silent(&self, silent: bool) {
        self.ways.silent.store(silent, Ordering::SeqCst);
    }

    pub(super) fn connections(&self) -> usize {
        self.ways.connections.load(Ordering::SeqCst)
    }
}

fn carry(from: &TcpStream, to: &TcpStream, ways: &Arc<Ways>, answers: bool) {
    let (mut from, mut to, ways) = (from.try_clone().unwrap(), to.try_clone().unwrap(), Arc::clone(ways));
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if ways.silent.load(Ordering::SeqCst) {
                continue;
            }
            if answers && ways.lose.load(Ordering::SeqCst) > 0 && ways.lose.fetch_sub(1, Ordering::SeqCst) == 1 {
                break;
            }
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        for end in [from, to] {
            let _ = end.shutdown(Shutdown::Both);
        }
    });
}

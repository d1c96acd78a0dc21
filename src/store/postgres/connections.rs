//! The connections to a database: as many as calls are under way, up to a number. No lock is held while one is used.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::address::Address;
use super::failure::Fault;
use super::link::{Link, Session};
use super::tls_stream::Connector;
use crate::reply::Error;

/// How many there are at most. Of 64 threads, half as many serve fewer calls, and twice as many hardly more; and the
/// server has its connections for all desks together.
const MOST: usize = 32;
/// How many are opened at once: a server that many threads call at the same moment is not to greet all of them first.
const MOST_OPENING: usize = 4;
/// How many stay open though nobody uses them.
const KEPT: usize = 2;
/// The others close when nobody has used them for this long.
const IDLE: Duration = Duration::from_secs(60);
/// After a server kept silent, calls fail at once for this long: not each of them shall wait for it.
const SULKING: Duration = Duration::from_secs(5);
/// How often a call looks whether the server has room again.
const CROWDED: Duration = Duration::from_millis(100);

pub(super) struct Connections {
    address: Address,
    tls: Connector,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    /// Those that nobody uses, and since when; the one used last comes last.
    idle: Vec<(Box<Link>, Instant)>,
    /// How many there are, in use or not.
    open: usize,
    /// How many of them are being opened.
    opening: usize,
    /// When a call last came to its end.
    heard: Option<Instant>,
    /// Until when calls fail at once, and how.
    silent: Option<(Instant, Error)>,
}

impl State {
    fn is_full(&self) -> bool {
        self.open >= MOST || self.opening >= MOST_OPENING
    }
}

/// A connection in use.
pub(super) struct Slot<'c> {
    connections: &'c Connections,
    link: Option<Box<Link>>,
    /// Whether it is being opened.
    opening: bool,
}

/// What a call that wants a connection is to do.
enum Next {
    Use(Box<Link>),
    Open,
    Wait,
}

impl Connections {
    pub(super) fn new(address: Address, tls: Connector) -> Self {
        Self { address, tls, state: Mutex::default(), freed: Condvar::new() }
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection: one that nobody uses, else a new one, else the next that is given back.
    pub(super) fn take(&self, until: Instant) -> Result<Slot<'_>, Fault> {
        loop {
            match self.next()? {
                Next::Use(link) => {
                    let mut slot = Slot { connections: self, link: Some(link), opening: false };
                    if slot.link.as_mut().is_some_and(|link| link.is_alive()) {
                        return Ok(slot);
                    }
                }
                Next::Open => match self.open(until) {
                    // Ours may be enough.
                    Err(fault) if fault.is_crowded() && self.state().open > 0 => self.wait(until, Some(CROWDED))?,
                    end => return end,
                },
                Next::Wait => self.wait(until, None)?,
            }
        }
    }

    fn next(&self) -> Result<Next, Fault> {
        let mut state = self.state();
        if let Some((link, _)) = state.idle.pop() {
            return Ok(Next::Use(link));
        }
        match &state.silent {
            Some((until, error)) if Instant::now() < *until => return Err(Fault::Told(error.clone())),
            _ => state.silent = None,
        }
        if state.is_full() {
            return Ok(Next::Wait);
        }
        state.open += 1;
        state.opening += 1;
        Ok(Next::Open)
    }

    /// Opens the connection that [`next`](Self::next) counted.
    fn open(&self, until: Instant) -> Result<Slot<'_>, Fault> {
        let mut slot = Slot { connections: self, link: None, opening: true };
        let begun = Instant::now();
        let end = Link::open(&self.address, &self.tls, until);
        let mut state = self.state();
        slot.opening = false;
        state.opening -= 1;
        let fault = match end {
            Ok(link) => {
                drop(state);
                self.freed.notify_one();
                slot.link = Some(Box::new(link));
                return Ok(slot);
            }
            // Others were answered meanwhile: it is only slow.
            Err(fault) if !fault.is_silence() || state.heard.is_some_and(|heard| heard > begun) => fault,
            Err(fault) => {
                let error = fault.told(&self.address);
                state.silent = Some((Instant::now() + SULKING, error.clone()));
                Fault::Told(error)
            }
        };
        drop(state);
        self.freed.notify_all();
        Err(fault)
    }

    /// Waits until a connection was given back or closed, or may be opened; or for `most`.
    fn wait(&self, until: Instant, most: Option<Duration>) -> Result<(), Fault> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Fault::Busy);
        }
        let state = self.state();
        if state.idle.is_empty() && (state.is_full() || most.is_some()) {
            drop(self.freed.wait_timeout(state, most.unwrap_or(left).min(left)));
        }
        Ok(())
    }

    /// Closes those that nobody uses.
    pub(super) fn close_idle(&self) {
        let closing = {
            let mut state = self.state();
            state.open -= state.idle.len();
            std::mem::take(&mut state.idle)
        };
        drop(closing);
        self.freed.notify_all();
    }
}

impl Slot<'_> {
    /// Runs `work`. A connection on which it failed is not used again.
    pub(super) fn run<T>(
        mut self,
        until: Instant,
        work: impl AsyncFnOnce(&Session) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let link = self.link.as_mut().ok_or(Fault::Busy)?;
        let end = link.run(until, work)?;
        self.give_back();
        Ok(end)
    }

    fn give_back(mut self) {
        let Some(link) = self.link.take() else { return };
        let (connections, now) = (self.connections, Instant::now());
        // It is not this slot that ends any more.
        std::mem::forget(self);
        let mut state = connections.state();
        let surplus = state.idle.len().saturating_sub(KEPT);
        let old = state.idle.iter().take(surplus).take_while(|(_, since)| now.duration_since(*since) > IDLE).count();
        let closing: Vec<_> = state.idle.drain(..old).collect();
        state.open -= closing.len();
        state.heard = Some(now);
        state.idle.push((link, now));
        drop(state);
        connections.freed.notify_one();
        drop(closing);
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        // Closed first, so that there are never more than are counted.
        self.link = None;
        let mut state = self.connections.state();
        state.open -= 1;
        state.opening -= usize::from(self.opening);
        drop(state);
        self.connections.freed.notify_one();
    }
}

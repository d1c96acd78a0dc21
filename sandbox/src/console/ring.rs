//! The latest requests, within bounds of number and bytes, and a cursor over their changes.

use std::collections::VecDeque;

use super::exchange::Exchange;

/// How many requests are kept; older ones are forgotten.
pub const MOST_REQUESTS: usize = 500;

/// How many bytes they weigh together at most, but for the latest, which is kept whatever it weighs.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The requests by the order in which they came.
#[derive(Debug, Default)]
pub struct Ring {
    latest: VecDeque<Exchange>,
    bytes: usize,
    count: u64,
    revision: u64,
}

impl Ring {
    /// Keeps a request, and gives it its id.
    pub fn add(&mut self, mut exchange: Exchange) -> u64 {
        self.count += 1;
        self.revision += 1;
        (exchange.id, exchange.revision) = (self.count, self.revision);
        self.bytes += exchange.weight();
        self.latest.push_back(exchange);
        self.forget();
        self.count
    }

    /// Changes a request, unless it is forgotten.
    pub fn change(&mut self, id: u64, change: impl FnOnce(&mut Exchange)) {
        let Some(place) = self.place(id) else { return };
        let Some(exchange) = self.latest.get_mut(place) else { return };
        let before = exchange.weight();
        change(exchange);
        self.revision += 1;
        exchange.revision = self.revision;
        self.bytes = self.bytes - before + exchange.weight();
        self.forget();
    }

    /// A request by its id.
    pub fn get(&self, id: u64) -> Option<&Exchange> {
        self.latest.get(self.place(id)?)
    }

    /// Those that came or changed after a cursor, oldest first.
    pub fn after(&self, revision: u64) -> impl Iterator<Item = &Exchange> {
        self.latest.iter().filter(move |exchange| exchange.revision > revision)
    }

    /// The cursor after all of them.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The id of the oldest one that is kept; of the next one where none is.
    pub fn first(&self) -> u64 {
        self.latest.front().map_or(self.count + 1, |exchange| exchange.id)
    }

    /// Forgets them all. Ids and cursor go on.
    pub fn clear(&mut self) {
        self.latest.clear();
        self.bytes = 0;
        self.revision += 1;
    }

    /// Ids have no gaps.
    fn place(&self, id: u64) -> Option<usize> {
        usize::try_from(id.checked_sub(self.first())?).ok().filter(|place| *place < self.latest.len())
    }

    fn forget(&mut self) {
        while self.latest.len() > MOST_REQUESTS || (self.bytes > MOST_BYTES && self.latest.len() > 1) {
            let Some(oldest) = self.latest.pop_front() else { return };
            self.bytes -= oldest.weight();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use super::*;
    use crate::wire::{Delivery, Page};

    fn exchange(message: usize) -> Exchange {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        let mut exchange = Exchange::failed_handshake(address, 1, "");
        exchange.target = "x".repeat(message);
        exchange
    }

    fn ids(ring: &Ring, after: u64) -> Vec<u64> {
        ring.after(after).map(|exchange| exchange.id).collect()
    }

    #[test]
    fn only_the_latest_are_kept_by_number_and_by_bytes() {
        let mut ring = Ring::default();
        for _ in 0..MOST_REQUESTS + 5 {
            ring.add(exchange(0));
        }
        assert_eq!((ring.first(), ring.after(0).count()), (6, MOST_REQUESTS));
        assert!(ring.get(5).is_none() && ring.get(6).is_some() && ring.get(506).is_none());
        for _ in 0..20 {
            ring.add(exchange(1024 * 1024));
        }
        assert!(ring.bytes <= MOST_BYTES && ring.after(0).count() == 15, "{}", ring.bytes);
        let latest = ring.add(exchange(2 * MOST_BYTES));
        assert_eq!(ids(&ring, 0), [latest]);
        ring.clear();
        assert_eq!((ring.bytes, ring.first(), ids(&ring, 0).len()), (0, latest + 1, 0));
        assert_eq!(ring.add(exchange(0)), latest + 1);
    }

    #[test]
    fn the_cursor_shows_what_came_and_what_changed() {
        let mut ring = Ring::default();
        let (one, two) = (ring.add(exchange(0)), ring.add(exchange(0)));
        let cursor = ring.revision();
        assert_eq!((ids(&ring, 0), ids(&ring, cursor)), (vec![one, two], vec![]));
        let page = Page::json("application/json", vec![b' '; 1000]);
        ring.change(one, |exchange| exchange.answer(&Delivery::Whole(page)));
        assert_eq!(ids(&ring, cursor), [one]);
        let weight: usize = ring.after(0).map(Exchange::weight).sum();
        assert_eq!(ring.bytes, weight, "an answer weighs too");
        ring.clear();
        ring.change(one, |_| panic!("it is forgotten"));
    }
}

//! Who is connected, and who has to go where there are too many.
//!
//! A newcomer takes the place of one whose request has not come whole; one that is being answered keeps its own. The
//! address with the most connections loses the oldest of them, so that who opens many crowds out nobody but himself, and
//! a question from that same address is cut off only if it takes longer to arrive than all places take to be filled anew.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::{AbortHandle, Id};

/// How many are connected at once. Each costs a descriptor, and 9 to 28 KiB before its body comes.
pub const MOST: usize = 256;
/// How many more there may be that have been told to go, and have yet to close.
pub const LEAVING: usize = 32;
/// What all answers under way may hold together: two of the largest.
const MOST_ANSWER_BYTES: usize = 64 * 1024 * 1024;

struct Guest {
    task: AbortHandle,
    address: IpAddr,
    /// How many connections that address has.
    share: usize,
    /// The bytes of the answer that is being made and sent; none before the request is whole.
    answer: Option<usize>,
}

/// The connections, in the order in which they came.
#[derive(Default)]
pub struct Guests(Mutex<Vec<Guest>>);

impl Guests {
    fn list(&self) -> MutexGuard<'_, Vec<Guest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One has come, and is served by this task.
    pub fn came(&self, peer: SocketAddr, task: AbortHandle) {
        let mut list = self.list();
        let address = peer.ip();
        let mut share = 1;
        for guest in list.iter_mut().filter(|guest| guest.address == address) {
            guest.share += 1;
            share = guest.share;
        }
        list.push(Guest { task, address, share, answer: None });
    }

    /// That one's task has ended.
    pub fn went(&self, id: Id) {
        let mut list = self.list();
        if let Some(place) = list.iter().position(|guest| guest.task.id() == id) {
            take(&mut list, place);
        }
    }

    /// Cuts off one whose request has not come whole: the oldest, of the address with the most connections. False where
    /// all are being answered.
    pub fn make_room(&self) -> bool {
        let mut list = self.list();
        let mut least: Option<(usize, usize)> = None;
        for (place, guest) in list.iter().enumerate().filter(|(_, guest)| guest.answer.is_none()) {
            if least.is_none_or(|(_, share)| share < guest.share) {
                least = Some((place, guest.share));
            }
        }
        least.inspect(|(place, _)| take(&mut list, *place).abort()).is_some()
    }

    /// That one's request has come whole: it keeps its place. Called again when it is known how large the answer is;
    /// where all answers are too large together, those that came first and do not end are cut off.
    pub fn answers(&self, id: Id, bytes: usize) {
        let mut list = self.list();
        if let Some(guest) = list.iter_mut().find(|guest| guest.task.id() == id) {
            guest.answer = Some(bytes);
        }
        let mut all: usize = list.iter().filter_map(|guest| guest.answer).sum();
        while all > MOST_ANSWER_BYTES {
            let other = |guest: &Guest| guest.task.id() != id && guest.answer.is_some_and(|bytes| bytes > 0);
            let Some(place) = list.iter().position(other) else { break };
            all -= list.get(place).and_then(|guest| guest.answer).unwrap_or_default();
            take(&mut list, place).abort();
        }
    }
}

/// Strikes one off the list.
fn take(list: &mut Vec<Guest>, place: usize) -> AbortHandle {
    let Guest { task, address, .. } = list.remove(place);
    for guest in list.iter_mut().filter(|guest| guest.address == address) {
        guest.share -= 1;
    }
    task
}

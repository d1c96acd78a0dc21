//! The tickets that are out, each with its reply once that has come. Knows no threads and no time.

use std::mem;

use crate::reply::Language;

/// How many tickets may be out at once.
pub(super) const MOST: usize = 64;

pub(super) struct Ledger {
    /// Whose calls these are.
    process: u32,
    /// The ticket given last.
    last: i64,
    calls: Vec<Call>,
}

struct Call {
    ticket: i64,
    language: Language,
    reply: Option<String>,
}

/// What is known of a ticket.
pub(super) enum Found {
    /// The reply, which is not kept any longer.
    Reply(String),
    /// It is under way; messages about it are in this language.
    UnderWay(Language),
    /// It is not out.
    Nothing,
}

impl Ledger {
    pub(super) const fn new() -> Self {
        Self { process: 0, last: 0, calls: Vec::new() }
    }

    /// Forgets the calls of another process. Tickets go on from where they were, so that none is ever given twice.
    pub(super) fn belong_to(&mut self, process: u32) {
        if mem::replace(&mut self.process, process) != process {
            self.calls.clear();
        }
    }

    /// Gives a ticket, unless as many as may be are out.
    pub(super) fn open(&mut self, language: Language) -> Option<i64> {
        if self.calls.len() >= MOST {
            return None;
        }
        self.last += 1;
        self.calls.push(Call { ticket: self.last, language, reply: None });
        Some(self.last)
    }

    /// Keeps a reply until it is taken.
    pub(super) fn settle(&mut self, ticket: i64, reply: String) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.ticket == ticket) {
            call.reply = Some(reply);
        }
    }

    /// Takes a ticket's reply, where it has come.
    pub(super) fn take(&mut self, ticket: i64) -> Found {
        let Some(at) = self.calls.iter().position(|call| call.ticket == ticket) else { return Found::Nothing };
        let call = self.calls.swap_remove(at);
        if let Some(reply) = call.reply {
            return Found::Reply(reply);
        }
        let language = call.language;
        self.calls.push(call);
        Found::UnderWay(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(found: Found) -> Option<String> {
        match found {
            Found::Reply(reply) => Some(reply),
            Found::UnderWay(_) | Found::Nothing => None,
        }
    }

    #[test]
    fn a_reply_is_given_once_and_makes_room_for_another_ticket() {
        let mut ledger = Ledger::new();
        let tickets: Vec<_> = (0..MOST).map(|_| ledger.open(Language::En).unwrap()).collect();
        assert_eq!((tickets[0], tickets[MOST - 1], ledger.open(Language::En)), (1, 64, None));
        assert!(matches!(ledger.take(9), Found::UnderWay(Language::En)));
        ledger.settle(9, "nine".to_owned());
        assert_eq!(ledger.open(Language::En), None, "a reply that nobody has fetched counts");
        assert_eq!(reply(ledger.take(9)).as_deref(), Some("nine"));
        assert!(matches!(ledger.take(9), Found::Nothing));
        assert_eq!(ledger.open(Language::En), Some(65));
        assert!(matches!(ledger.take(0), Found::Nothing) && matches!(ledger.take(-1), Found::Nothing));
    }

    #[test]
    fn another_process_has_none_of_its_tickets_and_gives_none_of_them_again() {
        let mut ledger = Ledger::new();
        ledger.belong_to(7);
        assert_eq!(ledger.open(Language::Zh), Some(1));
        ledger.belong_to(7);
        assert!(matches!(ledger.take(1), Found::UnderWay(Language::Zh)));
        ledger.belong_to(8);
        assert!(matches!(ledger.take(1), Found::Nothing));
        assert_eq!(ledger.open(Language::Zh), Some(2));
    }
}

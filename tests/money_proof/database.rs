//! A PostgreSQL server for the store, which loses its power now and then.

use std::time::{Duration, Instant};

use crate::postgres_server::PostgresServer;
use crate::random::Random;
use crate::siege::Weather;

/// The server, and when it next goes or comes.
pub struct Server {
    server: PostgresServer,
    up: bool,
    next: Instant,
}

impl Server {
    pub fn start() -> Self {
        // What its process wrote outlives the process without that, and it comes back sooner.
        let server = PostgresServer::start(&["fsync=off"]);
        Self { server, up: true, next: Instant::now() + Duration::from_secs(2) }
    }

    /// The `store` setting for a new database.
    pub fn store(&self) -> String {
        self.server.url(&self.server.database())
    }
}

impl Weather for Server {
    fn change(&mut self, random: &mut Random) -> bool {
        if Instant::now() < self.next {
            return false;
        }
        self.up = !self.up;
        if self.up {
            self.server.start_again();
            self.next = Instant::now() + Duration::from_millis(random.between(1_500, 4_000));
        } else {
            self.server.stop();
            self.next = Instant::now() + Duration::from_millis(random.between(50, 900));
        }
        !self.up
    }

    fn clear(&mut self) {
        if !self.up {
            self.server.start_again();
            self.up = true;
        }
    }
}

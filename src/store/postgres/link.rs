//! One connection: driven by the thread that uses it, so no thread of the library's stays behind.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout_at;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row, Statement};

use super::address::{Address, Node};
use super::failure::Fault;
use super::tls_stream::Connector;

/// A connection that was not used for this long may have ended meanwhile.
const RESTED: Duration = Duration::from_secs(1);
/// What saying goodbye may take.
const GOODBYE: Duration = Duration::from_millis(200);

/// What every connection begins with. The server ends a statement before its caller gives up on it. Each of our
/// statements has its index; that a table was small when a statement was first planned must not keep it from that. A
/// commit that is not on the disk is none.
const BEGINNING: &str = "SET statement_timeout = 10000; SET enable_seqscan = off;
    SET default_transaction_isolation = 'read committed';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

type Driver = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A connection, with its own event loop.
pub(super) struct Link {
    runtime: Runtime,
    session: Option<Session>,
    /// Reads and writes; done when the connection has ended.
    driver: Option<Driver>,
    used: Instant,
}

/// The statements' side of a connection.
pub(super) struct Session {
    client: Client,
    statements: RefCell<BTreeMap<&'static str, Statement>>,
}

impl Link {
    /// Connects to the first server of the address that takes us.
    pub(super) fn open(address: &Address, tls: &Connector, until: Instant) -> Result<Self, Fault> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(Fault::Machine)?;
        let mut last = Fault::Late;
        for node in &address.nodes {
            match reach(&runtime, address, node, tls, until) {
                Ok((client, driver)) => {
                    let session = Session { client, statements: RefCell::default() };
                    let mut link = Self { runtime, session: Some(session), driver: Some(driver), used: Instant::now() };
                    link.run(until, async |session| session.batch(BEGINNING).await)?;
                    return Ok(link);
                }
                Err(fault) => last = fault,
            }
        }
        Err(last)
    }

    /// Runs `work`; after an error the connection is of no more use.
    pub(super) fn run<T>(
        &mut self,
        until: Instant,
        work: impl AsyncFnOnce(&Session) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let Some(session) = &self.session else { return Err(Fault::Lost(None)) };
        let mut end = None;
        // Of one type for all work: this is much of the library's size.
        let ended = {
            let work = pin!(async { end = Some(work(session).await) });
            drive(&self.runtime, &mut self.driver, until, work)
        };
        self.used = Instant::now();
        let end = end.unwrap_or(Err(Fault::Late));
        if self.driver.is_some() { end } else { end.map_err(|fault| fault.on_lost_connection(ended)) }
    }

    /// Whether a connection that rested is still there, as far as this machine knows.
    pub(super) fn is_alive(&mut self) -> bool {
        if self.driver.is_none() || self.used.elapsed() < RESTED {
            return self.driver.is_some();
        }
        // Twice: what arrived meanwhile shows after the event loop has turned.
        let looked = self.run(Instant::now() + RESTED, async |_| {
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            Ok(())
        });
        looked.is_ok() && self.driver.is_some()
    }
}

impl Drop for Link {
    /// Says goodbye on a connection that is whole: the server need not find out.
    fn drop(&mut self) {
        self.session = None;
        if let Some(driver) = self.driver.take() {
            let _ = self.runtime.block_on(async { timeout_at((Instant::now() + GOODBYE).into(), driver).await });
        }
    }
}

/// Runs `work` and the connection beside it, until the work is done or time is over. Gives what ended the connection.
fn drive(
    runtime: &Runtime,
    driver: &mut Option<Driver>,
    until: Instant,
    mut work: Pin<&mut dyn Future<Output = ()>>,
) -> Option<Error> {
    let mut ended = None;
    let both = poll_fn(|context| {
        if let Some(Poll::Ready(end)) = driver.as_mut().map(|driver| driver.as_mut().poll(context)) {
            // What the server still said has been handed over; whoever waits for more hears that it is the end.
            *driver = None;
            ended = end.err();
        }
        work.as_mut().poll(context)
    });
    let _ = runtime.block_on(async { timeout_at(until.into(), both).await });
    ended
}

fn reach(
    runtime: &Runtime,
    address: &Address,
    node: &Node,
    tls: &Connector,
    until: Instant,
) -> Result<(Client, Driver), Fault> {
    let (mut config, limit) = (address.config().clone(), address.connect_timeout());
    let addresses = node.addresses(until, limit)?;
    // Each address within the limit, and as long again for all that is said before the first statement.
    let until = until.min(Instant::now() + limit.saturating_mul(u32::try_from(addresses.len() + 1).unwrap_or(2)));
    for at in addresses {
        config.host(node.name()).port(node.port);
        if let Some(at) = at {
            config.hostaddr(at);
        }
    }
    runtime.block_on(async {
        let (client, connection) = timeout_at(until.into(), config.connect(tls.clone()))
            .await
            .map_err(|_| Fault::Late)?
            .map_err(Fault::Connect)?;
        Ok::<_, Fault>((client, Box::pin(connection) as Driver))
    })
}

impl Session {
    /// The rows of a statement.
    pub(super) async fn query(&self, sql: &'static str, with: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
        self.client.query(&self.statement(sql).await?, with).await
    }

    /// How many rows a statement changed.
    pub(super) async fn execute(&self, sql: &'static str, with: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
        self.client.execute(&self.statement(sql).await?, with).await
    }

    /// Inserts a row, and tells whether it did; it does not where there is one of its key.
    pub(super) async fn insert(&self, sql: &'static str, with: &[&(dyn ToSql + Sync)]) -> Result<bool, Error> {
        match self.execute(sql, with).await {
            Ok(inserted) => Ok(inserted == 1),
            Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Statements without parameters.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), Fault> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// The statement, prepared when this connection first needs it.
    async fn statement(&self, sql: &'static str) -> Result<Statement, Error> {
        let known = self.statements.borrow().get(sql).cloned();
        match known {
            Some(statement) => Ok(statement),
            None => {
                let statement = self.client.prepare(sql).await?;
                self.statements.borrow_mut().insert(sql, statement.clone());
                Ok(statement)
            }
        }
    }
}

//! Why a PostgreSQL store cannot be used, in words. No password is known here.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error as Postgres;
use tokio_postgres::error::{DbError, SqlState};

use super::address::Address;
use crate::reply::{Error, Words, words};
use crate::store::failure::failed;

/// Why an operation did not come to its end.
#[derive(Debug)]
pub(super) enum Fault {
    /// No connection came about.
    Connect(Postgres),
    /// This machine did not play along: a name that nobody knows, for instance.
    Machine(io::Error),
    /// The connection was lost; what was under way may have been done. With what the server said last.
    Lost(Option<Postgres>),
    /// The server answered with an error, or with what nobody understands.
    Server(Postgres),
    /// A row that had to be there went away.
    Vanished,
    /// A row holds a word that this version does not know.
    Word(String),
    /// Time is over.
    Late,
    /// Every connection was in use, for as long as the call could wait.
    Busy,
    /// Already told.
    Told(Error),
}

impl From<Postgres> for Fault {
    fn from(error: Postgres) -> Self {
        if error.is_closed() { Self::Lost(None) } else { Self::Server(error) }
    }
}

impl Fault {
    /// The same, of a connection that has ended.
    pub(super) fn on_lost_connection(self, why: Option<Postgres>) -> Self {
        match self {
            Self::Lost(None) => Self::Lost(why),
            // The server's last words.
            Self::Server(error) if error.as_db_error().is_none() || is_ending(&error) => Self::Lost(Some(error)),
            other => other,
        }
    }

    /// Whether the connection was lost, and others likely with it; or leads to a server that is the primary no more,
    /// which has written nothing.
    pub(super) fn is_lost(&self) -> bool {
        match self {
            Self::Lost(_) => true,
            Self::Server(error) => is_ending(error) || error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION),
            _ => false,
        }
    }

    /// Whether the same again, on another connection, may go through. The server has rolled back what it calls a
    /// deadlock.
    pub(super) fn is_worth_another_try(&self) -> bool {
        let rolled_back = |error: &Postgres| {
            matches!(error.code(), Some(&SqlState::T_R_DEADLOCK_DETECTED | &SqlState::T_R_SERIALIZATION_FAILURE))
        };
        self.is_lost() || matches!(self, Self::Vanished) || matches!(self, Self::Server(error) if rolled_back(error))
    }

    /// Whether the server has no room for one connection more.
    pub(super) fn is_crowded(&self) -> bool {
        matches!(self, Self::Connect(error) if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS))
    }

    /// Whether nobody answered at all.
    pub(super) fn is_silence(&self) -> bool {
        let timed_out = |cause: &io::Error| cause.kind() == io::ErrorKind::TimedOut;
        match self {
            Self::Late => true,
            Self::Machine(error) => timed_out(error),
            Self::Connect(error) => io_cause(error).is_some_and(timed_out),
            _ => false,
        }
    }

    /// As the reply tells it.
    pub(super) fn told(self, address: &Address) -> Error {
        let place = address.place();
        failed(match self {
            Self::Told(error) => return error,
            Self::Connect(error) | Self::Lost(Some(error)) | Self::Server(error) => of_error(&error, address),
            Self::Machine(error) => unreached(&place, &error.to_string()),
            Self::Lost(None) => words!(
                "与 PostgreSQL {place} 的连接中断，请稍后重试",
                "the connection to PostgreSQL at {place} was lost: try again"
            ),
            Self::Vanished => words!(
                "PostgreSQL {place} 中的记录刚被删除，请重试",
                "a row at PostgreSQL {place} was just removed: try again"
            ),
            Self::Word(word) => words!(
                "PostgreSQL {place} 中的“{word}”由更新版本的动态库写成，请升级动态库",
                "PostgreSQL at {place} holds {word}, which a later version of this library wrote: update it"
            ),
            Self::Late => words!(
                "PostgreSQL {place} 未在时限内应答，请检查网络与服务器负载",
                "PostgreSQL at {place} did not answer in time: check the network and the server's load"
            ),
            Self::Busy => words!(
                "本程序与 PostgreSQL {place} 的连接全部被占用，请稍后重试",
                "all of this program's connections to PostgreSQL at {place} are in use: try again later"
            ),
        })
    }
}

/// Whether the server says that it ends the connection.
fn is_ending(error: &Postgres) -> bool {
    matches!(error.code(), Some(&SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW))
        || error.code().is_some_and(|code| code.code().starts_with("08"))
}

fn io_cause(error: &Postgres) -> Option<&io::Error> {
    error.source()?.downcast_ref()
}

/// What rustls says, where it is at fault.
fn tls_cause(error: &Postgres) -> Option<&rustls::Error> {
    io_cause(error)?.get_ref()?.downcast_ref()
}

fn of_error(error: &Postgres, address: &Address) -> Words {
    let place = address.place();
    if let Some(said) = error.as_db_error() {
        return of_server(said, address);
    }
    if let Some(cause) = tls_cause(error) {
        return of_tls(cause, &place);
    }
    match io_cause(error) {
        // Of several servers, none can be written to.
        Some(cause) if cause.kind() == io::ErrorKind::PermissionDenied => read_only(&place),
        Some(cause) => unreached(&place, &cause.to_string()),
        None => {
            let cause = error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
            words!("PostgreSQL {place} 出错：{cause}", "PostgreSQL at {place} failed: {cause}")
        }
    }
}

fn unreached(place: &str, cause: &str) -> Words {
    words!(
        "无法连接 PostgreSQL {place}：{cause}；请检查服务器是否运行、地址与端口、防火墙",
        "cannot reach PostgreSQL at {place}: {cause}; check that the server runs, its address and port, and the firewall"
    )
}

fn read_only(place: &str) -> Words {
    words!(
        "PostgreSQL {place} 只读（可能是备库），请连接主库",
        "PostgreSQL at {place} is read-only, perhaps a standby: name the primary"
    )
}

fn of_tls(cause: &rustls::Error, place: &str) -> Words {
    match cause {
        rustls::Error::InvalidCertificate(_) => words!(
            "PostgreSQL {place} 的证书未通过验证（{cause}）：请在 store 中用 sslrootcert=路径 指定其 CA 证书；仅在可信网络中可设 sslmode=disable",
            "the certificate of PostgreSQL at {place} does not verify ({cause}): name its authority by sslrootcert=PATH in store, or set sslmode=disable on a trusted network"
        ),
        _ => words!(
            "与 PostgreSQL {place} 的 TLS 握手失败（{cause}）：请检查服务器的 TLS 设置；仅在可信网络中可设 sslmode=disable",
            "the TLS handshake with PostgreSQL at {place} failed ({cause}): check the server's TLS settings, or set sslmode=disable on a trusted network"
        ),
    }
}

fn of_server(said: &DbError, address: &Address) -> Words {
    let (place, user, database) = (address.place(), address.user(), address.database());
    let (message, code) = (said.message(), said.code().code());
    match said.code() {
        &SqlState::INVALID_PASSWORD => words!(
            "PostgreSQL {place} 拒绝用户 {user} 的密码，请检查 store 中的用户名与密码",
            "PostgreSQL at {place} refuses the password of {user}: check user and password in store"
        ),
        &SqlState::INVALID_AUTHORIZATION_SPECIFICATION => words!(
            "PostgreSQL {place} 不接受用户 {user} 登录（{message}），请检查用户与服务器的 pg_hba.conf",
            "PostgreSQL at {place} does not let {user} in ({message}): check the user and the server's pg_hba.conf"
        ),
        &SqlState::INVALID_CATALOG_NAME => words!(
            "PostgreSQL {place} 上没有数据库 {database}，请先建立：CREATE DATABASE … ENCODING 'UTF8'",
            "there is no database {database} on PostgreSQL at {place}: make it by CREATE DATABASE ... ENCODING 'UTF8'"
        ),
        &SqlState::TOO_MANY_CONNECTIONS => words!(
            "PostgreSQL {place} 的连接数已满，请调大 max_connections 或减少连接",
            "PostgreSQL at {place} has no connection left: raise max_connections or close others"
        ),
        &SqlState::DISK_FULL => words!(
            "PostgreSQL {place} 的磁盘已满；已存的内容不受影响",
            "the disk of PostgreSQL at {place} is full; what is stored stays as it was"
        ),
        &SqlState::READ_ONLY_SQL_TRANSACTION => read_only(&place),
        &SqlState::CANNOT_CONNECT_NOW => words!(
            "PostgreSQL {place} 正在启动或停止，请稍后重试（{message}）",
            "PostgreSQL at {place} is starting or stopping: try again later ({message})"
        ),
        &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN => words!(
            "PostgreSQL {place} 中断了连接，请稍后重试（{message}）",
            "PostgreSQL at {place} ended the connection: try again later ({message})"
        ),
        &SqlState::INSUFFICIENT_PRIVILEGE => words!(
            "用户 {user} 在 PostgreSQL {place} 上权限不足（{message}）：请授予 hislink 模式及其表的权限",
            "{user} lacks a right on PostgreSQL at {place} ({message}): grant it those on the schema hislink and its tables"
        ),
        &SqlState::QUERY_CANCELED | &SqlState::LOCK_NOT_AVAILABLE => words!(
            "PostgreSQL {place} 未在时限内完成操作，请检查服务器负载与锁（{message}）",
            "PostgreSQL at {place} did not finish in time: check the server's load and locks ({message})"
        ),
        _ => words!("PostgreSQL {place} 出错（{code}）：{message}", "PostgreSQL at {place} failed ({code}): {message}"),
    }
}

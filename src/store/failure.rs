//! Why a store cannot be used, in words.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::reply::{Code, Error, Words, words};

/// `STORE_FAILED`: nothing was changed.
pub(super) fn failed(words: Words) -> Error {
    Error::rejected(Code::StoreFailed, "/store", words)
}

/// What SQLite says of a file that it was to open. Of a folder that nothing can be written to it says no more than
/// that the file cannot be opened.
pub(super) fn of_opening(error: &rusqlite::Error, path: &Path) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(cause, _) if cause.code == ErrorCode::CannotOpen && is_read_only(path) => {
            failed(read_only(path))
        }
        _ => of_sqlite(error, path),
    }
}

/// Whether the system refuses to make a file beside this one.
fn is_read_only(path: &Path) -> bool {
    let beside = path.with_extension(format!("probe-{}", std::process::id()));
    match OpenOptions::new().write(true).create_new(true).open(&beside) {
        Ok(_) => {
            let _ = fs::remove_file(&beside);
            false
        }
        Err(error) => matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied),
    }
}

fn read_only(path: &Path) -> Words {
    let path = path.display();
    words!("存储 {path} 只读，无法写入", "the store {path} is read-only")
}

/// What SQLite says of the file at `path`.
pub(super) fn of_sqlite(error: &rusqlite::Error, path: &Path) -> Error {
    failed(told(error, path))
}

/// Others write into the file at `path` all the time.
pub(super) fn busy(path: &Path) -> Error {
    failed(held(path))
}

fn held(path: &Path) -> Words {
    let path = path.display();
    words!("存储 {path} 被其他程序占用，请稍后重试", "another program holds the store {path}: try again later")
}

fn told(error: &rusqlite::Error, file: &Path) -> Words {
    let path = file.display();
    let plain = || words!("存储 {path} 出错：{error}", "the store {path} failed: {error}");
    let rusqlite::Error::SqliteFailure(cause, _) = error else { return plain() };
    match cause.code {
        ErrorCode::NotADatabase => {
            words!("{path} 不是 SQLite 数据库", "{path} is no SQLite database")
        }
        ErrorCode::DatabaseCorrupt => words!(
            "存储 {path} 已损坏，请从备份恢复或更换文件",
            "the store {path} is damaged: restore it from a backup or name another file"
        ),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => read_only(file),
        ErrorCode::DiskFull => {
            words!(
                "存储 {path} 所在磁盘已满；已存的内容不受影响",
                "the disk of the store {path} is full; what is stored stays as it was"
            )
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => held(file),
        ErrorCode::CannotOpen => words!(
            "无法打开存储 {path}，请检查路径与权限",
            "cannot open the store {path}: check the path and the permissions"
        ),
        _ => plain(),
    }
}

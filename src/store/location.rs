//! Where a store is.

use std::env;
use std::path::{Component, Path, PathBuf, Prefix};
use std::sync::Arc;

use super::failure::failed;
use super::{Address, Spill, Store, open};
use crate::reply::{Code, Error, Words, words};
use crate::secret::Secret;

/// The `store` setting of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Location {
    /// A file in the user's data folder.
    #[default]
    UsersData,
    /// A SQLite file: an absolute path, since hosts change their current directory.
    Sqlite(PathBuf),
    /// A PostgreSQL database, which the desks of a hospital share.
    Postgres(Arc<Address>),
    /// Nothing is kept.
    None,
}

impl Location {
    /// Reads `sqlite:PATH`, a `postgres://` URL or `none`; nothing for any other text. A relative path starts at the
    /// directory that is current now.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "none" => Some(Self::None),
            Some(("sqlite", path)) => std::path::absolute(path).ok().map(Self::Sqlite),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Address::parse(text).map(|address| Self::Postgres(Arc::new(address)))
            }
            _ => None,
        }
    }

    /// The setting's text; what may hold a password is shown as `***`.
    pub fn masked(&self) -> String {
        match self {
            Self::UsersData => users_file().map_or_else(String::new, |path| format!("sqlite:{}", path.display())),
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(_) => "postgres://***".to_owned(),
            Self::None => "none".to_owned(),
        }
    }

    /// The password of a database.
    pub fn password(&self) -> Option<Secret> {
        match self {
            Self::Postgres(address) => address.password(),
            _ => None,
        }
    }

    /// Whether anything is kept.
    pub fn keeps(&self) -> bool {
        *self != Self::None
    }

    /// Whether its file's name (`\\server\share`, on Windows) is another machine's, where a write-ahead log does not hold. A
    /// share that has a letter here is not seen.
    pub fn is_on_a_share(&self) -> bool {
        let Self::Sqlite(path) = self else { return false };
        let Some(Component::Prefix(prefix)) = path.components().next() else { return false };
        matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
    }

    /// What tells this store from others, however a host spells it; none where nothing is kept.
    pub fn identity(&self) -> Option<String> {
        match self {
            Self::Postgres(_) => self.name(),
            _ => self.name().map(folded),
        }
    }

    /// Its file or its database, without a password; none where nothing is kept.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::UsersData => users_file().map(|path| path.to_string_lossy().into_owned()),
            Self::Sqlite(path) => Some(path.to_string_lossy().into_owned()),
            Self::Postgres(address) => Some(address.place()),
            Self::None => None,
        }
    }

    /// The store there, opened when it is first asked for; all who name the same one share it. Outcomes that it would
    /// not take earlier are brought in.
    ///
    /// Errors: `BAD_SETTINGS` where no store is kept, `STORE_FAILED` where it cannot be opened.
    pub fn open(&self) -> Result<Arc<dyn Store>, Error> {
        let store = self.opened()?;
        // A store that can be read serves those who only read, also where it cannot be written.
        let _ = Spill::of(self).merge(&*store);
        Ok(store)
    }

    /// The store there, if there is one: nothing is made.
    pub fn open_if_there(&self) -> Option<Result<Arc<dyn Store>, Error>> {
        let there = match self {
            Self::UsersData => users_file().is_some_and(|path| path.is_file()),
            Self::Sqlite(path) => path.is_file(),
            Self::Postgres(_) => true,
            Self::None => false,
        };
        there.then(|| self.open())
    }

    fn opened(&self) -> Result<Arc<dyn Store>, Error> {
        match self {
            Self::UsersData => users_store(),
            Self::Sqlite(path) => open::file(path),
            Self::Postgres(address) => open::database(address, desks_folder),
            Self::None => Err(not_kept(words!(
                "此操作需要存储，但 store 设为 none",
                "this operation needs a store, and store is set to none"
            ))),
        }
    }
}

fn not_kept(words: Words) -> Error {
    Error::rejected(Code::BadSettings, "/store", words)
}

fn users_store() -> Result<Arc<dyn Store>, Error> {
    let path = users_file().ok_or_else(|| {
        failed(words!(
            "找不到用户数据目录，请设置 store",
            "the user's data folder is not known: set store to sqlite:PATH"
        ))
    })?;
    if let Some(open) = open::found_file(&path) {
        return Ok(open);
    }
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|error| {
            let folder = folder.display();
            failed(words!("无法创建目录 {folder}：{error}", "cannot create the folder {folder}: {error}"))
        })?;
    }
    open::file(&path)
}

/// Where processes of this user tell each other that they are alive; none where it cannot be had.
fn desks_folder() -> Option<PathBuf> {
    let folder = users_file()?.parent()?.to_owned();
    make_folder(&folder).ok().map(|()| folder)
}

/// Makes the folder where it is not there. The roster holds people's names and numbers, so it is the user's alone.
pub(super) fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file's name as it tells the file from others: for Windows capital and small letters are the same.
pub(super) fn folded(mut name: String) -> String {
    if cfg!(windows) {
        name.make_ascii_lowercase();
    }
    name
}

/// The default store: `hislink.db` in the data folder.
fn users_file() -> Option<PathBuf> {
    Some(data_folder()?.join("hislink.db"))
}

/// The library's data folder: `hislink` in the platform's usual place for the user's data.
pub(super) fn data_folder() -> Option<PathBuf> {
    let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else {
        folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|home| home.join(".local").join("share")))
    };
    Some(data?.join("hislink"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_one_of_three_kinds() {
        assert_eq!(Location::parse("none"), Some(Location::None));
        let Some(Location::Postgres(address)) = Location::parse("postgres://u:p@h/d") else { panic!("a database") };
        assert_eq!(Location::Postgres(address.clone()).masked(), "postgres://***");
        assert_eq!(Address::parse("postgres://u:p@h/d"), Some(Address::clone(&address)));
        assert_eq!(Location::parse("postgresql://h/d").unwrap().masked(), "postgres://***");
        assert_eq!(Location::parse("sqlite:/a/b.db"), Some(Location::Sqlite("/a/b.db".into())));
        let Some(Location::Sqlite(path)) = Location::parse("sqlite:b.db") else { panic!("a file") };
        assert!(path.is_absolute() && path.ends_with("b.db"));
        for bad in ["", "sqlite", "sqlite:", "mysql://h", "postgres:x", "postgres:///d", "postgres://h/d?x", "None"] {
            assert_eq!(Location::parse(bad), None, "{bad}");
        }
    }
}

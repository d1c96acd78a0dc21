//! A PostgreSQL server of the machine's own programs, in a temporary folder, for as long as the tests run. PostgreSQL
//! does not run as root, so root's tests run it as another user.

// Each test uses a part of this.
#![allow(dead_code)]

#[path = "ports.rs"]
pub mod ports;

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use std::{env, process, thread};

/// The one who may do everything.
pub const ADMIN: &str = "admin";
/// Everybody's password.
pub const PASSWORD: &str = "hush-hush";

/// Ends with its standard input, so with the test, however that ends; leaves the folder only where it is told to.
const KEEPER: &str = r#""$@" >>log 2>&1 & server=$!; read end; kill -QUIT $server; wait $server
    [ "$end" = stay ] || rm -rf "$PWD""#;

pub struct PostgresServer {
    programs: PathBuf,
    pub folder: PathBuf,
    pub port: u16,
    settings: Vec<String>,
    keeper: Mutex<Option<Child>>,
}

impl PostgresServer {
    /// One for all tests of a program.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<PostgresServer> = OnceLock::new();
        SERVER.get_or_init(|| Self::start(&[]))
    }

    /// A server with these settings (`name=value`).
    pub fn start(settings: &[&str]) -> Self {
        let server = Self::prepare(settings);
        server.start_again();
        server
    }

    /// What a server needs, made but not started.
    pub fn prepare(settings: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hislink-postgres-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        if is_root() {
            let (user, group) = other_user();
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let port = ports::own(20_000);
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let server = Self { programs: programs(), folder, port, settings, keeper: Mutex::default() };
        server.file("password", &format!("{PASSWORD}\n"));
        let arguments = ["-D", "data", "-U", ADMIN, "-E", "UTF8", "--no-locale", "--pwfile=password"];
        let authentication = ["--auth-host=scram-sha-256", "--auth-local=trust"];
        let output = server.program("initdb").args(arguments).args(authentication).output().unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        server
    }

    /// A file of the server's, which nobody else reads.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.join(name);
        fs::File::create(&path).unwrap().write_all(content.as_bytes()).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        let owner = fs::metadata(&self.folder).unwrap();
        chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
        path
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        as_other_user(&mut command);
        command.current_dir(&self.folder);
        command
    }

    /// Starts it, once more after [`stop`](Self::stop).
    pub fn start_again(&self) {
        let mut command = Command::new("/bin/sh");
        as_other_user(&mut command);
        command.current_dir(&self.folder).args(["-c", KEEPER, "keeper"]).arg(self.programs.join("postgres"));
        let port = self.port.to_string();
        command.args(["-D", "data", "-p", &port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
        command.args(["-c", "max_connections=300"]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        *self.keeper.lock().unwrap() = Some(command.stdin(Stdio::piped()).spawn().unwrap());
        let begun = Instant::now();
        while !self.program("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &port]).status().unwrap().success() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "{}",
                fs::read_to_string(self.folder.join("log")).unwrap()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops it at once, as a loss of power would.
    pub fn stop(&self) {
        if let Some(mut keeper) = self.keeper.lock().unwrap().take() {
            keeper.stdin.take().unwrap().write_all(b"stay\n").unwrap();
            keeper.wait().unwrap();
        }
    }

    pub fn restart(&self) {
        self.stop();
        self.start_again();
    }

    /// Runs statements, and gives what they print.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        let mut psql = self.client("psql");
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statements]);
        let output = psql.output().unwrap();
        assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A new, empty database.
    pub fn database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hospital{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// The administrator's way to a database.
    pub fn url(&self, database: &str) -> String {
        self.url_of(ADMIN, database)
    }

    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// A program of PostgreSQL's that talks to this server as the administrator.
    pub fn client(&self, name: &str) -> Command {
        let mut command = self.program(name);
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", ADMIN]).env("PGPASSWORD", PASSWORD);
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.lock().unwrap().take() {
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where `initdb` and `postgres` are.
fn programs() -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = installed.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let holds = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    folders.into_iter().find(holds).expect("PostgreSQL's server programs are installed")
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn as_other_user(command: &mut Command) {
    if is_root() {
        let (user, group) = other_user();
        command.gid(group).uid(user);
    }
}

/// The numbers of the user that PostgreSQL's package made, or of one who may do nothing.
fn other_user() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(|number| number.parse().unwrap());
        Some((numbers.next()?, numbers.next()?))
    };
    find("postgres").or_else(|| find("nobody")).expect("a user who is not root")
}

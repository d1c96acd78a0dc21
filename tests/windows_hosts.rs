//! The C contract on Windows: the programs of `tests/c`, made by mingw for 32 and for 64 bit and run through Wine, with the
//! DLLs that `packaging/windows/build.sh` has made. `tests/wine/run.sh` sets all up; by themselves they are left out.
#![cfg(target_os = "linux")]
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "windows_hosts/authorities.rs"]
mod authorities;
#[path = "support/desk.rs"]
mod desk;
#[path = "windows_hosts/desks.rs"]
mod desks;
mod desktop;
#[path = "support/postgres_server.rs"]
mod postgres_server;
#[path = "tls/site.rs"]
mod site;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{env, fs};

/// Windows by way of Wine, with all that its programs need in one folder.
struct Windows {
    compiler: &'static str,
    /// Where DLL and import library are.
    built: PathBuf,
    /// The folder that Wine sees as Z:\.
    root: PathBuf,
    /// What stands before a program's name.
    wine: Vec<String>,
    folder: PathBuf,
}

/// A folder that the script around this test names.
fn named(variable: &str) -> PathBuf {
    PathBuf::from(env::var_os(variable).unwrap_or_else(|| panic!("set {variable}, or run tests/wine/run.sh")))
}

static WIN32: LazyLock<Windows> = LazyLock::new(|| {
    let root = named("HISLINK_WINE32_ROOT");
    let wine = ["chroot", root.to_str().unwrap(), "env", "HOME=/tmp", "WINEPREFIX=/tmp/hislink-wine32", "wine"];
    Windows::new("i686-w64-mingw32-gcc", "win32", root.clone(), &wine)
});

static WIN64: LazyLock<Windows> = LazyLock::new(|| {
    let prefix = format!("WINEPREFIX={}/wine64", env!("CARGO_TARGET_TMPDIR"));
    Windows::new("x86_64-w64-mingw32-gcc", "win64", PathBuf::from("/"), &["env", &prefix, "/usr/lib/wine/wine64"])
});

impl Windows {
    fn new(compiler: &'static str, name: &str, root: PathBuf, wine: &[&str]) -> Self {
        let built = named("HISLINK_WINDOWS").join(name);
        let folder = root.join("tmp").join(format!("hislink-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::copy(built.join("hislink.dll"), folder.join("hislink.dll")).unwrap();
        let machine = Self { compiler, built, root, wine: wine.iter().map(|word| word.to_string()).collect(), folder };
        // Wine sets itself up at its first start, once.
        machine.wine().args(["cmd", "/c", "exit"]).stderr(Stdio::null()).status().unwrap();
        machine
    }

    fn wine(&self) -> Command {
        let mut command = Command::new(&self.wine[0]);
        // No debugger for a program that is meant to die.
        command.args(&self.wine[1..]).env("WINEDEBUG", "-all").env("WINEDLLOVERRIDES", "winedbg.exe=d");
        command
    }

    /// Makes a program, linked against the import library that hospitals get.
    fn build(&self, name: &str) -> PathBuf {
        let program = self.folder.join(format!("{name}.exe"));
        if program.exists() {
            return program;
        }
        // Under a name of its own until it is whole: tests run side by side.
        let made = self.folder.join(format!("{name}-{:?}.exe", std::thread::current().id()));
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sources =
            ["tests/c", "tests/wine", "examples-c"].map(|folder| repository.join(folder).join(format!("{name}.c")));
        let source = sources.iter().find(|source| source.exists()).unwrap_or_else(|| panic!("no {name}.c"));
        let mut command = Command::new(self.compiler);
        command.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-Iinclude", "-DSETTLE_SECONDS=1", "-o"]);
        command.arg(&made).arg(source);
        command.arg("-L").arg(&self.built).args(["-lhislink", "-lpsapi", "-lcrypt32"]).current_dir(repository);
        let status = command.status().unwrap_or_else(|error| panic!("{}: {error}", self.compiler));
        assert!(status.success(), "{command:?}");
        fs::rename(made, &program).unwrap();
        program
    }

    fn run(&self, name: &str, arguments: &[&str]) -> String {
        let output = desktop::Machine::program(self, name).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{name}: {}\n{said}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        said
    }
}

impl desktop::Machine for Windows {
    fn program(&self, name: &str) -> Command {
        let mut command = self.wine();
        command.arg(self.name_of(&self.build(name)));
        command
    }

    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn name_of(&self, file: &Path) -> String {
        format!("Z:/{}", file.strip_prefix(&self.root).unwrap().display())
    }

    fn library(&self) -> String {
        self.name_of(&self.folder.join("hislink.dll"))
    }
}

/// Each of these on both.
macro_rules! on_both {
    ($($name:ident: $test:expr;)*) => { $(mod $name {
        use super::*;

        #[test]
        #[ignore = "needs Wine and the DLLs: tests/wine/run.sh"]
        fn win32() {
            let test: fn(&Windows) = $test;
            test(&WIN32);
        }

        #[test]
        #[ignore = "needs Wine and the DLLs: tests/wine/run.sh"]
        fn win64() {
            let test: fn(&Windows) = $test;
            test(&WIN64);
        }
    })* };
}

on_both! {
    old_hosts_call_in_their_ways: |machine| desktop::old_hosts_call_in_their_ways(machine);
    it_is_loaded_and_unloaded_a_thousand_times: |machine| desktop::it_is_loaded_and_unloaded_a_thousand_times(machine);
    the_host_is_left_as_it_was: |machine| desktop::the_host_is_left_as_it_was(machine);
    floating_point_exceptions_stay_with_the_host: |machine| desktop::floating_point_exceptions_stay_with_the_host(machine);
    sixty_four_threads_call_at_once: |machine| desktop::sixty_four_threads_call_at_once(machine);
    without_a_ca_file_windows_own_authorities_decide: |machine| authorities::windows_own_authorities_decide(machine);
    money_survives_what_ends_a_cashiers_program: |machine| desks::money_survives_what_ends_a_cashiers_program(machine);
    desks_share_a_postgres_store: |machine| desks::desks_share_a_postgres_store(machine);
    programs_write_one_log_and_old_days_go: |machine| desks::programs_write_one_log_and_old_days_go(machine);
    cards_are_kept_and_the_platform_is_answered: |machine| desks::cards_are_kept_and_the_platform_is_answered(machine);
    calls_in_the_background: |machine| desktop::calls_in_the_background(machine);
    replies_are_written_into_buffers_of_any_size_and_not_a_byte_beyond: |machine| drop(machine.run("caller_buffer", &[]));
    wrong_requests_are_rejected_by_name: |machine| {
        for program in ["contract_requests", "contract_onepay", "contract_replies"] {
            assert!(machine.run(program, &[]).contains("fine"));
        }
    };
}

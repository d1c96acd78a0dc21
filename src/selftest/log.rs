//! The log files: whether there are any, and whether they can be written. No call fails of them.

use super::row::{Finding, Rows, told};
use crate::settings::Profile;

const NAME: &str = "log";

/// Adds the check.
pub fn check(profile: &Profile, rows: &mut Rows) {
    let Some(log) = profile.log.as_ref().filter(|log| log.is_on()) else {
        let told = told!(
            "不写日志",
            "no log is written",
            "设置 log.dir：出了问题，平台和厂商都要看日志",
            "set log.dir: where something goes wrong, everybody asks for it"
        );
        rows.add(NAME, Finding::Warning, told, "");
        return;
    };
    match log.prepare() {
        None => rows.add(NAME, Finding::Ok, told!("日志目录可写", "the log's folder can be written"), ""),
        Some(words) => rows.add_words(
            NAME,
            Finding::Warning,
            &words,
            told!(
                "给运行程序的用户对该目录的写权限，或把 log.dir 设到别的目录",
                "let the user who runs the program write there, or set log.dir to another folder"
            ),
        ),
    }
}

//! The packages of a `Cargo.lock`.

/// Each package that comes from elsewhere, as `name version`.
pub fn packages(lock: &str) -> Vec<String> {
    let tables = lock.split("[[package]]").skip(1);
    tables.filter(|table| value(table, "source").is_some()).filter_map(named).collect()
}

fn named(table: &str) -> Option<String> {
    Some(format!("{} {}", value(table, "name")?, value(table, "version")?))
}

fn value<'a>(table: &'a str, key: &str) -> Option<&'a str> {
    table.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
}

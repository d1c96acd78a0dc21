#define _POSIX_C_SOURCE 200809L
#include "sqlite_journal.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "clock.h"
#include "library.h"

/* As the library sets them for its own connection. */
static const char SETTINGS[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA cache_size = -32768;";

static const char SCHEMA[] =
    "SELECT sql FROM library.sqlite_schema WHERE tbl_name = 'journal' AND sql IS NOT NULL ORDER BY type DESC";

/* In the order of ADD's parameters, then what SETTLE writes. */
static const char PATTERN[] =
    "SELECT kind, account, number, service, profile, content, fen, param, host, process, run, claim, lease, sends, begun,"
    " sent, changed, state, code, outcome FROM library.journal";

static const char ADD[] =
    "INSERT INTO journal (kind, account, number, service, profile, content, fen, param, host, process, run, claim, lease,"
    " sends, begun, sent, changed, state, code, outcome)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 'sending', '', x'')";

static const char SETTLE[] =
    "UPDATE journal SET state = ?4, code = ?5, outcome = ?6, changed = ?7"
    " WHERE kind = ?1 AND account = ?2 AND number = ?3 AND claim = ?8 AND state IN ('sending', 'unknown', 'pending')";

/* Places of PATTERN, from 0. */
enum { KIND, ACCOUNT, NUMBER, CLAIM = 11, ADDED = 17, CHANGED = 16, STATE = 17, CODE, OUTCOME, COLUMNS };

static sqlite3 *database;
static sqlite3_stmt *add, *settle;

static void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) fail("SQLite", sqlite3_errmsg(database));
}

static sqlite3_stmt *prepared(const char *text) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, text, -1, &statement, NULL));
    return statement;
}

static void copy_schema(void) {
    sqlite3_stmt *parts = prepared(SCHEMA);
    while (sqlite3_step(parts) == SQLITE_ROW) {
        check(sqlite3_exec(database, (const char *)sqlite3_column_text(parts, 0), NULL, NULL, NULL));
    }
    check(sqlite3_finalize(parts));
}

/* Everything but the number stays as it is in the pattern, so it is bound once. */
static void bind_pattern(void) {
    static const int SETTLED[] = {KIND, ACCOUNT, NUMBER, STATE, CODE, OUTCOME, CHANGED, CLAIM};
    sqlite3_stmt *pattern = prepared(PATTERN);
    if (sqlite3_step(pattern) != SQLITE_ROW) fail("the library's journal", "it is empty");
    for (int n = 0; n < ADDED; n++) check(sqlite3_bind_value(add, n + 1, sqlite3_column_value(pattern, n)));
    for (int n = 0; n < 8; n++) check(sqlite3_bind_value(settle, n + 1, sqlite3_column_value(pattern, SETTLED[n])));
    check(sqlite3_finalize(pattern));
}

void sqlite_journal_open(const char *path, const char *library_path) {
    check(sqlite3_open(path, &database));
    check(sqlite3_exec(database, SETTINGS, NULL, NULL, NULL));
    char *attach = text_of("ATTACH '%s' AS library", library_path);
    check(sqlite3_exec(database, attach, NULL, NULL, NULL));
    copy_schema();
    add = prepared(ADD);
    settle = prepared(SETTLE);
    bind_pattern();
    check(sqlite3_exec(database, "DETACH library", NULL, NULL, NULL));
    free(attach);
}

static void run(sqlite3_stmt *statement, const char *number) {
    check(sqlite3_bind_text(statement, NUMBER + 1, number, -1, SQLITE_STATIC));
    check(sqlite3_step(statement));
    check(sqlite3_reset(statement));
    if (sqlite3_changes(database) != 1) fail("plain SQLite", "a row was not written");
}

double sqlite_journal_book(const char *number) {
    double start = now_ns();
    run(add, number);
    run(settle, number);
    return now_ns() - start;
}

long sqlite_journal_rows(void) {
    sqlite3_stmt *count = prepared("SELECT count(*) FROM journal WHERE state = 'succeeded'");
    check(sqlite3_step(count));
    long rows = (long)sqlite3_column_int64(count, 0);
    check(sqlite3_finalize(count));
    return rows;
}

void sqlite_journal_close(void) {
    sqlite3_finalize(add);
    sqlite3_finalize(settle);
    check(sqlite3_close(database));
}

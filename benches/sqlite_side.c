#define _POSIX_C_SOURCE 200809L
#include "sqlite_side.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "clock.h"
#include "library.h"
#include "sandbox_child.h"

static const char TABLES[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "CREATE TABLE progress (cursor INTEGER NOT NULL);"
    "INSERT INTO progress VALUES (0);"
    "CREATE TABLE card (hospital INTEGER NOT NULL, glory_id INTEGER NOT NULL, data_id INTEGER NOT NULL,"
    " cert_type TEXT NOT NULL, cert_no TEXT NOT NULL, cert_name TEXT NOT NULL, glory_type TEXT NOT NULL,"
    " PRIMARY KEY (hospital, glory_id)) WITHOUT ROWID;"
    "CREATE INDEX card_certificate ON card (hospital, cert_type, upper(cert_no), glory_id);";

static const char ADD[] = "INSERT OR REPLACE INTO card VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)";

static const char SAME[] =
    "SELECT (SELECT count(*) FROM card JOIN library.card other USING (hospital, glory_id)"
    "  WHERE card.data_id = other.data_id AND card.cert_type = other.cert_type AND card.cert_no = other.cert_no"
    "  AND card.cert_name = other.cert_name AND card.glory_type = other.glory_type)"
    " - abs((SELECT count(*) FROM card) - (SELECT count(*) FROM library.card))";

/* Numbers ascend and times do not, so that a day's deductions lie scattered in the table. A tenth are cancelled. */
static const char LEDGER[] =
    "WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?1),"
    " place(n, day, second) AS (SELECT n, n * 618033 % ?1 / 1000, n * 618033 % ?1 % 1000 * 80 FROM number) "
    "INSERT INTO deduction (hospital, deduction_id, cert_type, cert_no, cert_name, total_fee, deduction_fee,"
    " deduction_time, glory_type, deduction_type, remarks, state, note)"
    "SELECT (SELECT id FROM hospital WHERE org = '" GLORY_ORG_CODE "'), printf('GD%030d', n), '0',"
    " '11010519491231002X', '欧阳小凡', '25.50', '10.00', datetime('2024-01-01', day || ' days', second || ' seconds'),"
    " '1', '0', CASE WHEN n % 3 = 0 THEN '门诊诊查费' END, CASE n % 10 WHEN 0 THEN 'cancelled' ELSE 'accepted' END,"
    " CASE n % 10 WHEN 0 THEN datetime('2024-01-02', day || ' days') END FROM place";

static sqlite3 *database;
static sqlite3_stmt *begin, *add, *move, *commit;

static void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) fail("SQLite", sqlite3_errmsg(database));
}

static sqlite3_stmt *prepared(const char *text) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, text, -1, &statement, NULL));
    return statement;
}

static void run(sqlite3_stmt *statement) {
    check(sqlite3_step(statement));
    check(sqlite3_reset(statement));
}

static long number(const char *text) {
    sqlite3_stmt *statement = prepared(text);
    check(sqlite3_step(statement));
    long value = (long)sqlite3_column_int64(statement, 0);
    check(sqlite3_finalize(statement));
    return value;
}

void sqlite_open(const char *path) {
    check(sqlite3_open(path, &database));
    check(sqlite3_exec(database, TABLES, NULL, NULL, NULL));
    begin = prepared("BEGIN");
    add = prepared(ADD);
    move = prepared("UPDATE progress SET cursor = ?1");
    commit = prepared("COMMIT");
}

static void bind_word(int place, struct word word) {
    check(sqlite3_bind_text(add, place, word.at, word.length, SQLITE_STATIC));
}

double sqlite_insert(const struct roster_row *rows, size_t count) {
    double start = now_ns();
    run(begin);
    for (size_t n = 0; n < count; n++) {
        check(sqlite3_bind_int64(add, 1, rows[n].glory_id));
        check(sqlite3_bind_int64(add, 2, rows[n].data_id));
        bind_word(3, rows[n].cert_type);
        bind_word(4, rows[n].cert_no);
        bind_word(5, rows[n].cert_name);
        bind_word(6, rows[n].glory_type);
        run(add);
    }
    check(sqlite3_bind_int64(move, 1, rows[count - 1].data_id));
    run(move);
    run(commit);
    return now_ns() - start;
}

long sqlite_cards(void) {
    return number("SELECT count(*) FROM card");
}

long sqlite_same_cards(const char *library_path) {
    char *attach = text_of("ATTACH '%s' AS library", library_path);
    check(sqlite3_exec(database, attach, NULL, NULL, NULL));
    free(attach);
    return number(SAME);
}

void sqlite_close(void) {
    sqlite3_stmt *all[] = {begin, add, move, commit};
    for (int n = 0; n < 4; n++) sqlite3_finalize(all[n]);
    check(sqlite3_close(database));
}

void sqlite_fill_ledger(const char *library_path, long deductions) {
    check(sqlite3_open_v2(library_path, &database, SQLITE_OPEN_READWRITE, NULL));
    /* One transaction for all; the cache holds the index, which is written all over. */
    check(sqlite3_exec(database, "PRAGMA cache_size = -200000", NULL, NULL, NULL));
    sqlite3_stmt *fill = prepared(LEDGER);
    check(sqlite3_bind_int64(fill, 1, deductions));
    run(fill);
    check(sqlite3_finalize(fill));
    if (sqlite3_changes(database) != deductions) fail("the ledger", "not filled");
    check(sqlite3_close(database));
}

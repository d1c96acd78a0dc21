/* Plain SQLite, as a host would use it: the yardstick of the roster, and what fills a ledger.
 *
 * Never open a file here while the library has it open: each brings an SQLite of its own, and two of them in one process
 * take each other's file locks away.
 */
#ifndef BENCH_SQLITE_SIDE_H
#define BENCH_SQLITE_SIDE_H

#include "roster_rows.h"

/* Opens a new store with the library's tables for a roster, write-ahead log, every commit on the disk. */
void sqlite_open(const char *path);

/* Stores a page in one transaction; gives the nanoseconds that it took. */
double sqlite_insert(const struct roster_row *rows, size_t count);

/* How many cards there are, and how many of them the library's store has with the same content, and it no others. */
long sqlite_cards(void);
long sqlite_same_cards(const char *library_path);

void sqlite_close(void);

/* Fills the ledger of a store that the library made with a thousand deductions a day from 2024-01-01 on. */
void sqlite_fill_ledger(const char *library_path, long deductions);

#endif

/* Plain SQLite, as the yardstick of the journal: the same rows into the same table, each commit on the disk.
 *
 * See sqlite_side.h: the library must not have the file open at the same time.
 */
#ifndef BENCH_SQLITE_JOURNAL_H
#define BENCH_SQLITE_JOURNAL_H

/* Opens a new file with the journal's table and indexes as they stand in the library's store, which the library has
   closed, and takes that store's one entry as the pattern of all rows. */
void sqlite_journal_open(const char *path, const char *library_path);

/* Stores a row of that number as one commit, and its outcome as another; gives the nanoseconds that both took. */
double sqlite_journal_book(const char *number);

/* How many rows there are, settled. */
long sqlite_journal_rows(void);

void sqlite_journal_close(void);

#endif

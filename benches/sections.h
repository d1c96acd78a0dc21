/* The sections of the measurement, in the order in which contract.c runs them. */
#ifndef BENCH_SECTIONS_H
#define BENCH_SECTIONS_H

#include "library.h"

enum { MOST_LOADS = 64 };

struct plan {
    const struct library *library;
    int rounds;
    long memory_calls;
    int transactions;
    int bookings;
    int desk_turns;
    int desk_seconds;
    int loads;
    long cards;
    int lookups;
    long deductions;
    int checks;
};

/* Makes the profile that the sections work with. */
void configure(const struct library *library);

/* Sealing and opening against bare OpenSSL calls. The checks stand before any timing. */
void check_seal_and_open(const struct library *library);
void measure_seal_and_open(const struct plan *plan);

/* Sealing in GBK and UTF-16, into the caller's buffer, against UTF-8 in allocated memory. */
void measure_caller_buffer(const struct plan *plan);

/* Signing and sealing with a log and without. */
void measure_logging(const struct plan *plan);

/* Seals ("seal"), opens ("open") or does both ("both") so often, for a profiler to watch. */
void loop(const char *what, long count);

/* Resident memory over many calls. */
void measure_memory(const struct plan *plan);

/* A whole transaction against a plain libcurl POST. */
void measure_transact(const struct plan *plan);

/* What the journal adds to a recharge, against two commits by plain SQLite. */
void measure_journal(const struct plan *plan);

/* Many threads on one PostgreSQL store, against pgbench. */
void measure_desks(const struct plan *plan);

/* Size, time to load and memory, each in a fresh process; load_child is that process. */
void measure_load(const struct plan *plan);
int load_child(const char *path);

/* The card platform: the roster, and the ledger that /deductCheck is answered from. */
void measure_glory(const struct plan *plan);

/* One line of the table: what was measured, against which limit. */
void verdict(const char *what, double value, const char *unit, const char *limit, double most, double least);

/* Resident memory of this process in bytes. */
long resident(void);

#endif

/* The rows of a roster's page, read in place. Only for what the sandbox writes: no blanks, no escapes. */
#ifndef BENCH_ROSTER_ROWS_H
#define BENCH_ROSTER_ROWS_H

#include <stddef.h>

enum { MOST_ROWS = 500 };

struct word {
    const char *at;
    int length;
};

struct roster_row {
    struct word cert_type, cert_no, cert_name, glory_type;
    long long glory_id, data_id;
};

/* Gives how many there are. They point into the page. */
size_t roster_rows(const char *page, struct roster_row rows[MOST_ROWS]);

#endif

/* Questions of the platform, and what answers them. */
#ifndef BENCH_GLORY_CHECK_H
#define BENCH_GLORY_CHECK_H

#include "glory.h"

/* Deductions a day in the ledger. */
enum { A_DAY = 1000 };

/* The body of a question for a day from 2024-01-01 on, for the caller to free. The span ends `back` seconds before
   midnight, behind the day's last deduction, so that no two questions have the same sign. */
char *question(long day, long back);

/* What glory_check gets of it: signed now, the body as text; for the caller to free. */
char *check_request(const struct library *library, const char *body);

/* How many deductions an answer holds. */
size_t answered_rows(const char *text);

#endif

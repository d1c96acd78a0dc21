/* Times and their order. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdlib.h>
#include <time.h>

/* Nanoseconds of a clock that never steps back. */
static inline double now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static inline int by_size(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* The value that `share` (0 to 1) of `count` values do not exceed. Sorts the values. */
static inline double percentile(double *values, size_t count, double share) {
    qsort(values, count, sizeof *values, by_size);
    return values[(size_t)((double)(count - 1) * share + 0.5)];
}

static inline double median(double *values, size_t count) {
    return percentile(values, count, 0.5);
}

#endif

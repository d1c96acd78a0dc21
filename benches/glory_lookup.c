/* Lookups in the roster, one at a time, as a window does when a patient's card is read. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "glory.h"

static const char ABSENT[] = "{" GLORY_PROFILE ",\"certType\":\"0\",\"certNo\":\"11010519491231002X\"}";

/* A replaced card's old number is found no more, so not every one of them is there. */
static void check_found(const struct glory *glory) {
    size_t found = 0;
    for (size_t n = 0; n < glory->lookup_count; n++) {
        char *reply = succeeded("glory_lookup", glory->library->glory_lookup(glory->lookups[n]));
        found += strstr(reply, "\"found\":true") != NULL;
        glory->library->free(reply);
    }
    char *reply = succeeded("glory_lookup", glory->library->glory_lookup(ABSENT));
    if (found < glory->lookup_count * 9 / 10 || strstr(reply, "\"found\":false") == NULL) fail("glory_lookup", reply);
    glory->library->free(reply);
}

static double lookup_ns(const struct library *library, const char *request) {
    double start = now_ns();
    library->free(library->glory_lookup(request));
    return now_ns() - start;
}

/* Times up to `most` lookups of numbers that are masked, or of those that are not; gives how many. */
static size_t look_up(const struct glory *glory, int masked, double *times, size_t most) {
    size_t count = 0;
    /* A stride that shares no factor with the number of requests visits all, near ones far apart. */
    for (size_t n = 0; n < 2 * most && count < most; n++) {
        const char *request = glory->lookups[n * 2741 % glory->lookup_count];
        if ((strchr(request, '*') != NULL) == masked) times[count++] = lookup_ns(glory->library, request);
    }
    return count;
}

void measure_lookup(const struct glory *glory) {
    size_t most = (size_t)glory->plan->lookups;
    double *times = calloc(most, sizeof *times);
    if (times == NULL) fail("no memory", NULL);
    check_found(glory);
    size_t count = look_up(glory, 0, times, most);
    printf("\nLOOKUP: %zu, in a roster of %ld cards; with freeing the reply\n", count, glory->plan->cards);
    printf("  %-44s %8.2f us\n", "median", percentile(times, count, 0.5) / 1e3);
    verdict("99th percentile", percentile(times, count, 0.99) / 1e3, "us", "below 50", 50, 0);
    /* Nobody types a masked number in, and in a large roster of the sandbox some eighty cards share one. */
    count = look_up(glory, 1, times, most / 10);
    printf("  %-44s %8.2f us\n", "of masked numbers, many cards each: median", percentile(times, count, 0.5) / 1e3);
    free(times);
}

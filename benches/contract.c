/* Measures hislink through its C contract, side by side with what a host would use without it.
 *
 *   contract [--quick] [--only load|seal|buffer|log|memory|transact|journal|desks|glory] [LIBRARY]
 *                                           the whole table; LIBRARY or the environment's HISLINK_LIBRARY is the .so
 *   contract --loop seal|open|both COUNT [LIBRARY]   nothing but calls, for a profiler
 *
 * Ends with 1 where a check before the timing fails. A limit that is missed is printed as MISS and fails nothing.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sections.h"

void verdict(const char *what, double value, const char *unit, const char *limit, double most, double least) {
    const char *word = value <= most && value >= least ? "ok" : "MISS";
    printf("  %-44s %8.2f %-4s %-22s %s\n", what, value, unit, limit, word);
    fflush(stdout);
}

static const char *library_path(const char *given) {
    const char *path = given != NULL ? given : getenv("HISLINK_LIBRARY");
    return path != NULL ? path : "target/release/libhislink.so";
}

/* Loading comes first: its children are started while this process is still small. */
static const struct section {
    const char *name;
    void (*measure)(const struct plan *plan);
} SECTIONS[] = {{"load", measure_load},
                {"seal", measure_seal_and_open},
                {"buffer", measure_caller_buffer},
                {"log", measure_logging},
                {"memory", measure_memory},
                {"transact", measure_transact},
                {"journal", measure_journal},
                {"desks", measure_desks},
                {"glory", measure_glory}};

static void measure(const struct plan *plan, const char *only) {
    for (size_t n = 0; n < sizeof SECTIONS / sizeof *SECTIONS; n++) {
        if (only == NULL || strcmp(only, SECTIONS[n].name) == 0) SECTIONS[n].measure(plan);
    }
}

int main(int count, char **words) {
    struct plan plan = {NULL, 41, 1000000, 20000, 2000, 5, 10, 21, 1000000, 100000, 1000000, 300};
    const char *path = NULL, *looped = NULL, *only = NULL;
    long loops = 0;
    for (int n = 1; n < count; n++) {
        if (strcmp(words[n], "--quick") == 0) {
            plan = (struct plan){NULL, 9, 100000, 4000, 300, 1, 3, 7, 20000, 10000, 20000, 50};
        } else if (strcmp(words[n], "--only") == 0 && n + 1 < count) {
            only = words[++n];
        } else if (strcmp(words[n], "--loop") == 0 && n + 2 < count) {
            looped = words[++n];
            loops = atol(words[++n]);
        } else if (strcmp(words[n], "--load-child") == 0 && n + 1 < count) {
            return load_child(words[n + 1]);
        } else {
            path = words[n];
        }
    }
    struct library library;
    library_load(&library, library_path(path));
    plan.library = &library;
    configure(&library);
    check_seal_and_open(&library);
    if (looped != NULL) {
        loop(looped, loops);
    } else {
        printf("hislink %s, %s\n", library.version(), library.path);
        measure(&plan, only);
    }
    library.shutdown();
    return 0;
}

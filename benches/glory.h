/* What the parts of the glory section share. */
#ifndef BENCH_GLORY_H
#define BENCH_GLORY_H

#include "sections.h"

/* Requests of these parts name their own profile. */
#define GLORY_PROFILE "\"profile\":\"glory\""

struct glory {
    const struct plan *plan;
    const struct library *library;
    /* The sandbox's address, and the library's store. */
    char *url, *store;
    const char *folder;
    /* Lookup requests for cards of the roster, taken while it is synced. */
    char **lookups;
    size_t lookup_count;
};

/* Signs a body by the library, for libcurl to send. */
struct signature {
    char *sid, *timestamp, *sign;
};
struct signature glory_signature(const struct library *library, const char *body);
void signature_free(struct signature *signature);

void measure_sync(struct glory *glory);
void measure_lookup(const struct glory *glory);
void measure_sign(const struct glory *glory);
void measure_check(const struct glory *glory);

#endif

/* What the journal adds to a recharge, against two durable commits of the same rows by plain SQLite. The platform is the
 * loopback server, over a kept connection. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>

#include "booking.h"
#include "clock.h"
#include "loopback_server.h"
#include "platform_answer.h"
#include "scratch.h"
#include "sections.h"
#include "sqlite_journal.h"

enum { WARM = 20, SIDES = 3 };

struct journal {
    const struct library *library;
    /* The number in the latest order. */
    long number;
};

/* A number as order_no makes them, of the same length and ascending. */
static char *next_number(struct journal *journal) {
    return text_of("OC20261121%022ld", ++journal->number);
}

static double recharge(struct journal *journal, const char *profile) {
    char *number = next_number(journal);
    double ns = book(journal->library, profile, number);
    free(number);
    return ns;
}

static double commit_twice(struct journal *journal) {
    char *number = next_number(journal);
    double ns = sqlite_journal_book(number);
    free(number);
    return ns;
}

static double run_side(struct journal *journal, int side) {
    return side == 0 ? recharge(journal, "journal") : side == 1 ? recharge(journal, "none") : commit_twice(journal);
}

static void report(double *times[SIDES], size_t count) {
    static const char *const NAMES[SIDES] = {"recharge with the journal on SQLite", "recharge with store none",
                                             "INSERT and UPDATE by plain SQLite"};
    static const double SHARES[] = {0.5, 0.99};
    double figures[SIDES][2];
    printf("\nJOURNAL: %zu each, in turns, synchronous FULL                  p50        p99\n", count);
    for (int side = 0; side < SIDES; side++) {
        for (int n = 0; n < 2; n++) figures[side][n] = percentile(times[side], count, SHARES[n]);
        printf("  %-44s %12.1f us %7.1f us\n", NAMES[side], figures[side][0] / 1e3, figures[side][1] / 1e3);
    }
    for (int n = 0; n < 2; n++) {
        double added = figures[0][n] - figures[1][n];
        verdict(n == 0 ? "what the journal adds at p50, in two commits" : "what it adds at p99, in two commits",
                added / figures[2][n], "x", "at most 1.5", 1.5, -1e99);
    }
}

void measure_journal(const struct plan *plan) {
    struct journal journal = {plan->library, 0};
    size_t count = (size_t)plan->bookings;
    const char *folder = scratch_open();
    char *answer = sealed_answer(plan->library, BOOKED_PARAM);
    char *store = text_of("%s/journal.db", folder), *plain = text_of("%s/plain-journal.db", folder);
    char *setting = text_of("sqlite:%s", store);
    int port = server_start(answer);
    make_booking_profile(plan->library, "journal", port, setting);
    make_booking_profile(plan->library, "none", port, "none");
    /* One entry is the pattern of plain SQLite's rows, which needs the file closed. */
    recharge(&journal, "journal");
    plan->library->shutdown();
    sqlite_journal_open(plain, store);

    double *times[SIDES];
    for (int side = 0; side < SIDES; side++) {
        if ((times[side] = calloc(count, sizeof(double))) == NULL) fail("no memory", NULL);
    }
    for (size_t n = 0; n < WARM + count; n++) {
        /* Each side comes first, second and third in turn: a commit may wait for what the one before it left behind. */
        for (int turn = 0; turn < SIDES; turn++) {
            int side = (int)((n + (size_t)turn) % SIDES);
            double ns = run_side(&journal, side);
            if (n >= WARM) times[side][n - WARM] = ns;
        }
    }
    if (sqlite_journal_rows() != (long)(WARM + count)) fail("plain SQLite", "rows are missing");
    report(times, count);
    sqlite_journal_close();
    plan->library->shutdown();
    for (int side = 0; side < SIDES; side++) free(times[side]);
    char *texts[] = {answer, store, plain, setting};
    for (size_t n = 0; n < sizeof texts / sizeof *texts; n++) free(texts[n]);
}

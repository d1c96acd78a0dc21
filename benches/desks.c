/* Many desks on one journal: how many recharges a second 64 threads book on one PostgreSQL store, against the rate at which
 * pgbench brings the same rows into the same table by the same two statements.
 *
 * The environment's HISLINK_BENCH_POSTGRES is the server's URL (benches/postgres.sh starts one); without it the section
 * is left out.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "booking.h"
#include "clock.h"
#include "loopback_server.h"
#include "platform_answer.h"
#include "sections.h"

enum { DESKS = 64, MOST_TURNS = 8 };

static const double NS = 1e9;

struct desk {
    const struct library *library;
    const char *profile;
    /* Tells its orders from those of other desks and runs. */
    char prefix[16];
    double until;
    long booked;
};

static void *serve_patients(void *given) {
    struct desk *desk = given;
    for (; now_ns() < desk->until; desk->booked++) {
        char *number = text_of("%s%018ld", desk->prefix, desk->booked);
        book(desk->library, desk->profile, number);
        free(number);
    }
    return NULL;
}

/* Bookings a second by all desks. */
static double rate(const struct library *library, const char *profile, int seconds) {
    static int runs;
    struct desk desks[DESKS];
    pthread_t threads[DESKS];
    double start = now_ns();
    long booked = 0;
    runs++;
    for (int n = 0; n < DESKS; n++) {
        desks[n] = (struct desk){library, profile, "", start + seconds * NS, 0};
        snprintf(desks[n].prefix, sizeof desks[n].prefix, "OC%010d%02d", runs, n);
        if (pthread_create(&threads[n], NULL, serve_patients, &desks[n]) != 0) fail("no thread", NULL);
    }
    for (int n = 0; n < DESKS; n++) {
        pthread_join(threads[n], NULL);
        booked += desks[n].booked;
    }
    return (double)booked / ((now_ns() - start) / NS);
}

static double pgbench_rate(const char *url, int seconds) {
    char *command = text_of("benches/pgbench_rate.sh '%s' %d %d", url, DESKS, seconds);
    FILE *answer = popen(command, "r");
    double tps = 0;
    if (answer == NULL || fscanf(answer, "%lf", &tps) != 1 || pclose(answer) != 0) fail("pgbench", command);
    free(command);
    return tps;
}

static void report(double *without, double *with, double *pgbench, size_t turns) {
    double plain = median(without, turns), journalled = median(with, turns), yardstick = median(pgbench, turns);
    printf("  %-44s %8.0f a second\n", "recharges with store none", plain);
    printf("  %-44s %8.0f a second\n", "recharges with the journal on PostgreSQL", journalled);
    printf("  %-44s %8.0f a second\n", "pgbench: INSERT, commit, UPDATE, commit", yardstick);
    verdict("journalled recharges, of pgbench's rate", journalled / yardstick, "x", "at least 0.6", 1e99, 0.6);
    /* Both share two cores, so their times add up. */
    double journal = 1 / (1 / journalled - 1 / plain);
    verdict("the same without the HTTP part's time", journal / yardstick, "x", "at least 0.6", 1e99, 0.6);
}

void measure_desks(const struct plan *plan) {
    const struct library *library = plan->library;
    const char *url = getenv("HISLINK_BENCH_POSTGRES");
    printf("\nDESKS: %d threads on one PostgreSQL store, %d times %d s each, in turns\n", DESKS, plan->desk_turns,
           plan->desk_seconds);
    if (url == NULL) {
        printf("  left out: there are no server programs of PostgreSQL\n");
        return;
    }
    char *answer = sealed_answer(library, BOOKED_PARAM);
    int port = server_start(answer);
    make_booking_profile(library, "none", port, "none");
    make_booking_profile(library, "desks", port, url);
    /* One desk alone makes the tables. */
    book(library, "desks", "OC20261121");
    rate(library, "desks", 1);
    double without[MOST_TURNS], with[MOST_TURNS], pgbench[MOST_TURNS];
    for (int n = 0; n < plan->desk_turns; n++) {
        without[n] = rate(library, "none", plan->desk_seconds);
        with[n] = rate(library, "desks", plan->desk_seconds);
        pgbench[n] = pgbench_rate(url, plan->desk_seconds);
    }
    report(without, with, pgbench, (size_t)plan->desk_turns);
    library->shutdown();
    free(answer);
}

/* What the log costs at `info`: the same calls with no log, at `off`, and with both lines written, in turns. Counted in this
 * thread's processor time, the system's own work included: nothing in these calls waits, and what other programs take of the
 * machine is not the log's. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "charge.h"
#include "clock.h"
#include "scratch.h"
#include "sections.h"

/* Profiles' names of one length, so that the requests are alike. */
#define NONE "log-a"
#define OFF "log-b"
#define INFO "log-c"

/* `tag` and order number make the lines as long as a cashier's. */
#define SEAL(profile) \
    "{\"profile\":\"" profile "\",\"tag\":\"desk 3\",\"transType\":\"" CHARGE_TYPE "\",\"timestamp\":\"" CHARGE_TIME \
    "\",\"param\":" CHARGE_PARAM "}"
#define SIGN(profile) "{\"profile\":\"" profile "\",\"tag\":\"desk 3\",\"message\":" CHARGE_PRINTED "}"

/* A batch takes about 10 ms. */
enum { MOST_LOG_ROUNDS = 64, BATCH = 2000, PAGE = 4096 };

static const struct library *library;
static int plain_file;
static char plain_line[] =
    "2026-11-25 23:10:01.123 INFO  12345.1 1234567 < onepay_seal tag=\"desk 3\" outChargeNo=OC12260001 "
    "service=op.trade.charge status=succeeded code=OK ms=0\n";

static void seal(const void *request) { library->free(library->seal(request)); }
static void sign(const void *request) { library->free(library->sign(request)); }
static void two_writes(const void *line) {
    for (int n = 0; n < 2; n++) {
        if (write(plain_file, line, sizeof plain_line - 1) < 0) fail("write", line);
    }
}

/* A copy within one page of memory: of a text that crosses into another the library asks the system whether that is there,
 * which takes longer than the log does. */
static const char *within_a_page(const char *text) {
    static char pages[8][PAGE] __attribute__((aligned(PAGE)));
    static int used;
    if (strlen(text) >= PAGE || used == 8) fail("no page for", text);
    return strcpy(pages[used++], text);
}

static void configure_one(const char *profile, const char *log) {
    char *request = text_of("{\"profile\":\"%s\",\"onepay\":{\"url\":\"http://127.0.0.1:9/\"," IDENTITY "}%s}", profile, log);
    library->free(succeeded("configure", library->configure(request)));
    free(request);
}

struct way {
    const char *name;
    void (*run)(const void *input);
    const void *input;
    double rounds[MOST_LOG_ROUNDS];
};

static double processor_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double batch_us(const struct way *way) {
    double start = processor_ns();
    for (int n = 0; n < BATCH; n++) way->run(way->input);
    return (processor_ns() - start) / BATCH / 1e3;
}

void measure_logging(const struct plan *plan) {
    library = plan->library;
    char *log = text_of(",\"log\":{\"dir\":\"%s/log\",\"level\":\"info\"}", scratch_open());
    char *plain = text_of("%s/plain.log", scratch_open());
    configure_one(NONE, "");
    configure_one(OFF, ",\"log\":{\"level\":\"off\"}");
    configure_one(INFO, log);
    plain_file = open(plain, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (plain_file < 0) fail("open", plain);
    static struct way ways[] = {{"onepay_seal, no log", seal, SEAL(NONE), {0}},
                                {"onepay_seal, log off", seal, SEAL(OFF), {0}},
                                {"onepay_seal, log at info", seal, SEAL(INFO), {0}},
                                {"onepay_sign, no log", sign, SIGN(NONE), {0}},
                                {"onepay_sign, log off", sign, SIGN(OFF), {0}},
                                {"onepay_sign, log at info", sign, SIGN(INFO), {0}},
                                {"two bare writes of such a line", two_writes, plain_line, {0}}};
    enum { WAYS = sizeof ways / sizeof *ways };
    double p50[WAYS];
    for (int n = 0; n < WAYS; n++) ways[n].input = within_a_page(ways[n].input);
    for (int n = 0; n < 6; n++) library->free(succeeded(ways[n].name, (n < 3 ? library->seal : library->sign)(ways[n].input)));
    int rounds = plan->rounds < MOST_LOG_ROUNDS ? plan->rounds : MOST_LOG_ROUNDS;
    for (int round = 0; round < rounds; round++) {
        for (int n = 0; n < WAYS; n++) ways[n].rounds[round] = batch_us(&ways[n]);
    }
    printf("\nLOG: the document's charge, sealed and signed, without a log and with two lines each, in processor time\n");
    for (int n = 0; n < WAYS; n++) {
        p50[n] = median(ways[n].rounds, (size_t)rounds);
        printf("  %-44s %8.2f us, best %.2f us\n", ways[n].name, p50[n], ways[n].rounds[0]);
    }
    verdict("what off adds to a seal", p50[1] - p50[0], "us", "at most 0.2", 0.2, -1e99);
    verdict("what info adds to a seal", p50[2] - p50[0], "us", "at most 5", 5, -1e99);
    verdict("what off adds to a sign", p50[4] - p50[3], "us", "at most 0.2", 0.2, -1e99);
    verdict("what info adds to a sign", p50[5] - p50[3], "us", "at most 5", 5, -1e99);
    close(plain_file);
    free(log);
    free(plain);
}

/* What the log costs at `info`: the same calls with no log, at `off`, and with both lines written. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "charge.h"
#include "race.h"
#include "scratch.h"
#include "sections.h"

/* `tag` and order number make the lines as long as a cashier's. */
#define SEAL(profile) \
    "{\"profile\":\"" profile "\",\"tag\":\"desk 3\",\"transType\":\"" CHARGE_TYPE "\",\"timestamp\":\"" CHARGE_TIME \
    "\",\"param\":" CHARGE_PARAM "}"
#define SIGN(profile) "{\"profile\":\"" profile "\",\"tag\":\"desk 3\",\"message\":" CHARGE_PRINTED "}"

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

static void configure_one(const char *profile, const char *log) {
    char *request = text_of("{\"profile\":\"%s\",\"onepay\":{\"url\":\"http://127.0.0.1:9/\"," IDENTITY "}%s}", profile, log);
    library->free(succeeded("configure", library->configure(request)));
    free(request);
}

void measure_logging(const struct plan *plan) {
    library = plan->library;
    char *log = text_of(",\"log\":{\"dir\":\"%s/log\",\"level\":\"info\"}", scratch_open());
    char *plain = text_of("%s/plain.log", scratch_open());
    configure_one("none", "");
    configure_one("off", ",\"log\":{\"level\":\"off\"}");
    configure_one("info", log);
    plain_file = open(plain, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (plain_file < 0) fail("open", plain);
    struct contender ways[] = {{.name = "onepay_seal, no log", .run = seal, .input = SEAL("none")},
                               {.name = "onepay_seal, log off", .run = seal, .input = SEAL("off")},
                               {.name = "onepay_seal, log at info", .run = seal, .input = SEAL("info")},
                               {.name = "onepay_sign, no log", .run = sign, .input = SIGN("none")},
                               {.name = "onepay_sign, log off", .run = sign, .input = SIGN("off")},
                               {.name = "onepay_sign, log at info", .run = sign, .input = SIGN("info")},
                               {.name = "two bare writes of such a line", .run = two_writes, .input = plain_line}};
    enum { WAYS = sizeof ways / sizeof *ways };
    for (int n = 0; n < 6; n++) library->free(succeeded(ways[n].name, (n < 3 ? library->seal : library->sign)(ways[n].input)));
    race(ways, WAYS, plan->rounds);
    printf("\nLOG: the document's charge, sealed and signed, without a log and with two lines each\n");
    for (int n = 0; n < WAYS; n++) printf("  %-44s %8.2f us, best %.2f us\n", ways[n].name, ways[n].ns / 1e3, ways[n].best_ns / 1e3);
    for (int n = 0; n < 6; n += 3) {
        verdict("the same at off", (ways[n + 1].ns - ways[n].ns) / 1e3, "us", "at most 0.2 more", 0.2, -1e99);
        verdict("the same at info", (ways[n + 2].ns - ways[n].ns) / 1e3, "us", "at most 5 more", 5, -1e99);
    }
    close(plain_file);
    free(log);
    free(plain);
}

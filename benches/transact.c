/* A whole transaction, against a plain libcurl POST of the same body to the same server over a kept connection. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charge.h"
#include "clock.h"
#include "curl_side.h"
#include "loopback_server.h"
#include "platform_answer.h"
#include "sections.h"

#define ANSWER_PARAM "{\"channel\":\"WX_QR\",\"chargeNo\":\"201612260931476856\",\"outChargeNo\":\"OC12260001\"}"
/* So many requests of one side, then of the other. */
enum { TURN = 100 };

static const char REQUEST[] = "{\"transType\":\"" CHARGE_TYPE "\",\"param\":" CHARGE_PARAM "}";

static void point_at(const struct library *library, int port) {
    char *request = text_of("{\"onepay\":{\"url\":\"http://127.0.0.1:%d/onepay\"," IDENTITY "}}", port);
    library->free(succeeded("configure", library->configure(request)));
    free(request);
}

static double by_library(const struct library *library) {
    double start = now_ns();
    char *reply = library->transact(REQUEST);
    double ns = now_ns() - start;
    library->free(succeeded("onepay_transact", reply));
    return ns;
}

static double by_curl(struct poster *poster, const char *body, const char *expected) {
    double ns = poster_send(poster, body);
    if (strcmp(poster->text, expected) != 0) fail("libcurl POST", poster->text);
    return ns;
}

static void report(double *ours, double *curls, size_t count) {
    double our_50 = percentile(ours, count, 0.5), our_99 = percentile(ours, count, 0.99);
    double curl_50 = percentile(curls, count, 0.5), curl_99 = percentile(curls, count, 0.99);
    printf("\nTRANSACT: %zu each, kept connection on the loopback            p50        p99\n", count);
    printf("  %-44s %12.1f us %7.1f us\n", "hislink_onepay_transact", our_50 / 1e3, our_99 / 1e3);
    printf("  %-44s %12.1f us %7.1f us\n", "libcurl POST of the sealed body", curl_50 / 1e3, curl_99 / 1e3);
    verdict("difference at p50", (our_50 - curl_50) / 1e3, "us", "at most 60", 60, -1e99);
    verdict("difference at p99", (our_99 - curl_99) / 1e3, "us", "at most 60", 60, -1e99);
}

void measure_transact(const struct plan *plan) {
    const struct library *library = plan->library;
    size_t count = (size_t)plan->transactions / TURN * TURN;
    double *ours = calloc(count, sizeof *ours), *curls = calloc(count, sizeof *curls);
    if (ours == NULL || curls == NULL) fail("no memory", NULL);
    char *answer = sealed_answer(library, ANSWER_PARAM);
    int port = server_start(answer);
    point_at(library, port);

    char *sealed = succeeded("onepay_seal", library->seal(REQUEST));
    char *body = json_after(sealed, "message");
    library->free(sealed);
    char *url = text_of("http://127.0.0.1:%d/onepay", port);
    struct poster poster;
    poster_open(&poster, url);

    for (int warm = 0; warm < TURN; warm++) {
        by_library(library);
        by_curl(&poster, body, answer);
    }
    poster_check_kept(&poster);
    for (size_t done = 0; done < count; done += TURN) {
        for (size_t n = 0; n < TURN; n++) ours[done + n] = by_library(library);
        for (size_t n = 0; n < TURN; n++) curls[done + n] = by_curl(&poster, body, answer);
    }
    report(ours, curls, count);
    poster_close(&poster);
    free(url);
    free(body);
    free(answer);
    free(ours);
    free(curls);
}

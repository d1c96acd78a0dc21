/* /deductCheck over a large ledger: through glory_check, and over HTTP by the library's own listener. */
#define _POSIX_C_SOURCE 200809L
#include "glory_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "curl_side.h"
#include "sandbox_child.h"

char *question(long day, long back) {
    /* 2024-01-01, whatever the time zone: only the date is looked at. */
    time_t noon = 1704110400 + (time_t)day * 86400;
    char date[16];
    strftime(date, sizeof date, "%Y-%m-%d", gmtime(&noon));
    long second = 59 - back % 60, minute = 59 - back / 60;
    return text_of("{\"orgCode\":\"" GLORY_ORG_CODE "\",\"deductTimeStart\":\"%s 00:00:00\",\"deductionTimeEnd\":"
                   "\"%s 23:%02ld:%02ld\"}",
                   date, date, minute, second);
}

char *check_request(const struct library *library, const char *body) {
    struct signature signature = glory_signature(library, body);
    char *escaped = json_escaped(body);
    char *request =
        text_of("{" GLORY_PROFILE ",\"headers\":{\"sid\":\"%s\",\"timestamp\":\"%s\",\"sign\":\"%s\"},\"body\":\"%s\"}",
                signature.sid, signature.timestamp, signature.sign, escaped);
    free(escaped);
    signature_free(&signature);
    return request;
}

size_t answered_rows(const char *text) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "\"deductionID\":")) != NULL; at++) count++;
    return count;
}

static void check_rows(const char *text) {
    if (answered_rows(text) != A_DAY) fail("the answer does not hold the day's deductions", text);
}

static double by_library(const struct library *library, const char *body) {
    char *request = check_request(library, body);
    double start = now_ns();
    char *reply = library->glory_check(request);
    double ns = now_ns() - start;
    check_rows(succeeded("glory_check", reply));
    library->free(reply);
    free(request);
    return ns;
}

static double by_listener(const struct library *library, struct poster *poster, const char *body) {
    struct signature signature = glory_signature(library, body);
    poster_sign(poster, signature.sid, signature.timestamp, signature.sign);
    double ns = poster_send(poster, body);
    check_rows(poster->text);
    signature_free(&signature);
    return ns;
}

static void report(const char *what, double *times, size_t count) {
    printf("  %s\n", what);
    printf("  %-44s %8.2f ms\n", "  median", percentile(times, count, 0.5) / 1e6);
    verdict("  99th percentile", percentile(times, count, 0.99) / 1e6, "ms", "below 20", 20, 0);
}

void measure_check(const struct glory *glory) {
    size_t count = (size_t)glory->plan->checks;
    double *direct = calloc(count, sizeof *direct), *served = calloc(count, sizeof *served);
    if (direct == NULL || served == NULL) fail("no memory", NULL);
    const struct library *library = glory->library;
    char *reply = succeeded("glory_listen", library->glory_listen("{" GLORY_PROFILE ",\"bind\":\"127.0.0.1:0\"}"));
    char *address = json_after(reply, "address"), *url = text_of("http://%s/deductCheck", address);
    library->free(reply);
    struct poster poster;
    poster_open(&poster, url);
    long days = glory->plan->deductions / A_DAY;
    for (size_t n = 0; n < count; n++) {
        char *bodies[] = {question((long)n * 7 % days, (long)n), question((long)n * 11 % days, (long)(count + n))};
        direct[n] = by_library(library, bodies[0]);
        served[n] = by_listener(library, &poster, bodies[1]);
        free(bodies[0]);
        free(bodies[1]);
    }
    library->free(succeeded("glory_unlisten", library->glory_unlisten("{" GLORY_PROFILE "}")));
    printf("\nDEDUCTCHECK: %zu each, a day of %d in a ledger of %ld\n", count, A_DAY, glory->plan->deductions);
    report("hislink_glory_check", direct, count);
    report("POST to the library's own listener, a connection each", served, count);
    poster_close(&poster);
    free(address);
    free(url);
    free(direct);
    free(served);
}

/* Signing an answer of 500 deductions, body to sign, against the bare MD5 and HMAC-SHA256 of its signing text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glory_check.h"
#include "openssl_side.h"
#include "race.h"
#include "sandbox_child.h"

#define TIMESTAMP "20261121100000"

enum { ROWS = 500 };

struct text {
    const char *at;
    size_t length;
};

static const struct library *library;
static char sign[65];

static void library_sign(const void *request) {
    library->free(library->glory_sign(request));
}

static void openssl_sign(const void *given) {
    const struct text *text = given;
    openssl_glory_sign(text->at, text->length, sign);
}

/* The library's answer for the first half of a day. */
static char *answer_body(void) {
    char *whole_day = question(1, 0), *noon = strstr(whole_day, " 23:59:59");
    memcpy(noon, " 11:06:39", 9);
    char *request = check_request(library, whole_day);
    char *reply = succeeded("glory_check", library->glory_check(request));
    char *body = json_after(reply, "body");
    if (answered_rows(body) != ROWS) fail("an answer of other than 500 deductions", body);
    library->free(reply);
    free(request);
    free(whole_day);
    return body;
}

/* The text that was signed, after OpenSSL came to the same sign of it. */
static char *signing_text(const char *request) {
    char *reply = succeeded("glory_sign", library->glory_sign(request));
    char *shown = json_after(reply, "text"), *expected = json_after(reply, "sign");
    char *text = text_of("%s&key=" GLORY_KEY "&timestamp=" TIMESTAMP, shown);
    openssl_glory_sign(text, strlen(text), sign);
    if (strcmp(sign, expected) != 0) fail("glory_sign", "the library and OpenSSL differ");
    library->free(reply);
    free(shown);
    free(expected);
    return text;
}

void measure_sign(const struct glory *glory) {
    library = glory->library;
    openssl_glory_prepare(GLORY_KEY);
    char *body = answer_body();
    char *request = text_of("{" GLORY_PROFILE ",\"timestamp\":\"" TIMESTAMP "\",\"body\":%s}", body);
    char *text = signing_text(request);
    struct text signing = {text, strlen(text)};
    struct contender signs[] = {{.name = "hislink_glory_sign, body to sign", .run = library_sign, .input = request},
                                {.name = "OpenSSL MD5 and HMAC of its text", .run = openssl_sign, .input = &signing}};
    race(signs, 2, glory->plan->rounds);
    printf("\nSIGN: an answer of %d deductions, %zu KiB of signing text    median %14s\n", ROWS, signing.length / 1024,
           "best round");
    for (int n = 0; n < 2; n++) {
        printf("  %-44s %8.2f us %10.2f us\n", signs[n].name, signs[n].ns / 1e3, signs[n].best_ns / 1e3);
    }
    verdict("against the bare digests", signs[0].ns / signs[1].ns, "x", "at most 3", 3, 0);
    free(text);
    free(request);
    free(body);
}

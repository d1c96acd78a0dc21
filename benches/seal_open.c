/* Sealing and opening, text to text, against the bare OpenSSL calls for the same bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charge.h"
#include "openssl_side.h"
#include "race.h"
#include "sections.h"

/* What the platform's Java kit does of such charges in a second. */
static const double JAVA_SEALS = 30000, JAVA_OPENS = 27000;

static const char SEAL_REQUEST[] =
    "{\"transType\":\"" CHARGE_TYPE "\",\"timestamp\":\"" CHARGE_TIME "\",\"param\":" CHARGE_PARAM "}";
static const char ANSWER_REQUEST[] = "{\"message\":" ANSWER_MESSAGE "}";

static const struct sealing CHARGE_SEALING = {
    CHARGE_SIGNING_TEXT, CHARGE_PARAM, sizeof CHARGE_SIGNING_TEXT - 1, sizeof CHARGE_PARAM - 1};
static const struct opening ANSWER_OPENING = {
    ANSWER_SIGNING_TEXT, ANSWER_DATA, ANSWER_SIGN, sizeof ANSWER_SIGNING_TEXT - 1, sizeof ANSWER_DATA - 1};

static const struct library *library;
static struct opening charge_opening;
static char *charge_request, *charge_text_request;

static struct sealed sealed_out;
static struct opened opened_out;

static void library_seal(const void *request) {
    library->free(library->seal(request));
}
static void library_open(const void *request) {
    library->free(library->open(request));
}
static void seal_ordinary(const void *in) {
    openssl_seal_ordinary(in, &sealed_out);
}
static void seal_reused(const void *in) {
    openssl_seal_reused(in, &sealed_out);
}
static void open_ordinary(const void *in) {
    openssl_open_ordinary(in, &opened_out);
}
static void open_reused(const void *in) {
    openssl_open_reused(in, &opened_out);
}

static void check_same(const char *what, const char *ours, const char *openssl) {
    if (strcmp(ours, openssl) != 0) fail(what, "the library and OpenSSL differ");
}

void configure(const struct library *used) {
    char *reply = used->configure("{\"onepay\":{\"url\":\"http://127.0.0.1:9/\"," IDENTITY "}}");
    used->free(succeeded("configure", reply));
}

static void check_printed_sign(void) {
    char *reply = succeeded("onepay_sign", library->sign("{\"message\":" CHARGE_PRINTED "}"));
    char *sign = json_after(reply, "sign");
    check_same("the sign that the document prints", sign, CHARGE_PRINTED_SIGN);
    free(sign);
    library->free(reply);
}

/* Both sides' sign and ciphertext are the same bytes. The sealed message stays for opening. */
static void check_seal(void) {
    char *reply = succeeded("onepay_seal", library->seal(SEAL_REQUEST));
    char *message = json_after(reply, "message");
    char *sign = json_after(reply, "sign"), *data = json_after(reply, "encryptData");
    openssl_seal_ordinary(&CHARGE_SEALING, &sealed_out);
    check_same("sign", sign, sealed_out.sign);
    check_same("encryptData", data, sealed_out.data);
    memset(&sealed_out, 0, sizeof sealed_out);
    openssl_seal_reused(&CHARGE_SEALING, &sealed_out);
    check_same("sign, reused", sign, sealed_out.sign);
    check_same("encryptData, reused", data, sealed_out.data);
    char *escaped = json_escaped(message);
    charge_request = text_of("{\"message\":%s}", message);
    charge_text_request = text_of("{\"message\":\"%s\"}", escaped);
    charge_opening = (struct opening){CHARGE_SIGNING_TEXT, data, sign, sizeof CHARGE_SIGNING_TEXT - 1, strlen(data)};
    free(escaped);
    free(message);
    library->free(reply);
}

static void check_opened(const char *what, const char *request, const struct opening *in) {
    char *reply = succeeded(what, library->open(request));
    if (strstr(reply, "\"verified\":true") == NULL) fail(what, "not verified");
    char *param = json_after(reply, "param");
    for (int reused = 0; reused < 2; reused++) {
        memset(&opened_out, 0, sizeof opened_out);
        (reused ? openssl_open_reused : openssl_open_ordinary)(in, &opened_out);
        if (!opened_out.verified) fail(what, "the signing text here is not the one that was signed");
        opened_out.plain[opened_out.length] = '\0';
        check_same(what, param, (const char *)opened_out.plain);
    }
    free(param);
    library->free(reply);
}

void check_seal_and_open(const struct library *used) {
    library = used;
    openssl_prepare();
    check_printed_sign();
    check_seal();
    check_opened("open of the sealed charge", charge_request, &charge_opening);
    check_opened("open of the sealed charge as text", charge_text_request, &charge_opening);
    check_opened("open of the answer", ANSWER_REQUEST, &ANSWER_OPENING);
}

static void report(const char *title, const struct contender *racers, int count, double java) {
    printf("\n%-56s median %23s\n", title, "best round");
    for (int n = 0; n < count; n++) {
        const struct contender *one = &racers[n];
        printf("  %-44s %8.2f us %10.0f /s %8.2f us\n", one->name, one->ns / 1e3, 1e9 / one->ns, one->best_ns / 1e3);
    }
    int first_openssl = count - 2;
    for (int n = 0; n < first_openssl; n++) {
        printf("  %s\n", racers[n].name);
        verdict("  against OpenSSL as a host writes it", racers[n].ns / racers[count - 2].ns, "x", "at most 3", 3, 0);
        verdict("  against OpenSSL with all reused", racers[n].ns / racers[count - 1].ns, "x", "at most 3", 3, 0);
        if (java > 0) verdict("  against the Java kit", 1e9 / racers[n].ns / java, "x", "at least 10", 1e99, 10);
    }
}

void measure_seal_and_open(const struct plan *plan) {
    struct contender seals[] = {
        {.name = "hislink_onepay_seal", .run = library_seal, .input = SEAL_REQUEST},
        {.name = "OpenSSL, as a host writes it", .run = seal_ordinary, .input = &CHARGE_SEALING},
        {.name = "OpenSSL, all reused", .run = seal_reused, .input = &CHARGE_SEALING}};
    race(seals, 3, plan->rounds);
    report("SEAL: the document's charge, MD5 and AES, text to text", seals, 3, JAVA_SEALS);

    struct contender opens[] = {
        {.name = "hislink_onepay_open, message an object", .run = library_open, .input = charge_request},
        {.name = "hislink_onepay_open, message a text", .run = library_open, .input = charge_text_request},
        {.name = "OpenSSL, as a host writes it", .run = open_ordinary, .input = &charge_opening},
        {.name = "OpenSSL, all reused", .run = open_reused, .input = &charge_opening}};
    race(opens, 4, plan->rounds);
    report("OPEN: the sealed charge, as a notification comes", opens, 4, JAVA_OPENS);

    struct contender answers[] = {
        {.name = "hislink_onepay_open", .run = library_open, .input = ANSWER_REQUEST},
        {.name = "OpenSSL, as a host writes it", .run = open_ordinary, .input = &ANSWER_OPENING},
        {.name = "OpenSSL, all reused", .run = open_reused, .input = &ANSWER_OPENING}};
    race(answers, 3, plan->rounds);
    /* The kit was measured on charges; the answer is much shorter, so the kit is left out here. */
    report("OPEN: the document's answer to the charge", answers, 3, 0);
}

void loop(const char *what, long count) {
    int seals = strcmp(what, "open") != 0, opens = strcmp(what, "seal") != 0;
    for (long n = 0; n < count; n++) {
        if (seals) library_seal(SEAL_REQUEST);
        if (opens) library_open(charge_request);
    }
}

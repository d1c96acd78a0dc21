/* What GBK and UTF-16 into the caller's buffer cost over UTF-8 in allocated memory, for the document's charge. */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charge.h"
#include "race.h"
#include "sections.h"

enum { ROOM = 8192 };

static const char SEAL_REQUEST[] =
    "{\"transType\":\"" CHARGE_TYPE "\",\"timestamp\":\"" CHARGE_TIME "\",\"param\":" CHARGE_PARAM "}";

static const struct library *library;
static char request_gbk[ROOM], out[ROOM];
static unsigned short request_utf16[ROOM], name_utf16[32], out_utf16[ROOM];

static void allocated(const void *request) {
    library->free(library->seal(request));
}
static void in_utf8(const void *request) {
    library->call("onepay_seal", request, out, ROOM);
}
static void in_gbk(const void *request) {
    library->call_a("onepay_seal", request, out, ROOM);
}
static void in_utf16(const void *request) {
    library->call_w(name_utf16, request, out_utf16, ROOM);
}

static void convert(const char *to, const char *text, void *converted, size_t room) {
    iconv_t conversion = iconv_open(to, "UTF-8");
    char *from = (char *)text, *into = converted;
    size_t left = strlen(text) + 1;
    if (conversion == (iconv_t)-1 || iconv(conversion, &from, &left, &into, &room) == (size_t)-1) fail(to, "no conversion");
    iconv_close(conversion);
}

/* The ciphertext that each way gives is the same. */
static void check(const void *utf16) {
    char *reply = succeeded("onepay_seal", library->seal(SEAL_REQUEST)), *data = json_after(reply, "encryptData");
    in_utf8(SEAL_REQUEST);
    if (strstr(out, data) == NULL) fail("UTF-8", out);
    in_gbk(request_gbk);
    if (strstr(out, data) == NULL) fail("GBK", out);
    if (library->call_w(name_utf16, utf16, out_utf16, ROOM) != 0) fail("UTF-16", "the call did not succeed");
    for (size_t n = 0; n < ROOM; n++) out[n] = (char)out_utf16[n];
    if (strstr(out, data) == NULL) fail("UTF-16", out);
    free(data);
    library->free(reply);
}

void measure_caller_buffer(const struct plan *plan) {
    library = plan->library;
    convert("GBK", SEAL_REQUEST, request_gbk, sizeof request_gbk);
    convert("UTF-16LE", SEAL_REQUEST, request_utf16, sizeof request_utf16);
    convert("UTF-16LE", "onepay_seal", name_utf16, sizeof name_utf16);
    check(request_utf16);
    struct contender ways[] = {
        {.name = "hislink_onepay_seal, UTF-8, allocated", .run = allocated, .input = SEAL_REQUEST},
        {.name = "hislink_call, UTF-8, into a buffer", .run = in_utf8, .input = SEAL_REQUEST},
        {.name = "hislink_call_a, GBK, into a buffer", .run = in_gbk, .input = request_gbk},
        {.name = "hislink_call_w, UTF-16, into a buffer", .run = in_utf16, .input = request_utf16}};
    race(ways, 4, plan->rounds);
    printf("\nBUFFER: the document's charge, sealed, in each form of text\n");
    for (int n = 0; n < 4; n++) printf("  %-44s %8.2f us, best %.2f us\n", ways[n].name, ways[n].ns / 1e3, ways[n].best_ns / 1e3);
    for (int n = 1; n < 4; n++) verdict(ways[n].name, (ways[n].ns - ways[0].ns) / 1e3, "us", "at most 2 more", 2, -1e99);
}

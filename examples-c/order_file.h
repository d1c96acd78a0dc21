/* A file that holds one order number, on the disk before money moves; and the journal that it is for. A C99 compiler shows fileno and fsync only where
 * _POSIX_C_SOURCE is defined before all includes. */
#ifndef ORDER_FILE_H
#define ORDER_FILE_H

#include "hislink.h"
#include "pause.h"
#include "reply.h"

#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

/* As onepay.settleSeconds in the settings, or longer: so long the platform's "no such order" does not count. */
#ifndef SETTLE_SECONDS
#define SETTLE_SECONDS 10
#endif

/* Reads the number. 0 where there is none, or only a part of one: then this program died while it wrote the file, which
 * is before it called anything. */
static inline int order_file_read(const char *path, char *out, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    char *end = NULL;

    if (file == NULL)
        return 0;
    if (fgets(out, (int)capacity, file) != NULL)
        end = strchr(out, '\n');
    fclose(file);
    if (end == NULL)
        return 0;
    *end = '\0';
    return 1;
}

/* Writes the number. 0 where it is not surely on the disk: nothing may be sent then. */
static inline int order_file_write(const char *path, const char *number)
{
    FILE *file = fopen(path, "wb");
    int written;

    if (file == NULL)
        return 0;
    written = fprintf(file, "%s\n", number) > 0 && fflush(file) == 0;
#ifdef _WIN32
    written = written && _commit(_fileno(file)) == 0;
#else
    written = written && fsync(fileno(file)) == 0;
#endif
    return fclose(file) == 0 && written;
}

/* Without a journal ("store":"none") a call that is repeated would be sent again. */
static inline int has_journal(void)
{
    char *reply = hislink_journal_list("{\"limit\":1}");
    int kept = outcome_of(reply) == SUCCEEDED;

    if (!kept)
        say("journal", reply);
    hislink_free(reply);
    return kept;
}

enum order { NO_NUMBER, NEW_NUMBER, BEGUN_BEFORE };

/* The number in the file; a new one, which is in the file then, where it holds none. */
static inline enum order order_number(const char *path, char *out, size_t capacity)
{
    char *reply;
    int made;

    if (order_file_read(path, out, capacity)) {
        printf("order: %s, begun before\n", out);
        return BEGUN_BEFORE;
    }
    reply = hislink_order_no("{\"prefix\":\"OC\"}");
    made = json_text(reply, "orderNo", out, capacity) > 0;
    hislink_free(reply);
    /* First the number, then the money: a number that is lost after the call would be a recharge that nobody can find. */
    if (!made || !order_file_write(path, out)) {
        fprintf(stderr, "the order number cannot be kept in %s: nothing was sent\n", path);
        return NO_NUMBER;
    }
    printf("order: %s\n", out);
    return NEW_NUMBER;
}

/* Whether the journal surely does not know the number: the run that made it ended before its call, or the store was lost
 * since. Only the platform can tell which. */
static inline int order_is_lost(const char *order_no)
{
    char quoted[160];
    char request[200];
    char *reply;
    int lost;

    if (json_quoted(order_no, quoted, sizeof quoted) < 0)
        return 0;
    snprintf(request, sizeof request, "{\"orderNo\":%s}", quoted);
    reply = hislink_journal_resolve(request);
    lost = outcome_of(reply) == REJECTED && code_is(reply, "BAD_FIELD");
    hislink_free(reply);
    return lost;
}

/* 100 and 100.5 as the platform writes them: 100.00 and 100.50. */
static inline void two_places(const char *amount, char *out, size_t capacity)
{
    const char *point = strchr(amount, '.');
    int whole = point == NULL ? (int)strlen(amount) : (int)(point - amount);
    char places[3] = "00";

    if (point != NULL && point[1] != '\0') {
        places[0] = point[1];
        if (point[2] != '\0')
            places[1] = point[2];
    }
    snprintf(out, capacity, "%.*s.%s", whole, amount, places);
}

/* The trade's state in the answer to a query; "" where that tells nothing. Only a signed answer counts that names this
 * amount, if any ("verified" is there where it is not signed, another code refuses the question). A connection that failed
 * tells of the question. */
static inline void order_state(const char *reply, const char *amount, char *state, int capacity)
{
    char text[64];
    char booked[64];
    char ours[64];

    state[0] = '\0';
    if (hislink_json_get(reply, "/data/verified", text, (int)sizeof text) >= 0
        || hislink_json_get(reply, "/data/respCode", text, (int)sizeof text) < 0
        || (strcmp(text, "000000") != 0 && strcmp(text, "00000") != 0))
        return;
    if (hislink_json_get(reply, "/data/param/chargeAmt", text, (int)sizeof text) > 0) {
        two_places(text, booked, sizeof booked);
        two_places(amount, ours, sizeof ours);
        if (strcmp(booked, ours) != 0)
            return;
    }
    if (hislink_json_get(reply, "/data/param/result", state, capacity) < 0)
        state[0] = '\0';
}

/* What the platform says of an order that the journal does not know. REJECTED: it has none, and still has none a while
 * later, so nothing is on its way; it may be sent. */
static inline enum outcome order_asked(const char *order_no, const char *amount)
{
    char quoted[160];
    char request[200];
    char state[16];
    char *reply;
    int n;

    if (json_quoted(order_no, quoted, sizeof quoted) < 0)
        return UNKNOWN;
    snprintf(request, sizeof request, "{\"orderNo\":%s}", quoted);
    for (n = 0; n < 2; n++) {
        if (n > 0)
            pause_seconds(SETTLE_SECONDS);
        reply = hislink_onepay_query(request);
        say("query", reply);
        order_state(reply, amount, state, (int)sizeof state);
        hislink_free(reply);
        if (strcmp(state, "succ") == 0)
            return SUCCEEDED;
        if (strcmp(state, "fail") == 0 || strcmp(state, "closed") == 0)
            return FAILED;
        if (strcmp(state, "notfound") != 0)
            return UNKNOWN;
    }
    return REJECTED;
}

/* A charge as JSON has it, and its number. */
struct charge {
    char card[128];
    char amount[64];
    char order_no[64];
};

/* Reads a charge, with its number from the file. 1: it may be sent. 0: it ends as *end says; that of an order whose journal was
 * lost is asked of the platform. */
static inline int charge_is_open(const char *order_file, const char *card_typed, const char *amount_typed, struct charge *charge,
    enum outcome *end)
{
    enum order order;

    *end = REJECTED;
    if (json_quoted(card_typed, charge->card, sizeof charge->card) < 0
        || json_quoted(amount_typed, charge->amount, sizeof charge->amount) < 0) {
        fprintf(stderr, "the card number or the amount is too long\n");
        return 0;
    }
    if (!has_journal() || (order = order_number(order_file, charge->order_no, sizeof charge->order_no)) == NO_NUMBER)
        return 0;
    if (order != BEGUN_BEFORE || !order_is_lost(charge->order_no))
        return 1;
    *end = order_asked(charge->order_no, amount_typed);
    return *end == REJECTED;
}

/* Tells the person what became of a recharge, and the system by the number that the program ends with. */
static inline int end_of(enum outcome outcome)
{
    switch (outcome) {
    case SUCCEEDED:
        printf("charged, once\n");
        return 0;
    case FAILED:
        printf("nothing was charged\n");
        return 1;
    case REJECTED:
        return 2;
    default:
        printf("not known yet: start it again with the same arguments\n");
        return 3;
    }
}

#endif

/* The main job: puts money on a patient's account and never loses track of it.
 *
 *   recharge URL [CARD [AMOUNT]]
 *   recharge http://127.0.0.1:18080/onepay-web/oneweb/oneapi 10001 100.00
 *
 * Ends with 0 when the money is on the account, 1 when it surely is not, 2 when the input or the settings are wrong,
 * 3 when the result is still not known: keep the order number then, and query it later.
 */

/* For pause.h; Windows does not look at it. */
#define _POSIX_C_SOURCE 200809L

#include "hislink.h"
#include "pause.h"
#include "reply.h"

/* Yours come from the platform. These are the ones that the document prints, which the sandbox takes. */
#define APP_ID "1A3VL0KVK0000B020A0A0000CC3F48AD"
#define APP_SECRET "1A3VL0KVE0010B010A0A0000277BDC91"

/* How often, and with what pause, to ask about an order that has no end yet. */
#define QUERIES 5
#define PAUSE_SECONDS 2

static enum outcome configure(const char *url)
{
    char quoted[512];
    char request[1024];
    char *reply;
    enum outcome outcome;

    if (json_quoted(url, quoted, sizeof quoted) < 0)
        return REJECTED;
    snprintf(request, sizeof request,
        "{\"onepay\":{\"url\":%s,\"appId\":\"" APP_ID "\",\"appSecret\":\"" APP_SECRET "\"},"
        "\"http\":{\"connectTimeoutMs\":5000,\"timeoutMs\":30000}}",
        quoted);
    reply = hislink_configure(request);
    outcome = outcome_of(reply);
    if (outcome != SUCCEEDED)
        tell("configure", reply);
    hislink_free(reply);
    return outcome;
}

static enum outcome show_balance(const char *card)
{
    char request[256];
    char balance[64];
    char *reply;
    enum outcome outcome;

    snprintf(request, sizeof request, "{\"param\":{\"cardType\":\"03\",\"cardNo\":%s}}", card);
    reply = hislink_onepay_account_info(request);
    outcome = outcome_of(reply);
    tell("account", reply);
    if (json_text(reply, "balance", balance, sizeof balance) > 0)
        printf("balance: %s\n", balance);
    hislink_free(reply);
    return outcome;
}

/* Asks what became of the order. Only the trade's state, "result", speaks of the order: any other failure is the
 * query's own, and says nothing about the money. */
static enum outcome query_until_known(const char *order_no)
{
    char request[128];
    char state[16];
    char *reply;
    int n;

    snprintf(request, sizeof request, "{\"orderNo\":\"%s\"}", order_no);
    for (n = 1; n <= QUERIES; n++) {
        pause_seconds(PAUSE_SECONDS);
        reply = hislink_onepay_query(request);
        tell("query", reply);
        json_text(reply, "result", state, sizeof state);
        hislink_free(reply);
        if (strcmp(state, "succ") == 0)
            return SUCCEEDED;
        if (strcmp(state, "fail") == 0 || strcmp(state, "closed") == 0)
            return FAILED;
        /* A request that timed out may still be on its way: believe "notfound" only when it stays. */
        if (strcmp(state, "notfound") == 0 && n == QUERIES)
            return FAILED;
    }
    return UNKNOWN;
}

static enum outcome recharge(const char *order_no, const char *card, const char *amount)
{
    char request[512];
    char *reply;
    enum outcome outcome;

    snprintf(request, sizeof request,
        "{\"orderNo\":\"%s\",\"param\":{\"cardType\":\"03\",\"cardNo\":%s,\"chargeAmt\":%s,\"depositeType\":\"CASH\"}}",
        order_no, card, amount);
    reply = hislink_onepay_recharge(request);
    outcome = outcome_of(reply);
    tell("recharge", reply);
    hislink_free(reply);
    switch (outcome) {
    case SUCCEEDED:
    case FAILED:
    case REJECTED:
        return outcome;
    case UNKNOWN:
    case PENDING:
        break;
    }
    /* The platform may have taken the money. Never recharge anew with another number: ask about this one. */
    return query_until_known(order_no);
}

static int run(const char *url, const char *card_typed, const char *amount_typed)
{
    char card[128];
    char amount[64];
    char order_no[40];
    char *reply;
    int length;

    if (json_quoted(card_typed, card, sizeof card) < 0 || json_quoted(amount_typed, amount, sizeof amount) < 0) {
        fprintf(stderr, "the card number or the amount is too long\n");
        return 2;
    }
    if (configure(url) != SUCCEEDED)
        return 2;
    /* Nothing moves before this: if the account cannot be read, there is nothing to clear up. */
    switch (show_balance(card)) {
    case SUCCEEDED:
        break;
    case REJECTED:
        return 2;
    default:
        return 1;
    }

    reply = hislink_order_no("{\"prefix\":\"OC\"}");
    length = json_text(reply, "orderNo", order_no, sizeof order_no);
    hislink_free(reply);
    if (length < 0)
        return 1;
    /* A real program stores the order, with its number, before it recharges: then a crash loses nothing. */
    printf("order: %s\n", order_no);

    switch (recharge(order_no, card, amount)) {
    case SUCCEEDED:
        show_balance(card);
        return 0;
    case FAILED:
        printf("nothing was charged\n");
        return 1;
    case REJECTED:
        return 2;
    default:
        printf("the result is not known yet: query order %s later, do not recharge anew\n", order_no);
        return 3;
    }
}

int main(int argc, char **argv)
{
    int end;

    show_utf8();
    if (argc < 2 || argc > 4) {
        fprintf(stderr, "usage: recharge URL [CARD [AMOUNT]]\n");
        return 2;
    }
    end = run(argv[1], argc > 2 ? argv[2] : "10001", argc > 3 ? argv[3] : "100.00");
    hislink_shutdown();
    return end;
}

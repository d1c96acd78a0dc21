/* The main job: puts money on a patient's account and never loses track of it.
 *
 *   recharge URL [CARD [AMOUNT]]
 *   recharge http://127.0.0.1:18080/onepay-web/oneweb/oneapi 10001 100.00
 *
 * Ends with 0 when the money is on the account, 1 when it surely is not, 2 when the input or the settings are wrong,
 * 3 when the result is still not known: keep the order number then, and call again with it later, or run settle.
 * The order goes into the journal of the user's default store; recover.c is for a program that may be killed.
 */

/* For pause.h; Windows does not look at it. */
#define _POSIX_C_SOURCE 200809L

#include "hislink.h"
#include "pause.h"
#include "reply.h"

/* Yours come from the platform. These are the ones that the document prints, which the sandbox takes. */
#define APP_ID "1A3VL0KVK0000B020A0A0000CC3F48AD"
#define APP_SECRET "1A3VL0KVE0010B010A0A0000277BDC91"

/* How often, and with what pause, the very same is called again while its end is not known. Each call asks the platform
 * by itself, as long as its time lasts. */
#define TRIES 3
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
        say("configure", reply);
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
    say("account", reply);
    if (json_text(reply, "balance", balance, sizeof balance) > 0)
        printf("balance: %s\n", balance);
    hislink_free(reply);
    return outcome;
}

/* Charges until the end is known. The same number with the same content is never charged twice: called again, the library
 * asks the platform what became of it. With another number it would be another recharge. */
static enum outcome recharge(const char *order_no, const char *card, const char *amount)
{
    char request[512];
    char *reply;
    enum outcome outcome = UNKNOWN;
    int n;

    snprintf(request, sizeof request,
        "{\"orderNo\":\"%s\",\"param\":{\"cardType\":\"03\",\"cardNo\":%s,\"chargeAmt\":%s,\"depositeType\":\"CASH\"}}",
        order_no, card, amount);
    for (n = 1; n <= TRIES && (outcome == UNKNOWN || outcome == PENDING); n++) {
        if (n > 1)
            pause_seconds(PAUSE_SECONDS);
        reply = hislink_onepay_recharge(request);
        outcome = outcome_of(reply);
        say("recharge", reply);
        hislink_free(reply);
    }
    return outcome;
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
    /* A real program stores the number before it recharges: then a crash loses nothing. recover.c does. */
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
        printf("the result is not known yet: call again with order %s later, do not recharge anew\n", order_no);
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

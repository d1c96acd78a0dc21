/* A recharge that survives a kill. Ended at any moment, by whatever it may be, and started again with the same
 * arguments, it ends with the one outcome, and the money is booked once.
 *
 *   recover SETTINGS ORDER [CARD [AMOUNT]]
 *   recover sandbox.json order.txt 10001 100.00
 *
 * SETTINGS is a file as hislink_configure takes it. ORDER is a file for the order number, which is all that this program
 * writes down; everything else is in the library's journal. It is made where it is not there, and stays: remove it when
 * the order is done with. One program at a time may work on an order's file.
 *
 * Ends with 0 when the money is on the account, 1 when it surely is not, 2 when the input, the settings or the store are
 * wrong, 3 when the result is still not known: start it again then, with the same arguments.
 */

/* For order_file.h; Windows does not look at it. */
#define _POSIX_C_SOURCE 200809L

#include "order_file.h"
#include "settings_file.h"

/* The same call, whether it is the first or the tenth: the library knows what became of the earlier ones. It sends only
 * what surely was not booked, asks the platform about what may have been, and repeats what it knows. */
static enum outcome recharge(const char *order_no, const char *card, const char *amount)
{
    char quoted[160];
    char request[640];
    char *reply;
    enum outcome outcome;

    if (json_quoted(order_no, quoted, sizeof quoted) < 0)
        return REJECTED;
    snprintf(request, sizeof request,
        "{\"orderNo\":%s,\"param\":{\"cardType\":\"03\",\"cardNo\":%s,\"chargeAmt\":%s,\"depositeType\":\"CASH\"}}",
        quoted, card, amount);
    reply = hislink_onepay_recharge(request);
    outcome = outcome_of(reply);
    say("recharge", reply);
    if (json_find(reply, "replayed") != NULL)
        printf("this is what became of an earlier call\n");
    if (code_is(reply, "DUPLICATE_ORDER"))
        printf("the number stands for another card or amount: give those of before\n");
    hislink_free(reply);
    return outcome;
}

static int run(const char *order_file, const char *card_typed, const char *amount_typed)
{
    struct charge charge;
    enum outcome end;

    if (!charge_is_open(order_file, card_typed, amount_typed, &charge, &end))
        return end_of(end);
    return end_of(recharge(charge.order_no, charge.card, charge.amount));
}

int main(int argc, char **argv)
{
    int end = 2;

    show_utf8();
    if (argc < 3 || argc > 5) {
        fprintf(stderr, "usage: recover SETTINGS ORDER [CARD [AMOUNT]]\n");
        return 2;
    }
    if (configure_from(argv[1]))
        end = run(argv[2], argc > 3 ? argv[3] : "10001", argc > 4 ? argv[4] : "100.00");
    hislink_shutdown();
    return end;
}

/* A recharge from a window that must not freeze: started, and its reply looked for in the window's timer.
 *
 *   background SETTINGS ORDER [CARD [AMOUNT]]
 *   background sandbox.json order.txt 10001 100.00
 *
 * The loop stands for the one that every program with a window has: on Windows the events come from GetMessage, and on_timer
 * is what WM_TIMER calls. Nothing in it waits for the platform, so the clock goes on, and the window can be moved and painted.
 *
 * SETTINGS, ORDER and the end are those of recover.c: also this program may be killed, or closed by its user, at any moment,
 * and started again with the same arguments.
 */

/* For pause.h and order_file.h; Windows does not look at it. */
#define _POSIX_C_SOURCE 200809L

#include "order_file.h"
#include "pause.h"
#include "settings_file.h"

#define TICK_MILLISECONDS 50

/* What the program remembers between two events. */
struct window {
    /* The call under way; 0 where there is none, and the button can be pressed. */
    HISLINK_INT64 ticket;
    int ticks;
    int end;
};

static void press_button(struct window *window, const char *order_no, const char *card, const char *amount)
{
    char quoted[160];
    char request[640];

    if (json_quoted(order_no, quoted, sizeof quoted) < 0)
        return;
    snprintf(request, sizeof request,
        "{\"orderNo\":%s,\"param\":{\"cardType\":\"03\",\"cardNo\":%s,\"chargeAmt\":%s,\"depositeType\":\"CASH\"}}",
        quoted, card, amount);
    /* It comes back at once, and the request may be changed. With 0 nothing was begun; on_timer is told why. */
    window->ticket = hislink_start("onepay_recharge", request);
}

/* What a window shows while it waits. */
static void paint(const struct window *window)
{
    int dots = window->ticks % 20 + 1;

    printf("\rcharging %4.1f s %.*s%*s", window->ticks * TICK_MILLISECONDS / 1000.0, dots, "....................", 20 - dots, "");
    fflush(stdout);
}

/* 1 when the reply has come. It comes once: what is not kept here is gone. */
static int on_timer(struct window *window)
{
    char under_way[8];
    char *reply = hislink_wait(window->ticket, 0);
    int done = hislink_json_get(reply, "/data/underWay", under_way, (int)sizeof under_way) < 0;

    window->ticks++;
    if (done) {
        printf("\n");
        say("recharge", reply);
        window->end = end_of(outcome_of(reply));
        window->ticket = 0;
    } else
        paint(window);
    hislink_free(reply);
    return done;
}

static int run(const char *order_file, const char *card_typed, const char *amount_typed)
{
    struct window window = {0, 0, 2};
    struct charge charge;
    enum outcome end;

    /* Before the window is there: an order whose journal was lost waits for the platform. */
    if (!charge_is_open(order_file, card_typed, amount_typed, &charge, &end))
        return end_of(end);
    press_button(&window, charge.order_no, charge.card, charge.amount);
    while (!on_timer(&window))
        pause_milliseconds(TICK_MILLISECONDS);
    printf("the window went on for %d ticks\n", window.ticks);
    return window.end;
}

int main(int argc, char **argv)
{
    int end = 2;

    show_utf8();
    if (argc < 3 || argc > 5) {
        fprintf(stderr, "usage: background SETTINGS ORDER [CARD [AMOUNT]]\n");
        return 2;
    }
    if (configure_from(argv[1]))
        end = run(argv[2], argc > 3 ? argv[3] : "10001", argc > 4 ? argv[4] : "100.00");
    hislink_shutdown();
    return end;
}

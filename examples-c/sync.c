/* Brings the roster of cards in the local store up to the platform's, with a progress bar.
 *
 *   sync [expected=CARDS] [url=...] [sid=...] [key=...] [orgCode=...] [store=FILE] [caFile=PEM]
 *   sync expected=1200 url=http://127.0.0.1:18080
 *
 * The platform does not say how many cards it has: `expected`, such as the number of yesterday, gives the bar its full
 * length. Stop it whenever you like, even by force: what came is stored, and the next run goes on from there.
 *
 * Ends with 0 when the roster is complete, 1 when it is not, 2 when the input or the settings are wrong.
 */

/* For pause.h; Windows does not look at it. */
#define _POSIX_C_SOURCE 200809L

#include "glory.h"
#include "pause.h"

#include <stdlib.h>

/* Pages of 500 cards a call: few enough for the bar to move, and for a user who wants to stop. */
#define CALL "{\"maxPages\":2}"
#define BAR 40

/* A network that fails may be back soon. */
#define TRIES 3
#define PAUSE_SECONDS 2

struct progress {
    long expected;
    long received;
    char cursor[32];
    int calls;
};

/* Goes to stderr, so that what the program says can still be redirected. */
static void draw(const struct progress *progress)
{
    char bar[BAR + 1];
    long filled = progress->expected > 0 ? progress->received * BAR / progress->expected : 0;
    int n;

    for (n = 0; n < BAR; n++) {
        /* Without a total a mark that moves shows at least that it is alive. */
        int on = progress->expected > 0 ? n < filled : n == progress->calls % BAR;
        bar[n] = on ? '#' : '.';
    }
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %ld cards", bar, progress->received);
    if (progress->expected > 0)
        fprintf(stderr, " of about %ld", progress->expected);
}

/* What a call stored, even one that failed in the end. */
static void count(struct progress *progress, const char *reply)
{
    char received[32];
    const char *data = json_find(reply, "data");

    progress->calls++;
    if (json_text(data, "received", received, sizeof received) > 0)
        progress->received += strtol(received, NULL, 10);
    json_text(data, "cursor", progress->cursor, sizeof progress->cursor);
}

/* Calls until the platform has no more. */
static enum outcome sync_all(struct progress *progress)
{
    char done[8];
    char *reply;
    enum outcome outcome;
    int failed = 0;

    for (;;) {
        reply = hislink_glory_sync(CALL);
        outcome = outcome_of(reply);
        count(progress, reply);
        draw(progress);
        json_text(json_find(reply, "data"), "done", done, sizeof done);
        if (outcome != SUCCEEDED) {
            fprintf(stderr, "\n");
            say("sync", reply);
        }
        hislink_free(reply);
        if (outcome == REJECTED || (outcome == SUCCEEDED && strcmp(done, "true") == 0))
            return outcome;
        /* Whether failed or unknown: asking for a page again does no harm. */
        failed = outcome == SUCCEEDED ? 0 : failed + 1;
        if (failed == TRIES)
            return FAILED;
        if (failed > 0)
            pause_seconds(PAUSE_SECONDS);
    }
}

static int run(int argc, char **argv)
{
    struct progress progress = {0, 0, "", 0};

    progress.expected = strtol(argument(argc, argv, "expected", "0"), NULL, 10);
    if (!configure(argc, argv))
        return 2;
    switch (sync_all(&progress)) {
    case SUCCEEDED:
        fprintf(stderr, "\n");
        printf("the roster is complete: %ld cards came, the largest record number is %s\n", progress.received,
            progress.cursor);
        return 0;
    case REJECTED:
        return 2;
    default:
        printf("not complete: %ld cards came; run it again, it goes on from there\n", progress.received);
        return 1;
    }
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"expected", GLORY_ARGUMENTS, NULL};
    int end;

    show_utf8();
    if (!only_arguments(argc, argv, names)) {
        fprintf(stderr, "usage: sync [expected=CARDS] " GLORY_USAGE "\n");
        return 2;
    }
    end = run(argc, argv);
    hislink_shutdown();
    return end;
}

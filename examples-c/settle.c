/* At start-up, and at the end of a shift: settles what is open in the journal, whatever was sending it, and compares
 * today's journal with what the platforms have.
 *
 *   settle SETTINGS
 *   settle sandbox.json
 *
 * SETTINGS is a file as hislink_configure takes it. For each movement of money whose end is not known (unknown, pending)
 * it prints a line: number, service, end, and what the cashier must do.
 *
 * Ends with 0 when nothing stays open, 1 when something does, 2 when the input, the settings or the store are wrong. The
 * comparison is for people, and does not count.
 */

#include "settings_file.h"

/* What the cashier must do. The words are the hospital's; the services are all that the journal has. */
static const struct {
    const char *service;
    const char *if_done;
    const char *if_not_done;
} ADVICE[] = {
    {"hop.trade.recharge", "the money is on the account: print the receipt",
        "nothing was charged: charge again, or give the money back"},
    {"hop.trade.refund", "it was given back: print the receipt", "nothing was given back: refund again"},
    {"/glorycard/store/deduct", "the fee is reduced: take the rest",
        "the fee is not reduced: take the whole, or deduct again"},
    {"/glorycard/store/deductCancel", "the reduction was taken back: take the whole fee",
        "the reduction still stands: cancel again"},
};

static const char *advice(const char *service, enum outcome outcome)
{
    size_t n;

    switch (outcome) {
    case SUCCEEDED:
    case FAILED:
        for (n = 0; n < sizeof ADVICE / sizeof ADVICE[0]; n++)
            if (strcmp(ADVICE[n].service, service) == 0)
                return outcome == SUCCEEDED ? ADVICE[n].if_done : ADVICE[n].if_not_done;
        return outcome == SUCCEEDED ? "it was done" : "it was not done";
    case PENDING:
        return "the platform is still at it: hand out nothing, run settle again";
    case REJECTED:
        return "the library cannot ask: show this line to whoever keeps the settings";
    default:
        return "nobody knows yet: hand out nothing, run settle again";
    }
}

/* Asks what became of an entry, and prints its line. 1 where it stays open. */
static int settle(const char *entry)
{
    /* The number is an entry's first member. */
    const char *name = strncmp(entry, "{\"orderNo\":", 11) == 0 ? "orderNo" : "deductionID";
    char number[256];
    char quoted[512];
    char service[64];
    char status[16];
    char message[512];
    char request[600];
    char *reply;
    enum outcome outcome;

    if (json_text(entry, name, number, sizeof number) < 0 || json_quoted(number, quoted, sizeof quoted) < 0) {
        printf("an entry whose number is too long for this program\n");
        return 1;
    }
    json_text(entry, "service", service, sizeof service);
    snprintf(request, sizeof request, "{\"%s\":%s}", name, quoted);
    reply = hislink_journal_resolve(request);
    outcome = outcome_of(reply);
    json_text(reply, "status", status, sizeof status);
    json_text(reply, "message", message, sizeof message);
    printf("%s %s %s: %s (%s)\n", number, service, status, advice(service, outcome), message);
    hislink_free(reply);
    return outcome != SUCCEEDED && outcome != FAILED;
}

/* The journal's entries in one state. NULL where they cannot be read; why is told. */
static char *entries_in(const char *state)
{
    char request[64];
    char *reply;

    snprintf(request, sizeof request, "{\"state\":\"%s\",\"limit\":10000}", state);
    reply = hislink_journal_list(request);
    if (outcome_of(reply) == SUCCEEDED)
        return reply;
    say("journal", reply);
    hislink_free(reply);
    return NULL;
}

/* Settles each entry of a list; how many stay open. */
static int settle_each(const char *list)
{
    const char *entry = json_find(list, "entries");
    int open = 0;

    if (entry == NULL)
        return 0;
    /* Behind the bracket; then from comma to comma. */
    for (entry++; *entry == '{'; entry += *entry == ',') {
        open += settle(entry);
        entry = json_end(entry);
    }
    return open;
}

/* How many stay open; -1 where the journal cannot be read. */
static int settle_all(void)
{
    /* Both lists before the first question: an answer may move an entry from one into the other. */
    char *unknown = entries_in("unknown");
    char *pending = unknown == NULL ? NULL : entries_in("pending");
    int open = -1;

    if (pending != NULL)
        open = settle_each(unknown) + settle_each(pending);
    hislink_free(unknown);
    hislink_free(pending);
    return open;
}

/* The rows of one kind of difference, as they came. */
static void show_rows(const char *reply, const char *kind, const char *words)
{
    const char *row = json_find(reply, kind);
    const char *end;

    if (row == NULL)
        return;
    for (row++; *row == '{'; row = end + (*end == ',')) {
        end = json_end(row);
        printf("%s: %.*s\n", words, (int)(end - row), row);
    }
}

static void compare_today(void)
{
    char *reply = hislink_journal_reconcile("{}");
    char day[16];
    char checked[16];

    if (outcome_of(reply) == SUCCEEDED) {
        json_text(reply, "day", day, sizeof day);
        json_text(reply, "checked", checked, sizeof checked);
        printf("%s: %s compared\n", day, checked);
        show_rows(reply, "onlyHere", "the platform does not have");
        show_rows(reply, "onlyThere", "the journal does not have");
        show_rows(reply, "differing", "not the same on both sides");
    } else {
        say("reconcile", reply);
    }
    hislink_free(reply);
}

int main(int argc, char **argv)
{
    int open = -1;

    show_utf8();
    if (argc != 2) {
        fprintf(stderr, "usage: settle SETTINGS\n");
        return 2;
    }
    if (configure_from(argv[1]))
        open = settle_all();
    if (open >= 0) {
        printf("open: %d\n", open);
        compare_today();
    }
    hislink_shutdown();
    return open < 0 ? 2 : open > 0;
}

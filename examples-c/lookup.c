/* Looks a patient's card up in the local roster; asks nobody else. Run sync before it.
 *
 *   lookup certNo=NUMBER [certType=0] [url=...] [sid=...] [key=...] [orgCode=...] [store=FILE] [caFile=PEM]
 *   lookup certNo=350203197205258630
 *
 * Ends with 0 when there is a card, 1 when there is none, 2 when the input, the settings or the store are wrong.
 */

#include "glory.h"

/* The line a card. The members of the first card stand first in what begins with it. */
static void show_card(const char *card)
{
    static const char *const members[] = {"certName", "certType", "certNo", "gloryType", "gloryID"};
    char text[512];
    size_t n;

    printf("card:");
    for (n = 0; n < sizeof members / sizeof members[0]; n++)
        if (json_text(card, members[n], text, sizeof text) >= 0)
            printf(" %s=%s", members[n], text);
    printf("\n");
}

static void show_cards(const char *reply)
{
    const char *card = json_find(reply, "cards");

    if (card == NULL)
        return;
    /* Behind the bracket; then from comma to comma. */
    for (card++; *card == '{'; card += *card == ',') {
        show_card(card);
        card = json_end(card);
    }
}

/* "No card" means little where the roster is old, and nothing where it never was complete. */
static void show_age(const char *reply)
{
    char synced[32];

    json_text(reply, "syncedAt", synced, sizeof synced);
    if (strcmp(synced, "null") == 0)
        printf("the roster has never been complete: run sync\n");
    else
        printf("the roster is of %s\n", synced);
}

static int lookup(const char *cert_type, const char *cert_no)
{
    struct request request = {"", 0, 0};
    char found[8];
    char *reply;

    add(&request, "{");
    add_member(&request, "certType", cert_type);
    add_member(&request, "certNo", cert_no);
    add(&request, "}");
    if (request.spoilt) {
        fprintf(stderr, "certNo is too long\n");
        return 2;
    }
    reply = hislink_glory_lookup(request.text);
    if (outcome_of(reply) != SUCCEEDED) {
        say("lookup", reply);
        hislink_free(reply);
        return 2;
    }
    json_text(reply, "found", found, sizeof found);
    show_cards(reply);
    if (strcmp(found, "true") != 0)
        printf("no card\n");
    show_age(reply);
    hislink_free(reply);
    return strcmp(found, "true") == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"certType", "certNo", GLORY_ARGUMENTS, NULL};
    const char *cert_no = argument(argc, argv, "certNo", NULL);
    int end = 2;

    show_utf8();
    if (cert_no == NULL || !only_arguments(argc, argv, names)) {
        fprintf(stderr, "usage: lookup certNo=NUMBER [certType=0] " GLORY_USAGE "\n");
        return 2;
    }
    if (configure(argc, argv))
        end = lookup(argument(argc, argv, "certType", "0"), cert_no);
    hislink_shutdown();
    return end;
}

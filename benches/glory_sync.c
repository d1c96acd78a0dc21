/* A first sync of the roster, against libcurl for the same pages and plain SQLite for the same rows. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "curl_side.h"
#include "glory.h"
#include "sandbox_child.h"
#include "sqlite_side.h"

/* So many pages of one side, then of the other: both tables grow alike, and noise hits them alike. */
enum { TURN = 20 };
#define SYNC "{" GLORY_PROFILE ",\"maxPages\":20}"

struct plain {
    struct poster poster;
    long long cursor;
    int done;
    double fetch_ns, insert_ns;
};

/* Every so many cards one is looked up later. */
static void remember(struct glory *glory, const struct roster_row *row) {
    /* An odd stride meets all kinds of rows. */
    long every = glory->plan->cards / 5000 | 1;
    if (row->data_id % every != 1 || glory->lookup_count == 5000) return;
    glory->lookups[glory->lookup_count++] =
        text_of("{" GLORY_PROFILE ",\"certType\":\"%.*s\",\"certNo\":\"%.*s\"}", row->cert_type.length,
                row->cert_type.at, row->cert_no.length, row->cert_no.at);
}

static void plain_page(struct glory *glory, struct plain *plain) {
    struct roster_row rows[MOST_ROWS];
    char *body = text_of("{\"dataID\":%lld,\"orgCode\":\"" GLORY_ORG_CODE "\"}", plain->cursor);
    struct signature signature = glory_signature(glory->library, body);
    poster_sign(&plain->poster, signature.sid, signature.timestamp, signature.sign);
    plain->fetch_ns += poster_send(&plain->poster, body);
    size_t count = roster_rows(plain->poster.text, rows);
    plain->done = count == 0;
    if (count > 0) {
        plain->insert_ns += sqlite_insert(rows, count);
        plain->cursor = rows[count - 1].data_id;
    }
    for (size_t n = 0; n < count; n++) remember(glory, &rows[n]);
    signature_free(&signature);
    free(body);
}

static double library_pages(const struct library *library, int *done) {
    double start = now_ns();
    char *reply = library->glory_sync(SYNC);
    double ns = now_ns() - start;
    *done = strstr(succeeded("glory_sync", reply), "\"done\":true") != NULL;
    library->free(reply);
    return ns;
}

static void check_same_rosters(const struct glory *glory, const struct plain *plain) {
    if (plain->cursor != glory->plan->cards) fail("the roster", "not all pages came");
    /* Closes the library's store: SQLite itself opens the file now. */
    glory->library->shutdown();
    if (sqlite_same_cards(glory->store) != sqlite_cards()) fail("the roster", "the library's is not plain SQLite's");
}

static void report(const struct glory *glory, const struct plain *plain, double ours) {
    double theirs = plain->fetch_ns + plain->insert_ns;
    printf("\nSYNC: %ld cards for the first time, pages of 500, each on the disk\n", glory->plan->cards);
    printf("  %-44s %8.2f s\n", "hislink_glory_sync", ours / 1e9);
    printf("  %-44s %8.2f s\n", "libcurl POST of the same requests", plain->fetch_ns / 1e9);
    printf("  %-44s %8.2f s\n", "plain SQLite INSERT of the same rows", plain->insert_ns / 1e9);
    verdict("against libcurl and SQLite", ours / theirs, "x", "at most 2", 2, 0);
}

void measure_sync(struct glory *glory) {
    struct plain plain = {.cursor = 0};
    char *url = text_of("%s/glorycard/store/all", glory->url), *path = text_of("%s/plain.db", glory->folder);
    glory->lookups = calloc(5000, sizeof *glory->lookups);
    if (glory->lookups == NULL) fail("no memory", NULL);
    poster_open(&plain.poster, url);
    sqlite_open(path);
    double ours = 0;
    for (int done = 0; !done || !plain.done;) {
        if (!done) ours += library_pages(glory->library, &done);
        for (int n = 0; n < TURN && !plain.done; n++) plain_page(glory, &plain);
    }
    poster_check_kept(&plain.poster);
    check_same_rosters(glory, &plain);
    report(glory, &plain, ours);
    sqlite_close();
    poster_close(&plain.poster);
    free(url);
    free(path);
}

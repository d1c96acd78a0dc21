/* tickets URL STORE
 *
 * Calls that are started and fetched later, from the side of a host: in each encoding, wrong tickets, time limits, a window
 * that goes on ticking, 64 at once and no more, two threads for one ticket, hislink_shutdown in their midst, a thousand
 * rounds. URL is the onepay address of a sandbox that takes two seconds for each hop.account.info.
 */

#include "platform.h"

#include "check.h"

#include <time.h>

#ifdef _WIN32
#include <tlhelp32.h>
#endif

#define ROOM 4096
#define ROUNDS 1000
#define SLOW "{\"tag\":\"slow\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"

typedef HISLINK_CHAR16 unit;

static char reply[ROOM], value[ROOM];
static unit wide_reply[ROOM];

#ifdef _WIN32

static long milliseconds(void) { return (long)GetTickCount(); }

static long threads_alive(void)
{
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 thread;
    long count = 0;
    BOOL found;

    thread.dwSize = sizeof thread;
    for (found = Thread32First(all, &thread); found; found = Thread32Next(all, &thread))
        count += thread.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(all);
    return count;
}

#else

static long milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long threads_alive(void)
{
    char line[256];
    long count = -1;
    FILE *status = fopen("/proc/self/status", "r");

    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "Threads:", 8) == 0)
            count = strtol(line + 8, NULL, 10);
    CHECK(status != NULL && count > 0, "no /proc/self/status");
    fclose(status);
    return count;
}

#endif

static const unit *wide(const char *ascii)
{
    static unit places[4][1024];
    static int next;
    unit *place = places[next++ % 4];
    size_t n;

    for (n = 0; ascii[n] != '\0'; n++)
        place[n] = (unit)(unsigned char)ascii[n];
    place[n] = 0;
    return place;
}

/* A value of the reply in the buffer. */
static const char *at(const char *pointer)
{
    CHECK(hislink_json_get(reply, pointer, value, ROOM) >= 0, reply);
    return value;
}

static int is(const char *pointer, const char *expected)
{
    return strcmp(at(pointer), expected) == 0;
}

static int is_under_way(void)
{
    return hislink_json_get(reply, "/data/underWay", value, ROOM) == 4 && strcmp(value, "true") == 0;
}

static HISLINK_INT64 started(const char *operation, const char *request)
{
    HISLINK_INT64 ticket = hislink_start(operation, request);

    CHECK(ticket > 0, operation);
    return ticket;
}

static int fetch(HISLINK_INT64 ticket)
{
    return hislink_call_wait(ticket, -1, reply, ROOM);
}

static void tickets_that_are_none(void)
{
    static const HISLINK_INT64 wrong[] = {0, -1, 1, 1000000, -9223372036854775807};
    HISLINK_INT64 ticket;
    size_t n;

    for (n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        /* No call has been started yet. However long it would wait, it is told at once. */
        REJECTED(hislink_wait(wrong[n], -1), "BAD_FIELD", "/ticket");
        CHECK(hislink_call_wait(wrong[n], 100000, reply, ROOM) == -1 && is("/field", "/ticket"), reply);
        CHECK(hislink_call_wait_a(wrong[n], 0, reply, ROOM) == -1 && is("/field", "/ticket"), reply);
        CHECK(hislink_call_wait_w(wrong[n], -5, wide_reply, ROOM) == -1, "wide");
    }
    ticket = started("order_no", NULL);
    SUCCEEDED(hislink_wait(ticket, -1));
    REJECTED(hislink_wait(ticket, -1), "BAD_FIELD", "/ticket");
    CHECK(hislink_call_wait(ticket, 0, reply, ROOM) == -1 && strstr(at("/message"), "fetched") != NULL, reply);
    CHECK(hislink_call_wait(0, 0, reply, ROOM) == -1 && strstr(at("/message"), "64") != NULL, reply);
}

/* All that is wrong with a call its ticket tells. */
static void wrong_calls(void)
{
    REJECTED(hislink_wait(started("no_such", "{}"), -1), "NO_OPERATION", NO_FIELD);
    REJECTED(hislink_wait(started(NULL, NULL), -1), "NO_OPERATION", NO_FIELD);
    REJECTED(hislink_wait(started("order_no", "{"), -1), "BAD_JSON", NO_FIELD);
    REJECTED(hislink_wait(started("order_no", "{\"tag\":\"\xB4\xB0\"}"), -1), "BAD_ENCODING", NO_FIELD);
    REJECTED(hislink_wait(started("order_no", "{\"nonsense\":1}"), -1), "BAD_FIELD", "/nonsense");
    REJECTED(hislink_wait(started("order_no", "{\"profile\":\"none\",\"prefix\":1}"), -1), "BAD_FIELD", "/prefix");
}

/* Begun in one form, fetched in another. */
static void each_encoding(void)
{
    HISLINK_INT64 ticket = hislink_call_start_a("hislink_order_no", "{\"tag\":\"\xB4\xB0\xBF\xDA\"}");
    size_t n;

    CHECK(fetch(ticket) == 0 && is("/tag", "\xE7\xAA\x97\xE5\x8F\xA3"), reply);
    ticket = hislink_call_start("order_no", "{\"tag\":\"\xE7\xAA\x97\"}");
    CHECK(hislink_call_wait_a(ticket, -1, reply, ROOM) == 0, reply);
    CHECK(hislink_json_get_a(reply, "/tag", value, ROOM) == 2 && strcmp(value, "\xB4\xB0") == 0, reply);
    ticket = hislink_call_start_w(wide("order_no"), wide("{\"tag\":\"w\"}"));
    SUCCEEDED(hislink_wait(ticket, -1));
    ticket = started("order_no", "{\"tag\":\"w\"}");
    /* No room: the reply is kept for this thread, and the ticket is used up. */
    wide_reply[1] = 'x';
    CHECK(hislink_call_wait_w(ticket, -1, wide_reply, 1) == -2 && wide_reply[0] == 0 && wide_reply[1] == 'x', "small");
    CHECK(hislink_result_w(wide_reply, hislink_result_size_w()) == 0 && wide_reply[0] == '{', "kept");
    CHECK(hislink_result(reply, ROOM) == 0 && is("/tag", "w"), reply);
    for (n = 0; n < 3; n++)
        CHECK(hislink_call_wait(ticket, 0, NULL, 0) == -2, "the reply that it was used up has no room either");
    CHECK(hislink_result(reply, ROOM) == -1 && is("/field", "/ticket"), reply);
}

/* The request is the library's as soon as it is started, and the window goes on while the platform takes its time. */
static void a_window_goes_on(void)
{
    char request[] = SLOW;
    long begun = milliseconds(), waited;
    HISLINK_INT64 ticket = started("onepay_account_info", request);
    int ticks = 0;

    memset(request, 'x', sizeof request - 1);
    CHECK(milliseconds() - begun < 1500, "the start took its time");
    EXPECT(hislink_wait(ticket, 0), "pending", "OK", NO_FIELD);
    CHECK(hislink_call_wait(ticket, 0, reply, ROOM) == 3 && is_under_way(), reply);
    CHECK(strtol(at("/data/ticket"), NULL, 10) == (long)ticket, reply);
    CHECK(is("/message", "the call is still under way"), reply);
    CHECK(milliseconds() - begun < 1800, "to look took its time");
    begun = milliseconds();
    CHECK(hislink_call_wait(ticket, 60, reply, ROOM) == 3 && is_under_way(), reply);
    waited = milliseconds() - begun;
    CHECK(waited >= 45 && waited < 1500, "it waited too short, or too long");
    while (hislink_call_wait(ticket, 0, reply, ROOM) == 3 && is_under_way()) {
        ticks++;
        pause_ms(5);
    }
    CHECK(ticks > 10, "the window stood still");
    CHECK(hislink_result(reply, ROOM) == 0 && is("/tag", "slow") && is("/data/param/balance", "200.00"), reply);
}

/* In the language of the profile that the request names; of a ticket that is none, of the default profile. */
static void in_the_hosts_language(const char *url)
{
    HISLINK_INT64 ticket;

    snprintf(reply, sizeof reply, "{\"profile\":\"zh\",\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"store\":\"none\"}", url);
    SUCCEEDED(hislink_configure(reply));
    ticket = started("onepay_account_info", "{\"profile\":\"zh\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}");
    CHECK(hislink_call_wait(ticket, 0, reply, ROOM) == 3, reply);
    CHECK(is("/message", "\xE6\x93\x8D\xE4\xBD\x9C\xE4\xBB\x8D\xE5\x9C\xA8\xE8\xBF\x9B\xE8\xA1\x8C"), reply);
    CHECK(fetch(ticket) == 0 && is("/message", "\xE6\x88\x90\xE5\x8A\x9F"), reply);
}

static volatile int succeeded, refused;

THREAD_WORK(wait_for_it)
{
    char own[ROOM];
    int status = hislink_call_wait(*(HISLINK_INT64 *)argument, -1, own, sizeof own);

    if (status == 0)
        succeeded++;
    else if (status == -1 && strstr(own, "/ticket") != NULL)
        refused++;
    THREAD_END;
}

static void two_wait_for_one(void)
{
    HISLINK_INT64 ticket = started("onepay_account_info", SLOW);
    thread_handle threads[2];
    int n;

    for (n = 0; n < 2; n++)
        CHECK(thread_start(&threads[n], wait_for_it, &ticket), "no thread");
    for (n = 0; n < 2; n++)
        thread_join(threads[n]);
    CHECK(succeeded == 1 && refused == 1, "one has the reply, and the other is told");
}

static void sixty_four_and_no_more(void)
{
    HISLINK_INT64 tickets[64];
    int n, round;

    for (n = 0; n < 64; n++) {
        tickets[n] = started("onepay_account_info", SLOW);
        CHECK(n == 0 || tickets[n] > tickets[n - 1], "tickets count up");
    }
    CHECK(hislink_start("order_no", "{}") == 0 && hislink_call_start("order_no", "{}") == 0, "the 65th");
    CHECK(hislink_call_start_a("order_no", "{}") == 0 && hislink_call_start_w(wide("order_no"), NULL) == 0, "the 65th");
    for (n = 0; n < 64; n++)
        CHECK(fetch(tickets[n]) == 0 && is("/data/param/balance", "200.00"), reply);
    /* Done, but not fetched: they count. Fetched, each makes room for one. */
    for (n = 0; n < 64; n++)
        tickets[n] = started("order_no", "{}");
    pause_ms(300);
    CHECK(hislink_start("order_no", "{}") == 0, "replies that nobody fetched count");
    for (round = 0; round < 10; round++) {
        CHECK(fetch(tickets[round]) == 0, reply);
        tickets[round] = started("order_no", "{}");
        CHECK(hislink_start("order_no", "{}") == 0, "one more than there is room for");
    }
    for (n = 0; n < 64; n++)
        CHECK(fetch(tickets[n]) == 0, reply);
}

/* The calls under way finish, and their replies stay. */
static void shutdown_in_their_midst(void)
{
    HISLINK_INT64 slow = started("onepay_account_info", SLOW), quick = started("order_no", "{}");
    long begun = milliseconds();

    hislink_shutdown();
    CHECK(milliseconds() - begun < 1500, "hislink_shutdown waited for a call");
    CHECK(fetch(quick) == 0, reply);
    CHECK(fetch(slow) == 0 && is("/data/param/balance", "200.00"), reply);
    CHECK(fetch(started("order_no", "{}")) == 0, reply);
}

static void rounds(int count)
{
    int n;

    for (n = 0; n < count; n++) {
        HISLINK_INT64 ticket = started(n % 4 == 0 ? "journal_list" : "order_no", "{}");

        if (n % 2 == 0)
            SUCCEEDED(hislink_wait(ticket, -1));
        else
            CHECK(fetch(ticket) == 0, reply);
    }
}

static void a_thousand_rounds(long threads_before)
{
    long kept, handles, tries;

    rounds(ROUNDS / 4);
    kept = kilobytes_kept();
    handles = handles_open();
    rounds(ROUNDS);
    /* The last thread may still be on its way out. */
    for (tries = 0; tries < 100 && threads_alive() > threads_before; tries++)
        pause_ms(20);
    CHECK(threads_alive() <= threads_before, "threads are left");
    CHECK(handles_open() <= handles + 2, "handles are left");
    printf("tickets: %ld KB, then %ld KB\n", kept, kilobytes_kept());
    CHECK(kilobytes_kept() - kept < 1024, "memory grows");
}

int main(int argc, char **argv)
{
    long threads_before;

    CHECK(argc == 3, "usage: tickets URL STORE");
    snprintf(reply, sizeof reply, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"store\":\"sqlite:%s\",\"language\":\"en\"}",
        argv[1], argv[2]);
    SUCCEEDED(hislink_configure(reply));
    SUCCEEDED(hislink_onepay_account_info(SLOW));
    threads_before = threads_alive();
    tickets_that_are_none();
    CHECK(threads_alive() <= threads_before + 1, "a wrong ticket started a thread");
    wrong_calls();
    each_encoding();
    a_window_goes_on();
    in_the_hosts_language(argv[1]);
    two_wait_for_one();
    sixty_four_and_no_more();
    shutdown_in_their_midst();
    a_thousand_rounds(threads_before);
    hislink_shutdown();
    puts("tickets: fine");
    return 0;
}

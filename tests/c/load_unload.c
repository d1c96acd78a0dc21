/* load_unload LIBRARY URL CA_FILE STORE ROUNDS
 *
 * Loads the library, configures, calls the platform by HTTPS, and unloads, many times over. In each round a thread that
 * has called the library ends after the unload; every other round shuts down before it. Handles and memory stay level.
 */

#include "platform.h"

#include "check.h"

typedef char *(*operation)(const char *);
typedef int(HISLINK_STDCALL *caller)(const char *, const char *, char *, int);
typedef void (*release)(char *);

/* A thread of the host's: it has a last reply of its own, which its end lets go. */
struct lingering {
    thread_handle thread;
    caller call;
    volatile int called;
    volatile int may_end;
};

THREAD_WORK(linger)
{
    struct lingering *own = (struct lingering *)argument;
    char reply[512];

    CHECK(own->call("order_no", "{}", reply, sizeof reply) == 0, reply);
    own->called = 1;
    while (!own->may_end)
        pause_ms(1);
    THREAD_END;
}

static void one_round(const char *path, const char *settings, int shut_down)
{
    library_handle library = library_open(path);
    struct lingering own;
    char *reply;
    release give_back;

    CHECK(library != NULL, path);
    give_back = (release)library_find(library, "hislink_free");
    memset(&own, 0, sizeof own);
    own.call = (caller)library_find(library, "hislink_call");
    CHECK(thread_start(&own.thread, linger, &own), "no thread");
    reply = ((operation)library_find(library, "hislink_configure"))(settings);
    CHECK(is_member(reply, "status", "succeeded"), reply);
    give_back(reply);
    reply = ((operation)library_find(library, "hislink_onepay_account_info"))("{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}");
    CHECK(is_member(reply, "status", "succeeded"), reply);
    give_back(reply);
    while (!own.called)
        pause_ms(1);
    if (shut_down)
        library_find(library, "hislink_shutdown")();
    library_close(library);
    own.may_end = 1;
    thread_join(own.thread);
}

int main(int argc, char **argv)
{
    char settings[2048];
    long handles = 0, kept = 0;
    int n, rounds;

    CHECK(argc == 6, "usage: load_unload LIBRARY URL CA_FILE STORE ROUNDS");
    rounds = atoi(argv[5]);
    snprintf(settings, sizeof settings, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"http\":{\"caFile\":\"%s\"},\"store\":\"sqlite:%s\"}",
        argv[2], argv[3], argv[4]);
    for (n = 0; n < rounds; n++) {
        one_round(argv[1], settings, n % 2);
        if (n == rounds / 10) {
            handles = handles_open();
            kept = kilobytes_kept();
        }
    }
    handles = handles_open() - handles;
    kept = kilobytes_kept() - kept;
    printf("load_unload: %d rounds, %ld handles and %ld KiB more\n", rounds, handles, kept);
    CHECK(handles <= 8, "handles pile up");
    CHECK(kept <= 4096, "memory piles up");
    return 0;
}

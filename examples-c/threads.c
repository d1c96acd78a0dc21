/* Uses the library from eight threads at once: seals and opens, and makes order numbers without a duplicate. */

#include "hislink.h"
#include "json_text.h"

#include <stdlib.h>

#ifdef _WIN32
#include <process.h>
typedef HANDLE thread;
#define THREAD_RESULT unsigned __stdcall
#define THREAD_DONE 0
#else
#include <pthread.h>
typedef pthread_t thread;
#define THREAD_RESULT void *
#define THREAD_DONE NULL
#endif

#define THREADS 8
#define ROUNDS 200
#define NUMBERS 1000
#define LENGTH 32

#define SETTINGS \
    "\"onepay\":{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"appSecret\":\"1A3VL0KVE0010B010A0A0000277BDC91\"}"

struct work {
    int number;
    int wrong;
    char orders[NUMBERS][LENGTH + 1];
};

static struct work works[THREADS];
static char all[THREADS * NUMBERS][LENGTH + 1];

/* Seals a param that no other thread has, opens it again, and compares. */
static int seal_and_open(int card)
{
    char request[2048];
    char sealed[1024];
    char expected[16];
    char found[16];
    char *reply;

    snprintf(expected, sizeof expected, "%08d", card);
    snprintf(request, sizeof request,
        "{" SETTINGS ",\"transType\":\"hop.account.info\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"%s\"}}", expected);
    reply = hislink_onepay_seal(request);
    json_text(json_find(reply, "data"), "message", sealed, sizeof sealed);
    hislink_free(reply);

    snprintf(request, sizeof request, "{" SETTINGS ",\"message\":%s}", sealed);
    reply = hislink_onepay_open(request);
    json_text(reply, "cardNo", found, sizeof found);
    hislink_free(reply);
    return strcmp(found, expected) != 0;
}

static int take_order_no(char *order)
{
    char *reply = hislink_order_no(NULL);
    int length = json_text(reply, "orderNo", order, LENGTH + 1);

    hislink_free(reply);
    return length != LENGTH;
}

static THREAD_RESULT run(void *argument)
{
    struct work *work = (struct work *)argument;
    int n;

    for (n = 0; n < ROUNDS; n++)
        work->wrong += seal_and_open(work->number * ROUNDS + n);
    for (n = 0; n < NUMBERS; n++)
        work->wrong += take_order_no(work->orders[n]);
    return THREAD_DONE;
}

static int start(thread *which, struct work *work)
{
#ifdef _WIN32
    *which = (HANDLE)_beginthreadex(NULL, 0, run, work, 0, NULL);
    return *which == NULL;
#else
    return pthread_create(which, NULL, run, work);
#endif
}

static void wait_for(thread which)
{
#ifdef _WIN32
    WaitForSingleObject(which, INFINITE);
    CloseHandle(which);
#else
    pthread_join(which, NULL);
#endif
}

static int by_text(const void *one, const void *other)
{
    return strcmp((const char *)one, (const char *)other);
}

static int duplicates(void)
{
    int n;
    int found = 0;

    for (n = 0; n < THREADS; n++)
        memcpy(all[n * NUMBERS], works[n].orders, sizeof works[n].orders);
    qsort(all, sizeof all / sizeof all[0], sizeof all[0], by_text);
    for (n = 1; n < THREADS * NUMBERS; n++)
        found += strcmp(all[n - 1], all[n]) == 0;
    return found;
}

int main(void)
{
    thread threads[THREADS];
    int wrong = 0;
    int twice;
    int n;

    for (n = 0; n < THREADS; n++) {
        works[n].number = n;
        if (start(&threads[n], &works[n]) != 0) {
            fprintf(stderr, "no thread\n");
            return 1;
        }
    }
    for (n = 0; n < THREADS; n++) {
        wait_for(threads[n]);
        wrong += works[n].wrong;
    }
    twice = duplicates();
    printf("%d threads: %d messages sealed and opened, %d order numbers; wrong: %d, duplicate: %d\n", THREADS,
        THREADS * ROUNDS, THREADS * NUMBERS, wrong, twice);
    return wrong != 0 || twice != 0;
}

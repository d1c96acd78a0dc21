/* tickets_ends SETTINGS MODE [ORDER [MILLISECONDS]]
 *
 * Programs that end while a call is under way, and what a forked child and a process without room see.
 *
 *   exit ORDER      starts a recharge, and leaves by exit, after so many milliseconds
 *   wait ORDER      starts a recharge, says so, and waits for it: to be killed
 *   resolve ORDER   prints what the journal says of it
 *   fork            a child has none of its parent's calls, and can start its own
 *   no_thread       no thread can be started
 *   idle            after a call it does nothing: prints the processor's time that a second takes
 */

#define _GNU_SOURCE

#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static HISLINK_INT64 recharge(const char *order)
{
    char request[512];

    snprintf(request, sizeof request, "{\"orderNo\":\"%s\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\","
        "\"chargeAmt\":\"1.00\",\"depositeType\":\"CASH\"}}", order);
    return hislink_start("onepay_recharge", request);
}

static void resolve(const char *order)
{
    char request[128], *told;

    snprintf(request, sizeof request, "{\"orderNo\":\"%s\"}", order);
    told = hislink_journal_resolve(request);
    puts(told);
    hislink_free(told);
}

static int in_the_child(HISLINK_INT64 parents)
{
    char *own;

    alarm(20);
    /* However long it would wait: that call is not this process's. */
    REJECTED(hislink_wait(parents, -1), "BAD_FIELD", "/ticket");
    own = hislink_wait(hislink_start("order_no", "{}"), -1);
    puts(own);
    SUCCEEDED(own);
    CHECK(hislink_start("order_no", "{}") > parents + 1, "a ticket of the parent's");
    return 0;
}

static void forks(void)
{
    HISLINK_INT64 ticket = hislink_start("onepay_account_info", "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}");
    int status = 1;
    pid_t child = fork();

    if (child == 0)
        exit(in_the_child(ticket));
    waitpid(child, &status, 0);
    CHECK(status == 0, "the child");
    SUCCEEDED(hislink_wait(ticket, -1));
}

/* The address space of a 32-bit program that is used up: what is there goes on, but nothing of a thread's size is to be had. */
static void no_thread(void)
{
    struct rlimit room;
    char line[128];
    long pages;
    HISLINK_INT64 ticket;
    FILE *sizes = fopen("/proc/self/statm", "r");

    CHECK(sizes != NULL && fgets(line, sizeof line, sizes) != NULL, "no /proc/self/statm");
    pages = strtol(line, NULL, 10);
    fclose(sizes);
    getrlimit(RLIMIT_AS, &room);
    room.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + 600 * 1024;
    CHECK(setrlimit(RLIMIT_AS, &room) == 0, "no limit");
    ticket = hislink_start("order_no", "{}");
    CHECK(ticket > 0, "no ticket");
    REJECTED(hislink_wait(ticket, 0), "INTERNAL", NO_FIELD);
    ticket = hislink_start("order_no", "{}");
    CHECK(hislink_call_wait(ticket, 0, line, sizeof line) == -2 && hislink_result(line, 0) == -2, "no room");
    room.rlim_cur = room.rlim_max;
    CHECK(setrlimit(RLIMIT_AS, &room) == 0, "no limit");
    SUCCEEDED(hislink_wait(hislink_start("order_no", "{}"), -1));
}

static void idle(void)
{
    clock_t begun;

    SUCCEEDED(hislink_wait(hislink_start("onepay_account_info", "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"), -1));
    begun = clock();
    sleep(1);
    printf("idle: %ld microseconds\n", (long)((clock() - begun) * 1000000 / CLOCKS_PER_SEC));
}

int main(int argc, char **argv)
{
    char settings[2048];
    const char *mode = argc > 2 ? argv[2] : "";

    CHECK(argc >= 3 && argc <= 5, "usage: tickets_ends SETTINGS MODE [ORDER [MILLISECONDS]]");
    snprintf(settings, sizeof settings, "{\"file\":\"%s\"}", argv[1]);
    SUCCEEDED(hislink_configure(settings));
    if (strcmp(mode, "exit") == 0) {
        CHECK(recharge(argv[3]) > 0, "no ticket");
        usleep((useconds_t)strtoul(argv[4], NULL, 10) * 1000);
        exit(0);
    } else if (strcmp(mode, "wait") == 0) {
        HISLINK_INT64 ticket = recharge(argv[3]);

        puts("started");
        fflush(stdout);
        SUCCEEDED(hislink_wait(ticket, -1));
    } else if (strcmp(mode, "resolve") == 0)
        resolve(argv[3]);
    else if (strcmp(mode, "fork") == 0)
        forks();
    else if (strcmp(mode, "no_thread") == 0)
        no_thread();
    else if (strcmp(mode, "idle") == 0)
        idle();
    else
        CHECK(0, mode);
    puts("tickets_ends: fine");
    return 0;
}

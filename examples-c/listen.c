/* Answers the platform's own question /deductCheck from the ledger: the hospital's side of the service.
 *
 *   listen [bind=127.0.0.1:18090] [seconds=N] [certFile=PEM keyFile=PEM] [plainHttp=true]
 *          [url=...] [sid=...] [key=...] [orgCode=...] [store=FILE] [caFile=PEM]
 *   listen bind=0.0.0.0:8443 certFile=hospital.pem keyFile=hospital.key
 *
 * Serves until Enter is pressed or the input ends, or for so many seconds. A program with a window needs no such wait:
 * glory_listen comes back at once, and the service runs beside the program.
 *
 * Ends with 0, or 2 when it cannot listen.
 */

/* For pause.h; Windows does not look at it. */
#define _POSIX_C_SOURCE 200809L

#include "glory.h"
#include "pause.h"

#include <stdlib.h>

static void write_request(struct request *request, int argc, char **argv)
{
    static const char *const files[] = {"certFile", "keyFile"};
    const char *file;
    size_t n;

    add(request, "{");
    add_member(request, "bind", argument(argc, argv, "bind", "127.0.0.1:18090"));
    for (n = 0; n < sizeof files / sizeof files[0]; n++) {
        file = argument(argc, argv, files[n], NULL);
        if (file != NULL)
            add_member(request, files[n], file);
    }
    /* Without certificates only this machine is served, unless a proxy before it speaks HTTPS. */
    if (strcmp(argument(argc, argv, "plainHttp", "false"), "true") == 0)
        add(request, ",\"plainHttp\":true");
    add(request, "}");
}

static int start(int argc, char **argv)
{
    struct request request = {"", 0, 0};
    char address[64];
    char *reply;
    int started;

    write_request(&request, argc, argv);
    if (request.spoilt) {
        fprintf(stderr, "the arguments are too long\n");
        return 0;
    }
    reply = hislink_glory_listen(request.text);
    started = outcome_of(reply) == SUCCEEDED;
    if (!started)
        say("listen", reply);
    else if (json_text(reply, "address", address, sizeof address) > 0)
        printf("listening: %s\n", address);
    hislink_free(reply);
    /* Whoever reads this through a pipe waits for the address. */
    fflush(stdout);
    return started;
}

static void wait_for_the_end(long seconds)
{
    int c;

    if (seconds > 0) {
        pause_seconds((int)seconds);
        return;
    }
    fprintf(stderr, "Enter ends it.\n");
    do
        c = getchar();
    while (c != '\n' && c != EOF);
}

static int stop(void)
{
    char *reply = hislink_glory_unlisten(NULL);
    int stopped = outcome_of(reply) == SUCCEEDED;

    say("unlisten", reply);
    hislink_free(reply);
    return stopped;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"bind", "seconds", "certFile", "keyFile", "plainHttp", GLORY_ARGUMENTS, NULL};
    int end = 2;

    show_utf8();
    if (!only_arguments(argc, argv, names)) {
        fprintf(stderr, "usage: listen [bind=IP:PORT] [seconds=N] [certFile=PEM keyFile=PEM] [plainHttp=true] "
                        GLORY_USAGE "\n");
        return 2;
    }
    if (configure(argc, argv) && start(argc, argv)) {
        wait_for_the_end(strtol(argument(argc, argv, "seconds", "0"), NULL, 10));
        end = stop() ? 0 : 2;
    }
    /* Would have stopped the listener as well. */
    hislink_shutdown();
    return end;
}

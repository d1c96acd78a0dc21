/* order_no_print SECOND COUNT [CHILDREN]
 *
 * Waits until SECOND (since 1970), then prints COUNT order numbers, a line each. With CHILDREN, makes one number first
 * and forks as many children, which print theirs: a child must not go on with its parent's random digits.
 */

#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void wait_until(time_t second)
{
    struct timespec pause;

    pause.tv_sec = 0;
    pause.tv_nsec = 1000000;
    while (time(NULL) < second)
        nanosleep(&pause, NULL);
}

static void print(long count)
{
    char number[64];
    long n;

    for (n = 0; n < count; n++) {
        char *reply = hislink_order_no(NULL);
        CHECK(json_text(reply, "orderNo", number, sizeof number) == 32, reply);
        hislink_free(reply);
        printf("%s\n", number);
    }
}

int main(int argc, char **argv)
{
    time_t second = argc > 1 ? (time_t)strtol(argv[1], NULL, 10) : 0;
    long count = argc > 2 ? strtol(argv[2], NULL, 10) : 1000;
    long children = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
    int wrong = 0;
    int status;
    long n;

    /* A line a write: the children share the pipe, and a line must not be cut by another's. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (children > 0) {
        wait_until(second);
        print(1);
        fflush(stdout);
    }
    for (n = 0; n < children; n++) {
        pid_t child = fork();
        CHECK(child >= 0, "no child");
        if (child == 0) {
            print(count);
            return 0;
        }
    }
    if (children == 0) {
        wait_until(second);
        print(count);
    }
    while (wait(&status) > 0)
        wrong += status != 0;
    return wrong != 0;
}

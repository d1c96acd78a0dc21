/* full_log SETTINGS PREFIX ROOM
 *
 * Makes twenty order numbers while the disk under the files that begin with PREFIX takes ROOM more bytes, and twenty more
 * when there is room again. Each must succeed.
 *
 * It stands between the library and the system: the function below takes the place of the C library's, so that no test
 * needs a disk of its own. What is left of the room is filled by a part of a line, as on a real disk.
 */

#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *prefix = "";
static long room = -1;

static int is_ours(int fd)
{
    char link[64];
    char path[4096];
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    return *prefix != '\0' && strncmp(path, prefix, strlen(prefix)) == 0;
}

ssize_t write(int fd, const void *from, size_t size)
{
    if (room >= 0 && is_ours(fd)) {
        if (room == 0) {
            errno = ENOSPC;
            return -1;
        }
        if ((long)size > room)
            size = (size_t)room;
        room -= (long)size;
    }
    return syscall(SYS_write, fd, from, size);
}

static void twenty(void)
{
    int n;

    for (n = 0; n < 20; n++)
        SUCCEEDED(hislink_order_no("{\"tag\":\"desk\"}"));
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: full_log SETTINGS PREFIX ROOM\n");
        return 1;
    }
    SUCCEEDED(hislink_configure(argv[1]));
    prefix = argv[2];
    room = atol(argv[3]);
    twenty();
    room = -1;
    twenty();
    hislink_shutdown();
    return 0;
}

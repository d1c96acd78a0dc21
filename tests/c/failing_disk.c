/* failing_disk SETTINGS PREFIX FAULT
 *
 * Syncs, then looks up, while the disk under the files that begin with PREFIX fails:
 *   full N      after N more bytes there is no room
 *   read-only   no file can be opened for writing
 * Then mends the disk, and syncs and looks up again. Prints each reply on a line of its own.
 *
 * It stands between the library and the system: the functions below take the place of those of the C library, so
 * that no test needs a disk of its own or the right to mount one.
 */

#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *prefix = "";
static long room = -1;
static int read_only;

static int is_ours(const char *path)
{
    return *prefix != '\0' && strncmp(path, prefix, strlen(prefix)) == 0;
}

static int has_room(int fd, size_t size)
{
    char link[64];
    char path[4096];
    ssize_t length;

    if (room < 0)
        return 1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 1;
    path[length] = '\0';
    if (!is_ours(path))
        return 1;
    room = (long)size > room ? 0 : room - (long)size;
    if (room == 0)
        errno = ENOSPC;
    return room > 0;
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at)
{
    return has_room(fd, size) ? syscall(SYS_pwrite64, fd, from, size, at) : -1;
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at)
{
    return pwrite64(fd, from, size, at);
}

ssize_t write(int fd, const void *from, size_t size)
{
    return has_room(fd, size) ? syscall(SYS_write, fd, from, size) : -1;
}

static int opened(const char *path, int flags, int mode)
{
    if (read_only && is_ours(path) && (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0) {
        errno = EROFS;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    int mode;

    va_start(rest, flags);
    mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
    va_end(rest);
    return opened(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    int mode;

    va_start(rest, flags);
    mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
    va_end(rest);
    return opened(path, flags, mode);
}

static void sync_and_look_up(void)
{
    char *replies[2];
    int n;

    replies[0] = hislink_glory_sync("{}");
    replies[1] = hislink_glory_lookup("{\"certType\":\"1\",\"certNo\":\"none\"}");
    for (n = 0; n < 2; n++) {
        printf("%s\n", replies[n]);
        hislink_free(replies[n]);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: failing_disk SETTINGS PREFIX FAULT\n");
        return 1;
    }
    SUCCEEDED(hislink_configure(argv[1]));
    prefix = argv[2];
    read_only = strcmp(argv[3], "read-only") == 0;
    if (!read_only)
        room = atol(argv[3] + strlen("full "));
    sync_and_look_up();
    room = -1;
    read_only = 0;
    sync_and_look_up();
    hislink_shutdown();
    return 0;
}

/* A file that holds one order number, on the disk before money moves; and the journal that it is for. A C99 compiler shows fileno and fsync only where
 * _POSIX_C_SOURCE is defined before all includes. */
#ifndef ORDER_FILE_H
#define ORDER_FILE_H

#include "hislink.h"
#include "reply.h"

#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

/* Reads the number. 0 where there is none, or only a part of one: then this program died while it wrote the file, which
 * is before it called anything. */
static inline int order_file_read(const char *path, char *out, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    char *end = NULL;

    if (file == NULL)
        return 0;
    if (fgets(out, (int)capacity, file) != NULL)
        end = strchr(out, '\n');
    fclose(file);
    if (end == NULL)
        return 0;
    *end = '\0';
    return 1;
}

/* Writes the number. 0 where it is not surely on the disk: nothing may be sent then. */
static inline int order_file_write(const char *path, const char *number)
{
    FILE *file = fopen(path, "wb");
    int written;

    if (file == NULL)
        return 0;
    written = fprintf(file, "%s\n", number) > 0 && fflush(file) == 0;
#ifdef _WIN32
    written = written && _commit(_fileno(file)) == 0;
#else
    written = written && fsync(fileno(file)) == 0;
#endif
    return fclose(file) == 0 && written;
}

/* Without a journal ("store":"none") a call that is repeated would be sent again. */
static inline int has_journal(void)
{
    char *reply = hislink_journal_list("{\"limit\":1}");
    int kept = outcome_of(reply) == SUCCEEDED;

    if (!kept)
        say("journal", reply);
    hislink_free(reply);
    return kept;
}

/* The number in the file; a new one, which is in the file then, where it holds none. */
static inline int order_number(const char *path, char *out, size_t capacity)
{
    char *reply;
    int made;

    if (order_file_read(path, out, capacity)) {
        printf("order: %s, begun before\n", out);
        return 1;
    }
    reply = hislink_order_no("{\"prefix\":\"OC\"}");
    made = json_text(reply, "orderNo", out, capacity) > 0;
    hislink_free(reply);
    /* First the number, then the money: a number that is lost after the call would be a recharge that nobody can find. */
    if (!made || !order_file_write(path, out)) {
        fprintf(stderr, "the order number cannot be kept in %s: nothing was sent\n", path);
        return 0;
    }
    printf("order: %s\n", out);
    return 1;
}

#endif

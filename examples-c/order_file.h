/* A file that holds one order number, on the disk before money moves. A C99 compiler shows fileno and fsync only where
 * _POSIX_C_SOURCE is defined before all includes. */
#ifndef ORDER_FILE_H
#define ORDER_FILE_H

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

#endif

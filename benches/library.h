/* The library under measurement, loaded at run time so that loading can be measured too. */
#ifndef BENCH_LIBRARY_H
#define BENCH_LIBRARY_H

#include <stddef.h>

typedef char *operation(const char *request);

struct library {
    const char *path;
    const char *(*version)(void);
    void (*shutdown)(void);
    void (*free)(char *reply);
    int (*call)(const char *name, const char *request, char *out, int capacity);
    int (*call_a)(const char *name, const char *request, char *out, int capacity);
    int (*call_w)(const unsigned short *name, const unsigned short *request, unsigned short *out, int capacity);
    operation *configure, *encrypt, *sign, *seal, *open, *transact, *recharge;
    operation *glory_sign, *glory_sync, *glory_lookup, *glory_check, *glory_listen, *glory_unlisten;
};

/* Loads the library and looks its functions up; ends the program where that fails. */
void library_load(struct library *library, const char *path);

/* Ends the program with a message: a check before the timing failed. */
void fail(const char *what, const char *detail);

/* Ends the program unless the reply says succeeded. Gives the reply back. */
char *succeeded(const char *what, char *reply);

/* The first object or string that follows `"name":` in a reply, as it stands there, for the caller to free.
   Strings come without their quotes and still escaped. Ends the program where there is none. */
char *json_after(const char *reply, const char *name);

/* printf into memory, for the caller to free. */
char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `text` with quotes and backslashes escaped, for the caller to free. */
char *json_escaped(const char *text);

#endif

/* What the C tests share. A test stops at the first wrong thing, names its line, and exits with 1. */
#ifndef CHECK_H
#define CHECK_H

#include "hislink.h"

#include "../../examples-c/json_text.h"

#include <stdlib.h>

#define APP_ID "1A3VL0KVK0000B020A0A0000CC3F48AD"
#define SECRET "1A3VL0KVE0010B010A0A0000277BDC91"
#define IDENTITY "\"appId\":\"" APP_ID "\",\"appSecret\":\"" SECRET "\""

/* Inline settings; `more` is "" or begins with a comma. */
#define ONEPAY(more) "\"onepay\":{" IDENTITY more "}"
#define CIPHER(name) ONEPAY(",\"encryptType\":\"" name "\"")

/* For a reply that must have no field, and for one whose field is too long to write down. */
#define NO_FIELD NULL
#define BELOW(place) "^" place

static inline void stop(const char *file, int line, const char *what, const char *reply)
{
    fprintf(stderr, "%s:%d: %s\n  reply: %.600s\n", file, line, what, reply == NULL ? "(null)" : reply);
    exit(1);
}

#define CHECK(condition, reply) \
    do { \
        if (!(condition)) \
            stop(__FILE__, __LINE__, #condition, reply); \
    } while (0)

static inline int is_member(const char *reply, const char *name, const char *expected)
{
    char text[256];

    return json_text(reply, name, text, sizeof text) >= 0 && strcmp(text, expected) == 0;
}

static inline int is_field(const char *reply, const char *expected)
{
    const char *field = json_find(reply, "field");
    const char *data = json_find(reply, "data");

    /* What stands in data is not the reply's own. */
    if (field != NULL && data != NULL && field > data)
        field = NULL;
    if (expected == NULL || field == NULL)
        return expected == NULL && field == NULL;
    if (*expected == '^')
        return strncmp(field + 1, expected + 1, strlen(expected + 1)) == 0;
    return is_member(reply, "field", expected);
}

/* Holds a reply against what it must say, and frees it. The secret may stand in none. */
static inline void expect(const char *file, int line, char *reply, const char *status, const char *code,
    const char *field)
{
    if (reply == NULL)
        stop(file, line, "a reply is never null", reply);
    if (!is_member(reply, "status", status))
        stop(file, line, status, reply);
    if (!is_member(reply, "code", code))
        stop(file, line, code, reply);
    if (json_find(reply, "message") == NULL)
        stop(file, line, "a reply has a message", reply);
    if (!is_field(reply, field))
        stop(file, line, field == NULL ? "no field" : field, reply);
    if (strstr(reply, SECRET) != NULL)
        stop(file, line, "the secret stands in a reply", reply);
    hislink_free(reply);
}

#define EXPECT(reply, status, code, field) expect(__FILE__, __LINE__, reply, status, code, field)
#define REJECTED(reply, code, field) EXPECT(reply, "rejected", code, field)
/* Windows has one of its own. */
#undef SUCCEEDED
#define SUCCEEDED(reply) EXPECT(reply, "succeeded", "OK", NO_FIELD)

/* `before`, then `count` times `c`, then `after`; for the caller to free. */
static inline char *filled(const char *before, char c, size_t count, const char *after)
{
    size_t head = strlen(before);
    size_t tail = strlen(after);
    char *text = (char *)malloc(head + count + tail + 1);

    if (text == NULL)
        stop(__FILE__, __LINE__, "no memory for the test", NULL);
    memcpy(text, before, head);
    memset(text + head, c, count);
    memcpy(text + head + count, after, tail + 1);
    return text;
}

#endif

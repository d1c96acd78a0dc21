/* What a program looks at in every reply: the status first, the rest for people. */
#ifndef REPLY_H
#define REPLY_H

#include "json_text.h"

enum outcome { SUCCEEDED, FAILED, REJECTED, UNKNOWN, PENDING };

static inline enum outcome outcome_of(const char *reply)
{
    char status[16];

    json_text(reply, "status", status, sizeof status);
    if (strcmp(status, "succeeded") == 0)
        return SUCCEEDED;
    if (strcmp(status, "failed") == 0)
        return FAILED;
    if (strcmp(status, "rejected") == 0)
        return REJECTED;
    if (strcmp(status, "pending") == 0)
        return PENDING;
    /* A status that this program does not know proves nothing either. */
    return UNKNOWN;
}

static inline int code_is(const char *reply, const char *expected)
{
    char code[32];

    json_text(reply, "code", code, sizeof code);
    return strcmp(code, expected) == 0;
}

/* The line for the clerk and the log: what happened, in words, and where. */
static inline void say(const char *step, const char *reply)
{
    static const char *const members[] = {"status", "code", "message", "field", "platformCode", "platformMessage"};
    char text[512];
    size_t n;

    printf("%s:", step);
    for (n = 0; n < sizeof members / sizeof members[0]; n++)
        if (json_text(reply, members[n], text, sizeof text) > 0)
            printf(" %s=%s", members[n], text);
    printf("\n");
}

#endif

/* What the glory examples share: arguments NAME=VALUE, requests put together, and the profile that they work with. */
#ifndef GLORY_H
#define GLORY_H

#include "hislink.h"
#include "reply.h"

/* Yours come from the platform. These are the sandbox's; sid and key are those that the document prints. A real program
 * keeps the key in its settings: other users of the machine can see a command line. */
#define GLORY_URL "http://127.0.0.1:18080"
#define GLORY_SID "47258258201708031835123456"
#define GLORY_KEY "4fd6b8105f894d0da964b1e80b07b136"
#define GLORY_ORG_CODE "350100001"
/* Roster and ledger: a file in the current directory. */
#define GLORY_STORE "glory-example.db"

/* Arguments that all of them take. */
#define GLORY_ARGUMENTS "url", "sid", "key", "orgCode", "store", "caFile"
#define GLORY_USAGE "[url=...] [sid=...] [key=...] [orgCode=...] [store=FILE] [caFile=PEM]"

/* The value of the last argument NAME=VALUE, or `otherwise` where there is none. */
static inline const char *argument(int count, char **words, const char *name, const char *otherwise)
{
    const char *value = otherwise;
    size_t length = strlen(name);
    int n;

    for (n = 1; n < count; n++)
        if (strncmp(words[n], name, length) == 0 && words[n][length] == '=')
            value = words[n] + length + 1;
    return value;
}

/* Whether every argument has one of these names, of which the last is NULL: one misspelt would be overlooked. */
static inline int only_arguments(int count, char **words, const char *const *names)
{
    size_t length;
    int n;
    int name;

    for (n = 1; n < count; n++) {
        length = strcspn(words[n], "=");
        for (name = 0; names[name] != NULL; name++)
            if (strlen(names[name]) == length && strncmp(words[n], names[name], length) == 0)
                break;
        if (names[name] == NULL || words[n][length] != '=')
            return 0;
    }
    return 1;
}

/* A request under construction. What does not fit spoils it: half a request must not be sent. */
struct request {
    char text[8192];
    size_t length;
    int spoilt;
};

static inline void add(struct request *request, const char *text)
{
    size_t length = strlen(text);

    if (request->length + length >= sizeof request->text) {
        request->spoilt = 1;
        return;
    }
    memcpy(request->text + request->length, text, length + 1);
    request->length += length;
}

/* Adds `"name":"value"`, with a comma before it where something stands there already. */
static inline void add_member(struct request *request, const char *name, const char *value)
{
    char quoted[2048];

    if (json_quoted(value, quoted, sizeof quoted) < 0)
        request->spoilt = 1;
    if (request->length > 0 && request->text[request->length - 1] != '{')
        add(request, ",");
    add(request, "\"");
    add(request, name);
    add(request, "\":");
    add(request, quoted);
}

/* Makes the default profile of the arguments. 0 where they do not do; why is told. */
static inline int configure(int count, char **words)
{
    const char *ca_file = argument(count, words, "caFile", "");
    struct request request = {"", 0, 0};
    char store[512];
    char *reply;
    int configured;

    snprintf(store, sizeof store, "sqlite:%s", argument(count, words, "store", GLORY_STORE));
    add(&request, "{\"glory\":{");
    add_member(&request, "url", argument(count, words, "url", GLORY_URL));
    add_member(&request, "sid", argument(count, words, "sid", GLORY_SID));
    add_member(&request, "key", argument(count, words, "key", GLORY_KEY));
    add_member(&request, "orgCode", argument(count, words, "orgCode", GLORY_ORG_CODE));
    add(&request, "}");
    add_member(&request, "store", store);
    if (*ca_file != '\0') {
        /* Only for a platform whose certificate the system does not trust by itself, such as the sandbox's. */
        add(&request, ",\"http\":{");
        add_member(&request, "caFile", ca_file);
        add(&request, "}");
    }
    add(&request, "}");
    if (request.spoilt) {
        fprintf(stderr, "the arguments are too long\n");
        return 0;
    }
    reply = hislink_configure(request.text);
    configured = outcome_of(reply) == SUCCEEDED;
    if (!configured)
        say("configure", reply);
    hislink_free(reply);
    return configured;
}

#endif

/* The settings of a hospital's program: one JSON object in a file (README, "Settings"), the same for all its programs. */
#ifndef SETTINGS_FILE_H
#define SETTINGS_FILE_H

#include "hislink.h"
#include "reply.h"

/* Makes the default profile of the file. 0 where it does not do; why is told. */
static inline int configure_from(const char *path)
{
    char quoted[1024];
    char request[1100];
    char *reply;
    int configured;

    if (json_quoted(path, quoted, sizeof quoted) < 0) {
        fprintf(stderr, "the settings file's path is too long\n");
        return 0;
    }
    snprintf(request, sizeof request, "{\"file\":%s}", quoted);
    reply = hislink_configure(request);
    configured = outcome_of(reply) == SUCCEEDED;
    if (!configured)
        say("configure", reply);
    hislink_free(reply);
    return configured;
}

#endif

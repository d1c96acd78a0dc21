#define _POSIX_C_SOURCE 200809L
#include "library.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *what, const char *detail) {
    fflush(stdout);
    fprintf(stderr, "contract: %s: %s\n", what, detail ? detail : "");
    exit(1);
}

/* ISO C has no conversion from an object pointer to a function pointer; POSIX promises that the bytes are the same. */
static void look_up(void *handle, const char *name, void *function) {
    void *found = dlsym(handle, name);
    if (found == NULL) fail("no such function in the library", name);
    memcpy(function, &found, sizeof found);
}

void library_load(struct library *library, const char *path) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) fail("cannot load the library", dlerror());
    library->path = path;
    look_up(handle, "hislink_version", &library->version);
    look_up(handle, "hislink_shutdown", &library->shutdown);
    look_up(handle, "hislink_free", &library->free);
    look_up(handle, "hislink_call", &library->call);
    look_up(handle, "hislink_call_a", &library->call_a);
    look_up(handle, "hislink_call_w", &library->call_w);
    look_up(handle, "hislink_configure", &library->configure);
    look_up(handle, "hislink_onepay_encrypt", &library->encrypt);
    look_up(handle, "hislink_onepay_sign", &library->sign);
    look_up(handle, "hislink_onepay_seal", &library->seal);
    look_up(handle, "hislink_onepay_open", &library->open);
    look_up(handle, "hislink_onepay_transact", &library->transact);
    look_up(handle, "hislink_onepay_recharge", &library->recharge);
    look_up(handle, "hislink_glory_sign", &library->glory_sign);
    look_up(handle, "hislink_glory_sync", &library->glory_sync);
    look_up(handle, "hislink_glory_lookup", &library->glory_lookup);
    look_up(handle, "hislink_glory_check", &library->glory_check);
    look_up(handle, "hislink_glory_listen", &library->glory_listen);
    look_up(handle, "hislink_glory_unlisten", &library->glory_unlisten);
}

char *succeeded(const char *what, char *reply) {
    if (strncmp(reply, "{\"status\":\"succeeded\"", 21) != 0) fail(what, reply);
    return reply;
}

/* The end of the string whose opening quote stands at `at`: its closing quote. */
static const char *closing_quote(const char *at) {
    for (at++; *at != '"' && *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') at++;
    }
    return at;
}

/* The closing brace of the object whose opening brace stands at `at`. */
static const char *closing_brace(const char *at) {
    int depth = 0;
    for (; *at != '\0'; at++) {
        if (*at == '"') at = closing_quote(at);
        if (*at == '{') depth++;
        if (*at == '}' && --depth == 0) break;
    }
    return at;
}

char *json_after(const char *reply, const char *name) {
    char *member = text_of("\"%s\":", name);
    const char *at = reply;
    /* A reply has a "message" of words before the one that is looked for, so members of `data` are meant. */
    const char *data = strstr(reply, "\"data\":");
    if (data != NULL) at = data;
    at = strstr(at, member);
    if (at == NULL) fail("no such member in the reply", name);
    at += strlen(member);
    free(member);
    if (*at == '"') return text_of("%.*s", (int)(closing_quote(at) - at - 1), at + 1);
    return text_of("%.*s", (int)(closing_brace(at) - at + 1), at);
}

char *text_of(const char *format, ...) {
    va_list values;
    va_start(values, format);
    int length = vsnprintf(NULL, 0, format, values);
    va_end(values);
    char *text = malloc((size_t)length + 1);
    if (text == NULL) fail("no memory", NULL);
    va_start(values, format);
    vsnprintf(text, (size_t)length + 1, format, values);
    va_end(values);
    return text;
}

char *json_escaped(const char *text) {
    char *out = malloc(2 * strlen(text) + 1);
    if (out == NULL) fail("no memory", NULL);
    char *to = out;
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') *to++ = '\\';
        *to++ = *text;
    }
    *to = '\0';
    return out;
}

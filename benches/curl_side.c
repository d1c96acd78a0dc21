#define _POSIX_C_SOURCE 200809L
#include "curl_side.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "library.h"

static size_t take(char *bytes, size_t size, size_t count, void *given) {
    struct poster *poster = given;
    size_t length = size * count;
    if (poster->length + length >= poster->capacity) {
        poster->capacity = 2 * (poster->length + length) + 1;
        poster->text = realloc(poster->text, poster->capacity);
        if (poster->text == NULL) fail("no memory", NULL);
    }
    memcpy(poster->text + poster->length, bytes, length);
    poster->length += length;
    return length;
}

static void set_headers(struct poster *poster, const char *const *more, int count) {
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json;charset=UTF-8");
    headers = curl_slist_append(headers, "Expect:");
    for (int n = 0; n < count; n++) headers = curl_slist_append(headers, more[n]);
    if (headers == NULL) fail("no memory", NULL);
    curl_easy_setopt(poster->handle, CURLOPT_HTTPHEADER, headers);
    curl_slist_free_all(poster->headers);
    poster->headers = headers;
}

void poster_open(struct poster *poster, const char *url) {
    *poster = (struct poster){.handle = curl_easy_init(), .text = malloc(1), .capacity = 1};
    if (poster->handle == NULL || poster->text == NULL) fail("no libcurl", NULL);
    set_headers(poster, NULL, 0);
    curl_easy_setopt(poster->handle, CURLOPT_URL, url);
    curl_easy_setopt(poster->handle, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(poster->handle, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(poster->handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(poster->handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(poster->handle, CURLOPT_WRITEDATA, poster);
}

void poster_sign(struct poster *poster, const char *sid, const char *timestamp, const char *sign) {
    char *lines[] = {text_of("sid: %s", sid), text_of("timestamp: %s", timestamp), text_of("sign: %s", sign)};
    set_headers(poster, (const char *const *)lines, 3);
    for (int n = 0; n < 3; n++) free(lines[n]);
}

double poster_send(struct poster *poster, const char *body) {
    curl_easy_setopt(poster->handle, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(poster->handle, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
    double start = now_ns();
    poster->length = 0;
    CURLcode code = curl_easy_perform(poster->handle);
    double ns = now_ns() - start;
    poster->text[poster->length] = '\0';
    if (code != CURLE_OK) fail("libcurl POST", curl_easy_strerror(code));
    return ns;
}

void poster_check_kept(const struct poster *poster) {
    long connects = 0;
    curl_easy_getinfo(poster->handle, CURLINFO_NUM_CONNECTS, &connects);
    if (connects != 0) fail("libcurl", "the connection was not kept");
}

void poster_close(struct poster *poster) {
    curl_easy_cleanup(poster->handle);
    curl_slist_free_all(poster->headers);
    free(poster->text);
}

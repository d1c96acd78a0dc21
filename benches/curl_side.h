/* POST by libcurl as a careful host sets it up: connection kept, no Nagle, no 100-continue. */
#ifndef BENCH_CURL_SIDE_H
#define BENCH_CURL_SIDE_H

#include <stddef.h>

struct poster {
    void *handle, *headers;
    /* The last answer's body, zero-terminated. */
    char *text;
    size_t length, capacity;
};

void poster_open(struct poster *poster, const char *url);

/* Takes the place of the headers sid, timestamp and sign, from then on. */
void poster_sign(struct poster *poster, const char *sid, const char *timestamp, const char *sign);

/* Posts and takes the whole answer; gives the nanoseconds that libcurl needed. Ends the program where it fails. */
double poster_send(struct poster *poster, const char *body);

/* Ends the program unless the last request went over the connection of the one before. */
void poster_check_kept(const struct poster *poster);

void poster_close(struct poster *poster);

#endif

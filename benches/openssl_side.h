/* The bare OpenSSL calls for the bytes that the library works on: the yardstick. */
#ifndef BENCH_OPENSSL_SIDE_H
#define BENCH_OPENSSL_SIDE_H

#include <stddef.h>

enum { MOST_BYTES = 2048 };

struct sealing {
    const char *signing_text, *plain;
    size_t signing_length, plain_length;
};

struct sealed {
    char sign[33];
    char data[2 * MOST_BYTES + 1];
};

struct opening {
    const char *signing_text, *data, *sign;
    size_t signing_length, data_length;
};

struct opened {
    int verified;
    size_t length;
    unsigned char plain[MOST_BYTES];
};

/* As an ordinary host writes it: every context made, used and freed. */
void openssl_seal_ordinary(const struct sealing *in, struct sealed *out);
void openssl_open_ordinary(const struct opening *in, struct opened *out);

/* The fastest way: algorithms fetched, contexts made and the key set once, by openssl_prepare. */
void openssl_prepare(void);
void openssl_seal_reused(const struct sealing *in, struct sealed *out);
void openssl_open_reused(const struct opening *in, struct opened *out);

/* The card platform's sign: HMAC-SHA256 in lower-case hex over the MD5 in upper-case hex, contexts and key reused. */
void openssl_glory_prepare(const char *key);
void openssl_glory_sign(const char *text, size_t length, char sign[65]);

#endif

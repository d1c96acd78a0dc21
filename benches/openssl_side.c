#include "openssl_side.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "charge.h"
#include "library.h"

static const unsigned char *const KEY = (const unsigned char *)MESSAGE_KEY;
static const unsigned char *const IV = (const unsigned char *)AES_IV;

static EVP_MD *md5;
static EVP_MD_CTX *digesting;
static EVP_CIPHER_CTX *encrypting, *decrypting;
static EVP_MAC_CTX *keyed;

static void check(int done) {
    if (!done) fail("OpenSSL refuses", NULL);
}

static void hex(char *out, const unsigned char *bytes, size_t count, const char *digits) {
    for (size_t n = 0; n < count; n++) {
        *out++ = digits[bytes[n] >> 4];
        *out++ = digits[bytes[n] & 15];
    }
    *out = '\0';
}

static void upper_hex(char *out, const unsigned char *bytes, size_t count) {
    hex(out, bytes, count, "0123456789ABCDEF");
}

/* Values of upper-case hex digits plus one, so that zero marks any other character. */
static const unsigned char DIGIT[256] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

static void from_hex(unsigned char *out, const char *hex, size_t length) {
    for (size_t n = 0; n + 1 < length; n += 2) {
        int high = DIGIT[(unsigned char)hex[n]], low = DIGIT[(unsigned char)hex[n + 1]];
        check(high && low);
        *out++ = (unsigned char)((high - 1) << 4 | (low - 1));
    }
}

static void digest_ordinary(const char *text, size_t length, char sign[33]) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int size;
    check(EVP_Digest(text, length, hash, &size, EVP_md5(), NULL));
    upper_hex(sign, hash, size);
}

static void digest_reused(const char *text, size_t length, char sign[33]) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int size;
    check(EVP_DigestInit_ex2(digesting, md5, NULL));
    check(EVP_DigestUpdate(digesting, text, length));
    check(EVP_DigestFinal_ex(digesting, hash, &size));
    upper_hex(sign, hash, size);
}

static void encrypt(EVP_CIPHER_CTX *context, const struct sealing *in, char *data) {
    unsigned char bytes[MOST_BYTES];
    int length, rest;
    check(EVP_EncryptUpdate(context, bytes, &length, (const unsigned char *)in->plain, (int)in->plain_length));
    check(EVP_EncryptFinal_ex(context, bytes + length, &rest));
    upper_hex(data, bytes, (size_t)(length + rest));
}

static void decrypt(EVP_CIPHER_CTX *context, const struct opening *in, struct opened *out) {
    unsigned char bytes[MOST_BYTES];
    int length, rest;
    from_hex(bytes, in->data, in->data_length);
    check(EVP_DecryptUpdate(context, out->plain, &length, bytes, (int)(in->data_length / 2)));
    check(EVP_DecryptFinal_ex(context, out->plain + length, &rest));
    out->length = (size_t)(length + rest);
}

void openssl_seal_ordinary(const struct sealing *in, struct sealed *out) {
    digest_ordinary(in->signing_text, in->signing_length, out->sign);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    check(context != NULL);
    check(EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), NULL, KEY, IV));
    encrypt(context, in, out->data);
    EVP_CIPHER_CTX_free(context);
}

void openssl_open_ordinary(const struct opening *in, struct opened *out) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    check(context != NULL);
    check(EVP_DecryptInit_ex(context, EVP_aes_128_cbc(), NULL, KEY, IV));
    decrypt(context, in, out);
    EVP_CIPHER_CTX_free(context);
    char sign[33];
    digest_ordinary(in->signing_text, in->signing_length, sign);
    out->verified = CRYPTO_memcmp(sign, in->sign, 32) == 0;
}

void openssl_prepare(void) {
    EVP_CIPHER *aes = EVP_CIPHER_fetch(NULL, "AES-128-CBC", NULL);
    md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    digesting = EVP_MD_CTX_new();
    encrypting = EVP_CIPHER_CTX_new();
    decrypting = EVP_CIPHER_CTX_new();
    check(aes != NULL && md5 != NULL && digesting != NULL && encrypting != NULL && decrypting != NULL);
    check(EVP_EncryptInit_ex2(encrypting, aes, KEY, IV, NULL));
    check(EVP_DecryptInit_ex2(decrypting, aes, KEY, IV, NULL));
    EVP_CIPHER_free(aes);
}

void openssl_seal_reused(const struct sealing *in, struct sealed *out) {
    digest_reused(in->signing_text, in->signing_length, out->sign);
    check(EVP_EncryptInit_ex2(encrypting, NULL, NULL, IV, NULL));
    encrypt(encrypting, in, out->data);
}

void openssl_open_reused(const struct opening *in, struct opened *out) {
    check(EVP_DecryptInit_ex2(decrypting, NULL, NULL, IV, NULL));
    decrypt(decrypting, in, out);
    char sign[33];
    digest_reused(in->signing_text, in->signing_length, sign);
    out->verified = CRYPTO_memcmp(sign, in->sign, 32) == 0;
}

void openssl_glory_prepare(const char *key) {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    check(hmac != NULL);
    keyed = EVP_MAC_CTX_new(hmac);
    check(keyed != NULL && EVP_MAC_init(keyed, (const unsigned char *)key, strlen(key), parameters));
    EVP_MAC_free(hmac);
}

void openssl_glory_sign(const char *text, size_t length, char sign[65]) {
    unsigned char code[EVP_MAX_MD_SIZE];
    char digest[33];
    size_t size;
    digest_reused(text, length, digest);
    check(EVP_MAC_init(keyed, NULL, 0, NULL));
    check(EVP_MAC_update(keyed, (const unsigned char *)digest, 32));
    check(EVP_MAC_final(keyed, code, &size, sizeof code));
    hex(sign, code, size, "0123456789abcdef");
}

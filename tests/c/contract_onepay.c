/* The contract of signing and encrypting: what cannot be done is rejected, with its place. */

#include "check.h"

#define MESSAGE(text) "{" ONEPAY("") ",\"message\":" text "}"

/* Another first character: the message key comes from the beginning of the secret only. */
#define OTHER_SECRET(cipher) \
    "\"onepay\":{\"appId\":\"" APP_ID "\",\"appSecret\":\"2A3VL0KVE0010B010A0A0000277BDC91\",\"encryptType\":\"" cipher \
    "\"}"

static void settings(void)
{
    REJECTED(hislink_onepay_sign("{\"onepay\":{\"appId\":\"A\"},\"message\":{}}"), "BAD_SETTINGS", "/onepay/appSecret");
    REJECTED(hislink_onepay_encrypt("{\"onepay\":{\"appId\":\"A\"},\"text\":\"x\"}"), "BAD_SETTINGS",
        "/onepay/appSecret");
    REJECTED(hislink_onepay_seal("{\"onepay\":{\"appSecret\":\"S\"},\"transType\":\"t\",\"param\":{}}"), "BAD_SETTINGS",
        "/onepay/appId");
    REJECTED(hislink_configure("{\"onepay\":{\"appSecret\":\"S\"}}"), "BAD_SETTINGS", "/onepay/appId");
    REJECTED(hislink_configure("{\"onepay\":{\"appId\":\"A\"}}"), "BAD_SETTINGS", "/onepay/appSecret");
    REJECTED(hislink_configure("{}"), "BAD_SETTINGS", "/onepay");
}

static void short_app_id(void)
{
    REJECTED(hislink_onepay_encrypt(
                 "{\"onepay\":{\"appId\":\"1234567\",\"appSecret\":\"S\",\"encryptType\":\"DES\"},\"text\":\"x\"}"),
        "BAD_SETTINGS", "/onepay/appId");
    SUCCEEDED(hislink_onepay_encrypt(
        "{\"onepay\":{\"appId\":\"12345678\",\"appSecret\":\"S\",\"encryptType\":\"DES\"},\"text\":\"x\"}"));
    REJECTED(hislink_configure("{\"onepay\":{\"appId\":\"123456789012345\",\"appSecret\":\"S\",\"encryptType\":\"SM4\"}}"),
        "BAD_SETTINGS", "/onepay/appId");
    SUCCEEDED(hislink_onepay_encrypt(
        "{\"onepay\":{\"appId\":\"1234567890123456\",\"appSecret\":\"S\",\"encryptType\":\"SM4\"},\"text\":\"x\"}"));
    /* The message's own cipher decides on opening, so it comes to light only there. */
    REJECTED(hislink_onepay_open("{\"onepay\":{\"appId\":\"1234567\",\"appSecret\":\"S\"},"
                                 "\"message\":{\"encryptData\":\"AAAAAAAAAAA=\",\"encryptType\":\"DES\",\"sign\":\"x\"}}"),
        "BAD_SETTINGS", "/onepay/appId");
}

static void unknown_types(void)
{
    REJECTED(hislink_onepay_sign(MESSAGE("{\"appId\":\"A\",\"signType\":\"RSA\"}")), "BAD_FIELD", "/message/signType");
    REJECTED(hislink_onepay_sign(MESSAGE("{\"appId\":\"A\",\"signType\":\"md5\"}")), "BAD_FIELD", "/message/signType");
    REJECTED(hislink_onepay_verify(MESSAGE("{\"appId\":\"A\",\"sign\":\"x\",\"signType\":\"HMACSHA256\"}")),
        "BAD_FIELD", "/message/signType");
    REJECTED(hislink_onepay_open(MESSAGE("{\"encryptData\":\"00\",\"encryptType\":\"RC4\",\"sign\":\"x\"}")),
        "BAD_FIELD", "/message/encryptType");
    REJECTED(hislink_configure("{" ONEPAY(",\"signType\":\"RSA\"") "}"), "BAD_SETTINGS", "/onepay/signType");
    REJECTED(hislink_configure("{" ONEPAY(",\"encryptType\":\"RC4\"") "}"), "BAD_SETTINGS", "/onepay/encryptType");
    REJECTED(hislink_configure("{" ONEPAY(",\"keyOrder\":\"random\"") "}"), "BAD_SETTINGS", "/onepay/keyOrder");
}

static void values_that_cannot_be_signed(void)
{
    REJECTED(hislink_onepay_sign(MESSAGE("{\"param\":{\"list\":[1,{\"a/b\":[2,null]}]}}")), "BAD_FIELD",
        "/message/param/list/1/a~1b/1");
    REJECTED(hislink_onepay_seal("{" ONEPAY("") ",\"transType\":\"t\",\"param\":{\"list\":[null]}}"), "BAD_FIELD",
        "/param/list/0");
    REJECTED(hislink_onepay_sign(MESSAGE("{\"param\":{\"amount\":1e999999999}}")), "BAD_FIELD", "/message/param/amount");
    REJECTED(hislink_onepay_sign(MESSAGE("{\"param\":{\"amount\":-1E-999999999}}")), "BAD_FIELD",
        "/message/param/amount");
    REJECTED(hislink_onepay_sign(MESSAGE("\"{\\\"amount\\\":1e99999999999999999999}\"")), "BAD_FIELD",
        "/message/amount");
    REJECTED(hislink_onepay_verify(MESSAGE("{\"appId\":\"A\"}")), "BAD_FIELD", "/message/sign");
}

static void mismatch(void)
{
    char *reply = hislink_onepay_verify(MESSAGE("{\"appId\":\"A\",\"sign\":\"00000000000000000000000000000000\"}"));

    CHECK(is_member(json_find(reply, "data"), "text", "appId=A&key=***"), reply);
    EXPECT(reply, "failed", "SIGN_MISMATCH", NO_FIELD);
    EXPECT(hislink_onepay_open(MESSAGE("{\"respCode\":\"000000\",\"param\":{}}")), "failed", "SIGN_MISMATCH", NO_FIELD);
}

/* GBK, in which SM4 travels, has no emoji; AES and DES travel in UTF-8. */
static void characters_that_gbk_lacks(void)
{
    REJECTED(hislink_onepay_encrypt("{" CIPHER("SM4") ",\"text\":\"\\ud83d\\ude00\"}"), "BAD_FIELD", "/text");
    REJECTED(hislink_onepay_encrypt("{" CIPHER("SM4") ",\"text\":\"\xF0\x9F\x98\x80\"}"), "BAD_FIELD", "/text");
    REJECTED(hislink_onepay_seal("{" CIPHER("SM4") ",\"transType\":\"t\",\"param\":{\"name\":\"\\ud83d\\ude00\"}}"),
        "BAD_FIELD", "/param/name");
    SUCCEEDED(hislink_onepay_encrypt("{" CIPHER("SM4") ",\"text\":\"\\u20ac\\u4e2d\"}"));
    SUCCEEDED(hislink_onepay_encrypt("{" CIPHER("AES") ",\"text\":\"\\ud83d\\ude00\"}"));
    SUCCEEDED(hislink_onepay_encrypt("{" CIPHER("DES") ",\"text\":\"\\ud83d\\ude00\"}"));
}

static void refused_ciphertext(int line, const char *settings_text, const char *ciphertext)
{
    char request[1024];

    snprintf(request, sizeof request, "{%s,\"encryptData\":\"%s\"}", settings_text, ciphertext);
    expect(__FILE__, line, hislink_onepay_decrypt(request), "rejected", "DECRYPT_FAILED", "/encryptData");
}

static void broken_ciphertexts(void)
{
    static const char *const not_hex[] = {"", "0", "ABC", "ZZ", "00112233445566778899AABBCCDDEEF", "00", "0 1",
        "00112233445566778899AABBCCDDEEFF00", "\\u4e2d\\u6587"};
    static const char *const not_base64[] = {"", "A", "AAAA", "AAAAAAAAAAA", "AAAAAAAAAAA!", "=AAAAAAAAAA=", "\\u4e2d"};
    size_t n;

    for (n = 0; n < sizeof not_hex / sizeof not_hex[0]; n++)
        refused_ciphertext(__LINE__, CIPHER("AES"), not_hex[n]);
    for (n = 0; n < sizeof not_base64 / sizeof not_base64[0]; n++) {
        refused_ciphertext(__LINE__, CIPHER("DES"), not_base64[n]);
        refused_ciphertext(__LINE__, CIPHER("SM4"), not_base64[n]);
    }
    /* Whole blocks, but what decrypts has no padding. */
    refused_ciphertext(__LINE__, CIPHER("AES"), "00112233445566778899AABBCCDDEEFF");
    refused_ciphertext(__LINE__, CIPHER("DES"), "AAAAAAAAAAA=");
    refused_ciphertext(__LINE__, CIPHER("SM4"), "AAAAAAAAAAAAAAAAAAAAAA==");
    REJECTED(hislink_onepay_open(MESSAGE("{\"encryptData\":\"0\",\"encryptType\":\"AES\",\"sign\":\"x\"}")),
        "DECRYPT_FAILED", "/message/encryptData");
    REJECTED(hislink_onepay_open(MESSAGE("{\"encryptData\":7,\"encryptType\":\"AES\",\"sign\":\"x\"}")), "BAD_FIELD",
        "/message/encryptData");
}

static void wrong_secret(int line, const char *encrypting, const char *decrypting)
{
    char data[256];
    char *reply = hislink_onepay_encrypt(encrypting);

    if (json_text(reply, "encryptData", data, sizeof data) < 0)
        stop(__FILE__, line, "encrypted", reply);
    hislink_free(reply);
    refused_ciphertext(line, decrypting, data);
}

int main(void)
{
    settings();
    short_app_id();
    unknown_types();
    values_that_cannot_be_signed();
    mismatch();
    characters_that_gbk_lacks();
    broken_ciphertexts();
    wrong_secret(__LINE__, "{" CIPHER("AES") ",\"text\":\"\\u4e2d\\u6587\"}", OTHER_SECRET("AES"));
    wrong_secret(__LINE__, "{" CIPHER("DES") ",\"text\":\"\\u4e2d\\u6587\"}", OTHER_SECRET("DES"));
    wrong_secret(__LINE__, "{" CIPHER("SM4") ",\"text\":\"\\u4e2d\\u6587\"}", OTHER_SECRET("SM4"));
    puts("contract_onepay: fine");
    return 0;
}

/* Encrypts a param under each cipher, and decrypts it again. */

#include "hislink.h"
#include "json_text.h"

#define SETTINGS \
    "\"onepay\":{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\"," \
    "\"appSecret\":\"1A3VL0KVE0010B010A0A0000277BDC91\",\"encryptType\":\"%s\"}"

/* A name in Chinese, and an amount whose two decimals must survive. */
#define PARAM "{\"cardNo\":\"10001\",\"userName\":\"\\u5f20\\u4e09\",\"chargeAmt\":100.00}"

static int encrypt_and_decrypt(const char *cipher)
{
    char request[1024];
    char data[512];
    char text[512];
    char amount[32];
    char *reply;

    snprintf(request, sizeof request, "{" SETTINGS ",\"param\":" PARAM "}", cipher);
    reply = hislink_onepay_encrypt(request);
    if (json_text(reply, "encryptData", data, sizeof data) < 0) {
        fprintf(stderr, "not encrypted: %s\n", reply);
        hislink_free(reply);
        return 1;
    }
    hislink_free(reply);

    /* Hex and base64 hold nothing that JSON must escape. */
    snprintf(request, sizeof request, "{" SETTINGS ",\"encryptData\":\"%s\"}", cipher, data);
    reply = hislink_onepay_decrypt(request);
    if (json_text(reply, "text", text, sizeof text) < 0
        || json_text(json_find(reply, "param"), "chargeAmt", amount, sizeof amount) < 0) {
        fprintf(stderr, "not decrypted: %s\n", reply);
        hislink_free(reply);
        return 1;
    }
    hislink_free(reply);

    printf("%-3s %s\n    %s\n", cipher, data, text);
    if (strcmp(amount, "100.00") != 0) {
        fprintf(stderr, "the amount came back as %s\n", amount);
        return 1;
    }
    return 0;
}

int main(void)
{
    show_utf8();
    return encrypt_and_decrypt("AES") || encrypt_and_decrypt("DES") || encrypt_and_decrypt("SM4");
}

/* Seals a request, and opens an answer: for programs that do the HTTP themselves. */

#include "hislink.h"
#include "json_text.h"

#define SETTINGS \
    "\"onepay\":{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"appSecret\":\"1A3VL0KVE0010B010A0A0000277BDC91\"}"

/* The document's charge answer, as it came over HTTP. */
#define ANSWER \
    "{\"encryptData\":\"0FE9C0E3DA4A94F7014DBA93C34D48123FDDCA34998537D8F12883A9C92D5CC608955AB6E7815BBABC7113633" \
    "73684A75CB30986C2639571FA46A715C86025C7EA1B10ED135AADEFCD007B7EAE65BC402C19EC50CC4ABF9A7C6972F25AB773F411131" \
    "2C183ACFF6163728B5AA6AE56663FCEE0F6A98AC1AC899608D3BC33E5C67116EA21A53450CD9C8229FE555F045A6C6944B8A3338EFC1" \
    "B6FD9FCECF5F2B5\",\"encryptType\":\"AES\",\"respCode\":\"000000\"," \
    "\"respMsg\":\"\\u5904\\u7406\\u6210\\u529f\",\"sign\":\"17122A2041288920CA16A62752FB38CB\"," \
    "\"signType\":\"MD5\",\"timestamp\":\"20161226093147927\"}"

static int seal(void)
{
    char message[2048];
    char *reply = hislink_onepay_seal(
        "{" SETTINGS ",\"transType\":\"hop.account.info\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}");

    /* The reply's own "message" is a sentence; the sealed one stands inside "data". */
    if (json_text(json_find(reply, "data"), "message", message, sizeof message) < 0) {
        fprintf(stderr, "not sealed: %s\n", reply);
        hislink_free(reply);
        return 1;
    }
    hislink_free(reply);
    printf("post this: %s\n", message);
    return 0;
}

static int open_answer(void)
{
    char verified[8];
    char param[512];
    char qrcode[128];
    char *reply = hislink_onepay_open("{" SETTINGS ",\"message\":" ANSWER "}");

    if (json_text(reply, "verified", verified, sizeof verified) < 0
        || json_text(reply, "param", param, sizeof param) < 0
        || json_text(reply, "qrcode", qrcode, sizeof qrcode) < 0) {
        fprintf(stderr, "not opened: %s\n", reply);
        hislink_free(reply);
        return 1;
    }
    hislink_free(reply);

    printf("verified: %s\nparam: %s\n", verified, param);
    if (strcmp(verified, "true") != 0 || strcmp(qrcode, "weixin://wxpay/bizpayurl?pr=75gzLi6") != 0) {
        fprintf(stderr, "not what the document prints\n");
        return 1;
    }
    return 0;
}

int main(void)
{
    show_utf8();
    return seal() || open_answer();
}

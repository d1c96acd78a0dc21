/* Signs the document's charge example, and shows the sign and the text that was signed. */

#include "hislink.h"
#include "json_text.h"

/* The identity that the document prints. With a configured profile, requests need no "onepay". */
#define SETTINGS \
    "\"onepay\":{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"appSecret\":\"1A3VL0KVE0010B010A0A0000277BDC91\"}"

/* Chinese stands as \u escapes, so that this file compiles alike under every code page; UTF-8 text is fine too. */
#define MESSAGE \
    "{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"encryptType\":\"AES\",\"signType\":\"MD5\"," \
    "\"timestamp\":\"20161226093149\",\"transType\":\"op.trade.charge\",\"param\":{" \
    "\"channel\":\"WX_QR\",\"chargeAmt\":1,\"chargeGoodsDetail\":[{\"chargeAmt\":1," \
    "\"goodsInfo\":\"\\u660e\\u7ec6\\u4fe1\\u606f\",\"goodsName\":\"\\u660e\\u7ec6\\u6807\\u9898\"," \
    "\"orgPrice\":1,\"price\":1,\"quantity\":\"1\",\"remark\":\"\\u5907\\u6ce8\"}],\"extra\":{}," \
    "\"outChargeNo\":\"OC12260001\",\"outChargeTime\":\"20161226093148\"," \
    "\"returnUrl\":\"http://120.42.37.94:1301/onepay-test-web/returnUrl\"," \
    "\"showUrl\":\"http://www.ylzinfo.com\",\"subject\":\"\\u6613\\u60e0-\\u652f\\u4ed8\"}}"

#define PRINTED_SIGN "FA57D29EBC64622116F5B9272AB407AF"

int main(void)
{
    char sign[64];
    char text[2048];
    char *reply;

    show_utf8();
    reply = hislink_onepay_sign("{" SETTINGS ",\"message\":" MESSAGE "}");
    if (json_text(reply, "sign", sign, sizeof sign) < 0 || json_text(reply, "text", text, sizeof text) < 0) {
        fprintf(stderr, "not signed: %s\n", reply);
        hislink_free(reply);
        return 1;
    }
    hislink_free(reply);

    printf("sign: %s\n", sign);
    printf("text: %s\n", text);
    if (strcmp(sign, PRINTED_SIGN) != 0) {
        fprintf(stderr, "the document prints %s\n", PRINTED_SIGN);
        return 1;
    }
    return 0;
}

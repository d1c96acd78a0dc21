/* Verifies an answer of the platform, and shows what a changed answer looks like. */

#include "hislink.h"
#include "json_text.h"

#define SETTINGS \
    "\"onepay\":{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"appSecret\":\"1A3VL0KVE0010B010A0A0000277BDC91\"}"

/* The document's WeChat answer; respMsg holds Chinese. Only the number of the charge is left open. */
#define ANSWER(charge_no) \
    "{\"respCode\":\"000000\",\"respMsg\":\"\\u5904\\u7406\\u6210\\u529f\",\"timestamp\":\"20160929132650301\"," \
    "\"sign\":\"A9085E68A4D545628A009065AE0ECFE2\",\"param\":{\"chargeNo\":\"" charge_no "\"," \
    "\"outChargeNo\":\"201609221055122142\",\"credential\":{\"WX_APP\":{\"appid\":\"wxe4fa81d8fd121a22\"," \
    "\"nonceStr\":\"4otknlnyu3v1kddlkagsymp6zojmxvhf\",\"package\":\"Sign=WXPay\",\"partnerid\":\"1270560301\"," \
    "\"prepayid\":\"wx20160922154537da4a45a89c0584844458\",\"sign\":\"F8598C909881E6EB42631DB7087E84A6\"," \
    "\"timeStamp\":\"1475126810\"}}}}"

static int verify(const char *request, const char *expected_code)
{
    char status[16];
    char code[32];
    char message[256];
    char text[1024];
    char *reply = hislink_onepay_verify(request);

    json_text(reply, "status", status, sizeof status);
    json_text(reply, "code", code, sizeof code);
    json_text(reply, "message", message, sizeof message);
    printf("%s %s: %s\n", status, code, message);
    /* On a mismatch the reply shows the text that was signed: compare it with the platform's. */
    if (json_text(reply, "text", text, sizeof text) > 0)
        printf("signing text: %s\n", text);
    hislink_free(reply);
    if (strcmp(code, expected_code) != 0) {
        fprintf(stderr, "expected %s\n", expected_code);
        return 1;
    }
    return 0;
}

int main(void)
{
    show_utf8();
    if (verify("{" SETTINGS ",\"message\":" ANSWER("201609221543522572") "}", "OK") != 0)
        return 1;
    return verify("{" SETTINGS ",\"message\":" ANSWER("201609221543522573") "}", "SIGN_MISMATCH");
}

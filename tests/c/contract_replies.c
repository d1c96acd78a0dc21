/* The contract of replies: tags come back, numbers keep their spelling, the same call gives the same reply, and the
 * library can be used again after hislink_shutdown. */

#include "check.h"

#define NUMBERS "{\"a\":1.10,\"b\":1E2,\"c\":12345678901234567890,\"d\":-0,\"e\":1e+02}"
#define CARD "{\"cardType\":\"03\",\"cardNo\":\"10001\"}"
#define SEALING "\"transType\":\"hop.account.info\",\"timestamp\":\"20261121100000\""

/* A tag comes back as it was written, in replies of every status. */
static void tag(const char *value)
{
    char request[512];
    char expected[128];
    char *reply;

    snprintf(expected, sizeof expected, "\"tag\":%s", value);

    snprintf(request, sizeof request, "{\"tag\":%s}", value);
    reply = hislink_order_no(request);
    CHECK(strstr(reply, expected) != NULL, reply);
    SUCCEEDED(reply);

    snprintf(request, sizeof request, "{\"tag\":%s,\"prefix\":7}", value);
    reply = hislink_order_no(request);
    CHECK(strstr(reply, expected) != NULL, reply);
    REJECTED(reply, "BAD_FIELD", "/prefix");

    snprintf(request, sizeof request, "{\"tag\":%s,\"unknown\":7}", value);
    reply = hislink_order_no(request);
    CHECK(strstr(reply, expected) != NULL, reply);
    REJECTED(reply, "BAD_FIELD", "/unknown");

    snprintf(request, sizeof request, "{\"tag\":%s," ONEPAY("") ",\"message\":{\"appId\":\"A\",\"sign\":\"0\"}}", value);
    reply = hislink_onepay_verify(request);
    CHECK(strstr(reply, expected) != NULL, reply);
    EXPECT(reply, "failed", "SIGN_MISMATCH", NO_FIELD);
}

static void no_tag_unless_given(void)
{
    char *reply = hislink_order_no("{}");

    CHECK(json_find(reply, "tag") == NULL, reply);
    SUCCEEDED(reply);
}

static void numbers_keep_their_spelling(void)
{
    char request[2048];
    char data[512];
    char *reply = hislink_onepay_seal("{" CIPHER("Plain") "," SEALING ",\"param\":" NUMBERS "}");

    CHECK(strstr(reply, "\"param\":" NUMBERS) != NULL, reply);
    SUCCEEDED(reply);

    reply = hislink_onepay_encrypt("{" CIPHER("AES") ",\"param\":" NUMBERS "}");
    CHECK(json_text(reply, "encryptData", data, sizeof data) > 0, reply);
    SUCCEEDED(reply);
    snprintf(request, sizeof request, "{" CIPHER("AES") ",\"encryptData\":\"%s\"}", data);
    reply = hislink_onepay_decrypt(request);
    CHECK(strstr(reply, "\"param\":" NUMBERS) != NULL, reply);
    SUCCEEDED(reply);

    reply = hislink_onepay_seal("{" CIPHER("SM4") "," SEALING ",\"param\":" NUMBERS "}");
    CHECK(json_text(json_find(reply, "data"), "message", data, sizeof data) > 0, reply);
    SUCCEEDED(reply);
    snprintf(request, sizeof request, "{" ONEPAY("") ",\"message\":%s}", data);
    reply = hislink_onepay_open(request);
    CHECK(strstr(reply, "\"param\":" NUMBERS) != NULL, reply);
    SUCCEEDED(reply);
}

static void same_reply_twice(int line, char *(*operation)(const char *), const char *request)
{
    char *one = operation(request);
    char *other = operation(request);

    if (one == other || strcmp(one, other) != 0)
        stop(__FILE__, line, "the same call gives the same reply, in memory of its own", other);
    hislink_free(other);
    expect(__FILE__, line, one, "succeeded", "OK", NO_FIELD);
}

static void replies_are_deterministic(void)
{
    same_reply_twice(__LINE__, hislink_describe, "{}");
    same_reply_twice(__LINE__, hislink_configure, "{\"profile\":\"p\"," ONEPAY("") ",\"store\":\"sqlite:x\"}");
    same_reply_twice(__LINE__, hislink_onepay_sign, "{" ONEPAY("") ",\"message\":{\"appId\":\"A\",\"param\":" CARD "}}");
    same_reply_twice(__LINE__, hislink_onepay_encrypt, "{" CIPHER("AES") ",\"param\":" CARD "}");
    same_reply_twice(__LINE__, hislink_onepay_encrypt, "{" CIPHER("DES") ",\"param\":" CARD "}");
    same_reply_twice(__LINE__, hislink_onepay_encrypt, "{" CIPHER("SM4") ",\"param\":" CARD "}");
    same_reply_twice(__LINE__, hislink_onepay_seal, "{" ONEPAY("") "," SEALING ",\"param\":" CARD "}");
}

static void version(void)
{
    const char *text = hislink_version();
    char *reply = hislink_describe(NULL);

    CHECK(text != NULL && text == hislink_version(), reply);
    CHECK(*text >= '0' && *text <= '9', text);
    CHECK(is_member(reply, "version", text), reply);
    SUCCEEDED(reply);
}

static void shutdown_and_after(void)
{
    SUCCEEDED(hislink_configure("{" ONEPAY("") "}"));
    hislink_shutdown();
    hislink_shutdown();
    SUCCEEDED(hislink_order_no(NULL));
    /* The profiles stay. */
    SUCCEEDED(hislink_onepay_sign("{\"message\":{\"appId\":\"A\"}}"));
    SUCCEEDED(hislink_configure("{" ONEPAY("") "}"));
    hislink_shutdown();
}

int main(void)
{
    hislink_shutdown();
    tag("\"window 3\"");
    tag("{\"window\":[3,1.10,1E2,null,\"\\\"\"]}");
    tag("12345678901234567890");
    tag("null");
    no_tag_unless_given();
    numbers_keep_their_spelling();
    replies_are_deterministic();
    version();
    shutdown_and_after();
    puts("contract_replies: fine");
    return 0;
}

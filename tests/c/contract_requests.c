/* The contract of requests: every kind of wrong text and wrong member is rejected by name, and crashes nothing. */

#include "check.h"

#define MIB ((size_t)1024 * 1024)

typedef char *(*operation)(const char *request);

/* One of each kind: no profile needed, settings, pure, over HTTP. */
static const operation OPERATIONS[] = {
    hislink_order_no, hislink_describe, hislink_configure, hislink_onepay_sign, hislink_onepay_recharge,
};

/* What no operation may take as a request, whatever it does. */
static void refused_by_all(int line, const char *request, const char *code)
{
    size_t n;

    for (n = 0; n < sizeof OPERATIONS / sizeof OPERATIONS[0]; n++) {
        char *reply = OPERATIONS[n](request);
        const char *field = json_find(reply, "field");
        expect(__FILE__, line, reply, "rejected", code, field == NULL ? NO_FIELD : BELOW("/"));
    }
}

static void null_counts_as_an_empty_object(void)
{
    char *from_null = hislink_describe(NULL);
    char *from_empty = hislink_describe("{}");

    CHECK(strcmp(from_null, from_empty) == 0, from_null);
    hislink_free(from_null);
    SUCCEEDED(from_empty);
    SUCCEEDED(hislink_order_no(NULL));
    REJECTED(hislink_onepay_sign(NULL), "NO_PROFILE", "/profile");
    hislink_free(NULL);
}

static void texts_that_are_no_json_object(void)
{
    static const char *const texts[] = {
        "", " ", "[]", "1", "\"text\"", "null", "true", "{", "{}}", "{},", "{\"tag\":}", "{\"tag\":01}", "{tag:1}",
        "{'tag':1}", "{\"tag\":\"a\nb\"}", "{\"tag\":\"\\x\"}", "{\"tag\":\"\\ud800\"}", "{\"tag\":1,}", "{\"tag", "\\",
        "{\"tag\":\"\\",
    };
    size_t n;

    for (n = 0; n < sizeof texts / sizeof texts[0]; n++)
        refused_by_all(__LINE__, texts[n], "BAD_JSON");
}

static void texts_that_are_no_utf8(void)
{
    /* GBK, as an old desktop program would send it; overlong; a surrogate; cut off; beyond Unicode. */
    refused_by_all(__LINE__, "{\"tag\":\"\xD6\xD0\xCE\xC4\"}", "BAD_ENCODING");
    refused_by_all(__LINE__, "{\"tag\":\"\xC0\x80\"}", "BAD_ENCODING");
    refused_by_all(__LINE__, "{\"tag\":\"\xED\xA0\x80\"}", "BAD_ENCODING");
    refused_by_all(__LINE__, "{\"tag\":\"\xE4\xB8", "BAD_ENCODING");
    refused_by_all(__LINE__, "{\"tag\":\"\xF4\x90\x80\x80\"}", "BAD_ENCODING");
    refused_by_all(__LINE__, "\xFF", "BAD_ENCODING");
}

static void size(void)
{
    size_t around = strlen("{\"tag\":\"\"}");
    char *text = filled("{\"tag\":\"", 'x', 16 * MIB - around, "\"}");

    CHECK(strlen(text) == 16 * MIB, "");
    SUCCEEDED(hislink_order_no(text));
    free(text);

    text = filled("{\"tag\":\"", 'x', 16 * MIB - around + 1, "\"}");
    refused_by_all(__LINE__, text, "BAD_JSON");
    free(text);

    text = filled("{\"tag\":\"", 'x', 17 * MIB, "\"}");
    refused_by_all(__LINE__, text, "BAD_JSON");
    free(text);
}

static char *nested(const char *before, size_t levels, const char *after)
{
    char *closed = filled("", ']', levels, after);
    char *text = filled(before, '[', levels, closed);

    free(closed);
    return text;
}

static void depth(void)
{
    char *text = nested("{\"tag\":", 127, "}");

    SUCCEEDED(hislink_order_no(text));
    free(text);

    text = nested("{\"tag\":", 128, "}");
    refused_by_all(__LINE__, text, "BAD_JSON");
    free(text);

    /* A message that comes as text is read anew, and counts for itself. */
    text = nested("{" ONEPAY("") ",\"message\":\"", 128, "\"}");
    REJECTED(hislink_onepay_sign(text), "BAD_FIELD", "/message");
    free(text);

    text = nested("{" ONEPAY("") ",\"message\":\"", 129, "\"}");
    REJECTED(hislink_onepay_sign(text), "BAD_JSON", BELOW("/message/0/0"));
    free(text);

    text = nested("", 100000, "");
    refused_by_all(__LINE__, text, "BAD_JSON");
    free(text);

    text = filled("", '[', 100000, "");
    refused_by_all(__LINE__, text, "BAD_JSON");
    free(text);

    text = filled("", '[', 16 * MIB, "");
    refused_by_all(__LINE__, text, "BAD_JSON");
    free(text);
}

static void unknown_members(void)
{
    REJECTED(hislink_order_no("{\"prefx\":\"A\"}"), "BAD_FIELD", "/prefx");
    REJECTED(hislink_describe("{\"a/b~c\":1}"), "BAD_FIELD", "/a~1b~0c");
    REJECTED(hislink_onepay_sign("{" ONEPAY("") ",\"mesage\":{}}"), "BAD_FIELD", "/mesage");
    REJECTED(hislink_onepay_query("{" ONEPAY("") ",\"orderno\":\"1\"}"), "BAD_FIELD", "/orderno");
    REJECTED(hislink_onepay_sign("{\"onepay\":{\"appid\":\"A\"},\"message\":{}}"), "BAD_SETTINGS", "/onepay/appid");
    REJECTED(hislink_configure("{" ONEPAY(",\"key\":\"x\"") "}"), "BAD_SETTINGS", "/onepay/key");
    REJECTED(hislink_configure("{" ONEPAY("") ",\"http\":{\"timeout\":1}}"), "BAD_SETTINGS", "/http/timeout");
}

static void wrong_types_and_values(void)
{
    REJECTED(hislink_order_no("{\"prefix\":7}"), "BAD_FIELD", "/prefix");
    REJECTED(hislink_order_no("{\"prefix\":\"NINECHARS\"}"), "BAD_FIELD", "/prefix");
    REJECTED(hislink_order_no("{\"prefix\":\"A B\"}"), "BAD_FIELD", "/prefix");
    REJECTED(hislink_onepay_sign("{\"profile\":7,\"message\":{}}"), "BAD_FIELD", "/profile");
    REJECTED(hislink_onepay_sign("{\"onepay\":7,\"message\":{}}"), "BAD_SETTINGS", "/onepay");
    REJECTED(hislink_onepay_sign("{\"onepay\":{\"appId\":7},\"message\":{}}"), "BAD_SETTINGS", "/onepay/appId");
    REJECTED(hislink_onepay_sign("{" ONEPAY("") ",\"message\":[]}"), "BAD_FIELD", "/message");
    REJECTED(hislink_onepay_sign("{" ONEPAY("") ",\"message\":\"7\"}"), "BAD_FIELD", "/message");
    REJECTED(hislink_onepay_sign("{" ONEPAY("") ",\"message\":\"{\"}"), "BAD_JSON", "/message");
    REJECTED(hislink_onepay_sign("{" ONEPAY("") ",\"message\":null}"), "BAD_FIELD", "/message");
    REJECTED(hislink_onepay_encrypt("{" ONEPAY("") ",\"text\":{}}"), "BAD_FIELD", "/text");
    REJECTED(hislink_onepay_decrypt("{" ONEPAY("") ",\"encryptData\":[]}"), "BAD_FIELD", "/encryptData");
    REJECTED(hislink_onepay_seal("{" ONEPAY("") ",\"transType\":1,\"param\":{}}"), "BAD_FIELD", "/transType");
    REJECTED(hislink_onepay_seal("{" ONEPAY("") ",\"transType\":\" \",\"param\":{}}"), "BAD_FIELD", "/transType");
    REJECTED(hislink_onepay_seal("{" ONEPAY("") ",\"transType\":\"t\",\"param\":{},\"timestamp\":\"20260230000000\"}"),
        "BAD_FIELD", "/timestamp");
    REJECTED(hislink_onepay_seal("{" ONEPAY("") ",\"transType\":\"t\"}"), "BAD_FIELD", "/param");
    REJECTED(hislink_configure("{" ONEPAY("") ",\"http\":{\"timeoutMs\":\"soon\"}}"), "BAD_SETTINGS", "/http/timeoutMs");
    REJECTED(hislink_configure("{" ONEPAY(",\"url\":\"ftp://x\"") "}"), "BAD_SETTINGS", "/onepay/url");
    REJECTED(hislink_configure("{" ONEPAY("") ",\"language\":\"fr\"}"), "BAD_SETTINGS", "/language");
    REJECTED(hislink_configure("{\"file\":\"/no/such/file\"}"), "BAD_SETTINGS", "/file");
}

/* What a payment checks before a byte leaves. */
static void wrong_payments(void)
{
    REJECTED(hislink_onepay_recharge("{" ONEPAY("") "}"), "BAD_FIELD", "/param");
    REJECTED(hislink_onepay_recharge("{" ONEPAY("") ",\"param\":{}}"), "BAD_FIELD", "/param/outChargeNo");
    REJECTED(hislink_onepay_refund("{" ONEPAY("") ",\"param\":{\"outChargeNo\":\"1\"}}"), "BAD_FIELD",
        "/param/outRefundNo");
    REJECTED(hislink_onepay_recharge("{" ONEPAY("") ",\"orderNo\":\"1\",\"param\":{\"outChargeNo\":\"2\"}}"),
        "BAD_FIELD", "/param/outChargeNo");
    REJECTED(hislink_onepay_recharge("{" ONEPAY("") ",\"orderNo\":\"1\",\"param\":{\"cardType\":\"99\"}}"),
        "BAD_FIELD", "/param/cardType");
    REJECTED(hislink_onepay_recharge("{" ONEPAY("") ",\"orderNo\":\"1\",\"param\":{\"chargeAmt\":\"1.005\"}}"),
        "BAD_FIELD", "/param/chargeAmt");
    REJECTED(hislink_onepay_wristband_account("{" ONEPAY("") ",\"param\":{}}"), "BAD_FIELD", "/param/key");
    REJECTED(hislink_onepay_query("{" ONEPAY("") ",\"orderNo\":\"1\",\"timeoutMs\":0}"), "BAD_FIELD", "/timeoutMs");
    REJECTED(hislink_onepay_query("{" ONEPAY("") ",\"orderNo\":\"1\"}"), "BAD_SETTINGS", "/onepay/url");
}

static void profiles(void)
{
    REJECTED(hislink_onepay_sign("{\"profile\":\"nobody\",\"message\":{}}"), "NO_PROFILE", "/profile");
    SUCCEEDED(hislink_configure("{\"profile\":\"somebody\"," ONEPAY("") "}"));
    SUCCEEDED(hislink_onepay_sign("{\"profile\":\"somebody\",\"message\":{}}"));
    REJECTED(hislink_onepay_sign("{\"message\":{}}"), "NO_PROFILE", "/profile");
    /* A wrong setting replaces nothing. */
    REJECTED(hislink_configure("{\"profile\":\"somebody\",\"onepay\":{\"appId\":\"A\"}}"), "BAD_SETTINGS",
        "/onepay/appSecret");
    SUCCEEDED(hislink_onepay_sign("{\"profile\":\"somebody\",\"message\":{}}"));
}

/* Its name tells; nothing asks the network yet. */
static void a_store_on_a_network_share(void)
{
#ifdef _WIN32
    char *reply = hislink_configure("{\"profile\":\"share\"," ONEPAY("")
                                    ",\"store\":\"sqlite:\\\\\\\\nas\\\\his\\\\store.db\",\"language\":\"en\"}");

    CHECK(strstr(reply, "\"warnings\":[\"store is on a network share") != NULL, reply);
    SUCCEEDED(reply);
#endif
}

int main(void)
{
    null_counts_as_an_empty_object();
    texts_that_are_no_json_object();
    texts_that_are_no_utf8();
    size();
    depth();
    unknown_members();
    wrong_types_and_values();
    wrong_payments();
    profiles();
    a_store_on_a_network_share();
    puts("contract_requests: fine");
    return 0;
}

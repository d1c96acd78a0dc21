/* float_control trap | HTTPS_URL CA_FILE STORE
 *
 * A host with every floating-point exception unmasked, as Delphi programs run: each call must work, through TLS, SQLite
 * and all ciphers, and give the control words back as they were. With "trap" it divides by zero, and must die of it: the proof that
 * the exceptions are on.
 */

#include "check.h"

#define X87_UNMASKED 0x1340
#define SSE_UNMASKED 0x0000

static void unmask(void)
{
    unsigned short x87 = X87_UNMASKED;
    unsigned int sse = SSE_UNMASKED;

    __asm__ volatile("fldcw %0" : : "m"(x87));
    __asm__ volatile("ldmxcsr %0" : : "m"(sse));
}

static int still_unmasked(void)
{
    unsigned short x87 = 0;
    unsigned int sse = 0;

    __asm__ volatile("fnstcw %0" : "=m"(x87));
    __asm__ volatile("stmxcsr %0" : "=m"(sse));
    /* The low six bits of the SSE word tell what happened, not what is masked. */
    return x87 == X87_UNMASKED && (sse & ~0x3Fu) == SSE_UNMASKED;
}

#define STILL(reply) \
    do { \
        SUCCEEDED(reply); \
        CHECK(still_unmasked(), "the control words were changed"); \
    } while (0)

static void recharge(void)
{
    char request[512], order[64], *reply = hislink_order_no(NULL);

    CHECK(hislink_json_get(reply, "/data/orderNo", order, sizeof order) == 32 && still_unmasked(), reply);
    hislink_free(reply);
    CHECK(still_unmasked(), "the control words were changed");
    snprintf(request, sizeof request, "{\"orderNo\":\"%s\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\",\"chargeAmt\":\"0.10\","
        "\"depositeType\":\"CASH\"}}", order);
    STILL(hislink_onepay_recharge(request));
}

/* Each of the functions that write into a buffer, in each form. */
#define INTO_BUFFERS(form, unit, name, pointer, value) \
    do { \
        unit out[2048]; \
        CHECK(hislink_call##form(name, NULL, out, 4) == -2 && still_unmasked(), #form); \
        CHECK(hislink_result_size##form() > 60 && still_unmasked(), #form); \
        CHECK(hislink_result##form(out, 2048) == 0 && still_unmasked(), #form); \
        CHECK(hislink_json_get##form(out, pointer, out, 2048) == 32 && still_unmasked(), #form); \
        CHECK(hislink_json_set##form(NULL, pointer, value, out, 2048) > 0 && still_unmasked(), #form); \
        CHECK(hislink_call_wait##form(hislink_call_start##form(name, NULL), -1, out, 2048) == 0 && still_unmasked(), #form); \
    } while (0)

static void into_buffers(void)
{
    static const HISLINK_CHAR16 name[] = {'o', 'r', 'd', 'e', 'r', '_', 'n', 'o', 0};
    static const HISLINK_CHAR16 pointer[] = {'/', 'd', 'a', 't', 'a', '/', 'o', 'r', 'd', 'e', 'r', 'N', 'o', 0};

    INTO_BUFFERS(, char, "order_no", "/data/orderNo", "x");
    INTO_BUFFERS(_a, char, "order_no", "/data/orderNo", "x");
    INTO_BUFFERS(_w, HISLINK_CHAR16, name, pointer, name);
    CHECK(hislink_version()[0] != '\0' && still_unmasked(), "version");
}

int main(int argc, char **argv)
{
    char settings[2048];
    volatile double zero = 0.0;

    unmask();
    if (argc == 2 && strcmp(argv[1], "trap") == 0) {
        volatile double infinite = 1.0 / zero;
        (void)infinite;
        puts("the division went through: exceptions are masked");
        return 0;
    }
    CHECK(argc == 4, "usage: float_control trap | HTTPS_URL CA_FILE STORE");
    snprintf(settings, sizeof settings, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"glory\":{\"sid\":\"S\",\"key\":\"K\",\"orgCode\":\"H1\"},"
        "\"http\":{\"caFile\":\"%s\"},\"store\":\"sqlite:%s\"}", argv[1], argv[2], argv[3]);
    STILL(hislink_configure(settings));
    STILL(hislink_onepay_seal("{\"transType\":\"t\",\"param\":{\"amount\":1.10}}"));
    STILL(hislink_onepay_encrypt("{" CIPHER("SM4") ",\"text\":\"\\u6613\\u60e0\"}"));
    STILL(hislink_onepay_account_info("{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"));
    STILL(hislink_onepay_account_info("{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"));
    recharge();
    STILL(hislink_journal_list("{}"));
    STILL(hislink_glory_sign("{\"body\":{\"amount\":1.10}}"));
    STILL(hislink_glory_lookup("{\"certType\":\"0\",\"certNo\":\"11010519491231002X\"}"));
    STILL(hislink_describe(NULL));
    into_buffers();
    /* On a thread of the library's own, which is born with the words of the thread that starts it. */
    STILL(hislink_wait(hislink_start("onepay_account_info", "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"), -1));
    STILL(hislink_wait(hislink_start("onepay_seal", "{\"transType\":\"t\",\"param\":{\"amount\":1.10}}"), -1));
    CHECK(hislink_start("journal_list", NULL) > 0 && still_unmasked(), "start");
    REJECTED(hislink_onepay_sign("{"), "BAD_JSON", NO_FIELD);
    hislink_shutdown();
    CHECK(still_unmasked(), "the control words were changed");
    puts("float_control: fine");
    return 0;
}

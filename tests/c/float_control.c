/* float_control trap | URL CA_FILE
 *
 * A host with every floating-point exception unmasked, as Delphi programs run: each call must work, through TLS too,
 * and give the control words back as they were. With "trap" it divides by zero, and must die of it: the proof that
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
    CHECK(argc == 3, "usage: float_control trap | URL CA_FILE");
    snprintf(settings, sizeof settings, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"http\":{\"caFile\":\"%s\"}}", argv[1], argv[2]);
    STILL(hislink_configure(settings));
    STILL(hislink_onepay_seal("{\"transType\":\"t\",\"param\":{\"amount\":1.10}}"));
    STILL(hislink_onepay_encrypt("{" CIPHER("SM4") ",\"text\":\"\\u6613\\u60e0\"}"));
    STILL(hislink_onepay_account_info("{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"));
    STILL(hislink_onepay_account_info("{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"));
    STILL(hislink_describe(NULL));
    REJECTED(hislink_onepay_sign("{"), "BAD_JSON", NO_FIELD);
    hislink_shutdown();
    CHECK(still_unmasked(), "the control words were changed");
    puts("float_control: fine");
    return 0;
}

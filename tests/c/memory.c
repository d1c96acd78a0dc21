/* memory [leak]
 *
 * Calls every pure operation, and its errors, many times, and holds the resident memory against what it was after the
 * warm-up. With "leak" it frees no reply: then it must fail, which proves that it sees a leak.
 */

#include "check.h"

/* For sysconf. */
#include <unistd.h>

#define WARM_UP 400
#define ROUNDS 4000
/* A leak of 64 bytes in one call of a round takes about this much. */
#define TOLERANCE (256 * 1024)

#define CARD "{\"cardType\":\"03\",\"cardNo\":\"10001\",\"chargeAmt\":1.10}"
#define LOWER_CASE "{\"appId\":\"A\",\"sign\":\"b94cf5b4e4c1f3cb0ae80bd42f27a22c\"}"
#define SIGNED "{\"appId\":\"A\",\"sign\":\"B94CF5B4E4C1F3CB0AE80BD42F27A22C\"}"

struct call {
    char *(*operation)(const char *request);
    const char *request;
};

static const struct call CALLS[] = {
    {hislink_order_no, NULL},
    {hislink_order_no, "{\"prefix\":\"OC\",\"tag\":[1,2]}"},
    {hislink_order_no, "{\"prefix\":\"too long\"}"},
    {hislink_order_no, "{"},
    {hislink_order_no, "\xFF"},
    {hislink_onepay_sign, "{" ONEPAY("") ",\"message\":{\"appId\":\"A\",\"param\":" CARD "}}"},
    {hislink_onepay_sign, "{" ONEPAY("") ",\"message\":{\"signType\":\"RSA\"}}"},
    {hislink_onepay_verify, "{" ONEPAY("") ",\"message\":" SIGNED "}"},
    {hislink_onepay_encrypt, "{" CIPHER("AES") ",\"param\":" CARD "}"},
    {hislink_onepay_encrypt, "{" CIPHER("DES") ",\"param\":" CARD "}"},
    {hislink_onepay_encrypt, "{" CIPHER("SM4") ",\"param\":" CARD "}"},
    {hislink_onepay_decrypt, "{" CIPHER("AES") ",\"encryptData\":\"00112233445566778899AABBCCDDEEFF\"}"},
    {hislink_onepay_decrypt, "{" CIPHER("SM4") ",\"encryptData\":\"=\"}"},
    {hislink_onepay_seal, "{" ONEPAY("") ",\"transType\":\"t\",\"param\":" CARD "}"},
    {hislink_onepay_seal, "{\"profile\":\"kept\",\"transType\":\"t\",\"param\":" CARD "}"},
    {hislink_onepay_query, "{" ONEPAY("") ",\"orderNo\":\"1\"}"},
};

static const struct call SLOW_CALLS[] = {
    {hislink_describe, NULL},
    {hislink_configure, "{\"profile\":\"kept\"," ONEPAY("") "}"},
    {hislink_onepay_explain, "{" ONEPAY("") ",\"message\":" LOWER_CASE "}"},
    {hislink_glory_explain, "{\"glory\":{\"sid\":\"S\",\"key\":\"k3y\"},\"headers\":{\"timestamp\":\"20210407155206\","
                            "\"sign\":\"FA731FD35A6D56BEF588DEEEC67869C36A8054129E08D4584B0F5870169E5F63\"},\"body\":{}}"},
};

static char *sealed_request(void)
{
    char message[1024];
    char *request = (char *)malloc(2048);
    char *reply = hislink_onepay_seal("{" ONEPAY("") ",\"transType\":\"t\",\"param\":" CARD "}");

    CHECK(request != NULL && json_text(json_find(reply, "data"), "message", message, sizeof message) > 0, reply);
    hislink_free(reply);
    snprintf(request, 2048, "{" ONEPAY("") ",\"message\":%s}", message);
    return request;
}

static void call_all(const struct call *calls, size_t count, int free_replies)
{
    size_t n;

    for (n = 0; n < count; n++) {
        char *reply = calls[n].operation(calls[n].request);
        if (free_replies)
            hislink_free(reply);
    }
}

static void rounds(int count, struct call opening, int free_replies)
{
    int n;

    for (n = 0; n < count; n++) {
        call_all(CALLS, sizeof CALLS / sizeof CALLS[0], free_replies);
        call_all(&opening, 1, free_replies);
        if (n % 10 == 0)
            call_all(SLOW_CALLS, sizeof SLOW_CALLS / sizeof SLOW_CALLS[0], free_replies);
    }
}

/* The second number of /proc/self/statm counts resident pages. */
static long resident_bytes(void)
{
    char line[128];
    char *second;
    FILE *file = fopen("/proc/self/statm", "r");

    CHECK(file != NULL && fgets(line, (int)sizeof line, file) != NULL, "no /proc/self/statm");
    fclose(file);
    second = strchr(line, ' ');
    CHECK(second != NULL, line);
    return strtol(second, NULL, 10) * sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
    int free_replies = !(argc > 1 && strcmp(argv[1], "leak") == 0);
    struct call opening;
    long before;
    long grown;

    SUCCEEDED(hislink_configure("{\"profile\":\"kept\"," ONEPAY("") "}"));
    opening.operation = hislink_onepay_open;
    opening.request = sealed_request();
    SUCCEEDED(hislink_onepay_open(opening.request));

    rounds(WARM_UP, opening, 1);
    before = resident_bytes();
    rounds(ROUNDS, opening, free_replies);
    grown = resident_bytes() - before;
    free((void *)opening.request);

    printf("memory: %ld bytes more after %d rounds\n", grown, ROUNDS);
    return grown > TOLERANCE;
}

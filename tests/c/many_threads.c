/* many_threads URL HTTPS_URL CA_FILE STORE [leave]
 *
 * 64 threads call at once, each in its own way: signing, sealing, GBK and UTF-16 into buffers, HTTP and HTTPS, order
 * numbers, and one recharge of 1.00 each. With "leave" the program then ends while all of them are still calling, with a
 * listener up and without hislink_shutdown: it must end at once, and well.
 */

#include "platform.h"

#include "check.h"

#define THREADS 64

typedef HISLINK_CHAR16 unit;

static char settings[2048];
static volatile int leaving;

static const char card[] = "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}";

static void call_in_gbk(void)
{
    char reply[4096], value[64];

    CHECK(hislink_call_a("onepay_account_info", "{\"tag\":\"\xB4\xB0\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}",
        reply, sizeof reply) == 0, reply);
    CHECK(hislink_json_get_a(reply, "/tag", value, sizeof value) == 2, reply);
}

static void call_in_utf_16(void)
{
    unit name[64], request[256], reply[4096];
    size_t n;

    for (n = 0; n < sizeof "onepay_account_info"; n++)
        name[n] = (unit)"onepay_account_info"[n];
    for (n = 0; n < sizeof card; n++)
        request[n] = (unit)card[n];
    CHECK(hislink_call_w(name, request, reply, 2) == -2, "no reply has room in two units");
    CHECK(hislink_result_w(reply, 4096) == 0, "the last reply");
}

static void recharge(int thread)
{
    char request[512], order[64], *reply = hislink_order_no("{\"prefix\":\"MT\"}");

    CHECK(hislink_json_get(reply, "/data/orderNo", order, sizeof order) == 32, reply);
    hislink_free(reply);
    snprintf(request, sizeof request, "{\"tag\":%d,\"orderNo\":\"%s\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\","
        "\"chargeAmt\":\"1.00\",\"depositeType\":\"CASH\"}}", thread, order);
    SUCCEEDED(hislink_onepay_recharge(request));
}

THREAD_WORK(run)
{
    int thread = (int)(intptr_t)argument, n;

    for (n = 0; n < 8 || leaving; n++) {
        SUCCEEDED(hislink_onepay_seal("{\"transType\":\"t\",\"param\":{\"amount\":1.10}}"));
        if (thread % 4 == 0)
            call_in_gbk();
        else if (thread % 4 == 1)
            call_in_utf_16();
        else
            SUCCEEDED(hislink_onepay_account_info(thread % 4 == 2 ? card : settings));
    }
    recharge(thread);
    THREAD_END;
}

int main(int argc, char **argv)
{
    thread_handle threads[THREADS];
    int n;

    CHECK(argc == 5 || argc == 6, "usage: many_threads URL HTTPS_URL CA_FILE STORE [leave]");
    leaving = argc == 6;
    snprintf(settings, sizeof settings, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"glory\":{\"sid\":\"S\",\"key\":\"K\",\"orgCode\":\"H1\"},"
        "\"http\":{\"caFile\":\"%s\"},\"store\":\"sqlite:%s\"}", argv[2], argv[3], argv[4]);
    SUCCEEDED(hislink_configure(settings));
    snprintf(settings, sizeof settings, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}", argv[1]);
    for (n = 0; n < THREADS; n++)
        CHECK(thread_start(&threads[n], run, (void *)(intptr_t)n), "no thread");
    if (leaving) {
        SUCCEEDED(hislink_glory_listen("{\"bind\":\"127.0.0.1:0\"}"));
        pause_ms(500);
        puts("many_threads: leaving");
        return 0;
    }
    for (n = 0; n < THREADS; n++)
        thread_join(threads[n]);
    puts("many_threads: fine");
    return 0;
}

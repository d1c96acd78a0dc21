/* caller_buffer
 *
 * Calls that write into the caller's buffer, in all three forms: every capacity from none to more than enough, with
 * guard bytes behind the buffer; a reply that did not fit is handed over later; the mistakes of callers are answered.
 */

#include "check.h"

#define ROOM 4096
#define GUARD 0x5A

/* Shows what stands in the buffer where it does not hold. */
#define HOLDS(condition) CHECK(condition, (const char *)bytes)

typedef HISLINK_CHAR16 unit;

static unsigned char bytes[ROOM];
static unit units[ROOM];

static const char *const request = "{\"tag\":\"\xE5\x85\x85\xE5\x80\xBC\xF0\x9F\x98\x80\"}";
static const char *const request_gbk = "{\"tag\":\"\xB3\xE4\xD6\xB5\\uD83D\\uDE00\"}";

static size_t widened(unit *wide, const char *text)
{
    size_t n = 0;

    for (; text[n] != '\0'; n++)
        wide[n] = (unit)(unsigned char)text[n];
    wide[n] = 0;
    return n;
}

static size_t wide_length(const unit *text)
{
    size_t n = 0;

    while (text[n] != 0)
        n++;
    return n;
}

/* Nothing behind the capacity was touched. */
static void check_guard(int capacity)
{
    int n;

    for (n = capacity < 0 ? 0 : capacity; n < ROOM; n++)
        HOLDS(bytes[n] == GUARD);
}

static void check_wide_guard(int capacity)
{
    int n;

    for (n = capacity < 0 ? 0 : capacity; n < ROOM; n++)
        HOLDS(units[n] == 0x5A5A);
}

static void every_capacity_in_utf_8_and_gbk(void)
{
    int needed, needed_a, capacity, status;

    HOLDS(hislink_call("describe", "{\"nonsense\":1}", NULL, 0) == -2);
    HOLDS(hislink_call("order_no", request, NULL, 0) == -2);
    needed = hislink_result_size();
    needed_a = hislink_result_size_a();
    HOLDS(needed > 60 && needed_a > 60);
    for (capacity = -1; capacity <= needed + 2; capacity++) {
        memset(bytes, GUARD, sizeof bytes);
        status = hislink_result((char *)bytes, capacity);
        HOLDS(status == (capacity < needed ? -2 : 0));
        HOLDS(capacity < 1 || strlen((char *)bytes) == (capacity < needed ? 0 : (size_t)needed - 1));
        check_guard(capacity < 1 ? 0 : capacity < needed ? 1 : needed);
    }
    HOLDS(strstr((char *)bytes, "\xE5\x85\x85\xE5\x80\xBC\xF0\x9F\x98\x80") != NULL);
    for (capacity = 0; capacity <= needed_a + 2; capacity++) {
        memset(bytes, GUARD, sizeof bytes);
        status = hislink_result_a((char *)bytes, capacity);
        HOLDS(status == (capacity < needed_a ? -2 : 0));
        check_guard(capacity < 1 ? 0 : capacity < needed_a ? 1 : needed_a);
    }
    /* GBK has no such picture; JSON says it in ASCII. */
    HOLDS(strstr((char *)bytes, "\xB3\xE4\xD6\xB5\\uD83D\\uDE00") != NULL);
}

static void every_capacity_in_utf_16(void)
{
    unit name[32], text[64], pointer[16];
    unit read[16];
    int needed, capacity, status;

    widened(name, "order_no");
    widened(text, "{\"tag\":\"12\"}");
    text[8] = 0x5145;
    text[9] = 0x503C;
    HOLDS(hislink_call_w(name, text, units, 3) == -2);
    needed = hislink_result_size_w();
    for (capacity = 0; capacity <= needed + 2; capacity++) {
        memset(units, GUARD, sizeof units);
        status = hislink_result_w(units, capacity);
        HOLDS(status == (capacity < needed ? -2 : 0));
        check_wide_guard(capacity < 1 ? 0 : capacity < needed ? 1 : needed);
    }
    HOLDS(wide_length(units) == (size_t)needed - 1);
    widened(pointer, "/tag");
    HOLDS(hislink_json_get_w(units, pointer, read, 16) == 2);
    HOLDS(read[0] == 0x5145 && read[1] == 0x503C && read[2] == 0);
    HOLDS(hislink_json_get_w(units, pointer, read, 2) == -2 && read[0] == 0);
    /* An unpaired surrogate is rejected with its place. */
    text[8] = 0xD83D;
    HOLDS(hislink_call_w(name, text, units, ROOM) == -1);
    HOLDS(hislink_result((char *)bytes, ROOM) == -1);
    HOLDS(strstr((char *)bytes, "BAD_ENCODING") != NULL && strstr((char *)bytes, " 8 ") != NULL);
}

static void callers_mistakes_are_answered(void)
{
    static const char wide_name[] = "o\0r\0d\0e\0r\0_\0n\0o\0\0";
    unit narrow_name[33];

    HOLDS(hislink_call(NULL, NULL, (char *)bytes, ROOM) == -1);
    HOLDS(strstr((char *)bytes, "NO_OPERATION") != NULL);
    HOLDS(hislink_call("order_nu", "{}", (char *)bytes, ROOM) == -1);
    HOLDS(hislink_call("hislink_order_no", NULL, (char *)bytes, ROOM) == 0);
    HOLDS(hislink_call_a(wide_name, "{}", (char *)bytes, ROOM) == -1);
    HOLDS(strstr((char *)bytes, "NO_OPERATION") != NULL);
    memset(narrow_name, 0, sizeof narrow_name);
    memcpy(narrow_name, "order_no", 8);
    HOLDS(hislink_call_w(narrow_name, units, units, ROOM) == -1);
    HOLDS(hislink_call_a("order_no", "{\"tag\":\"ab\xB3\"}", (char *)bytes, ROOM) == -1);
    HOLDS(strstr((char *)bytes, "BAD_ENCODING") != NULL && strstr((char *)bytes, " 10 ") != NULL);
    HOLDS(hislink_call("order_no", "{\"tag\":\"\xB3\xE4\"}", (char *)bytes, ROOM) == -1);
    HOLDS(strstr((char *)bytes, "BAD_ENCODING") != NULL);
    HOLDS(hislink_call_a("order_no", request_gbk, (char *)bytes, ROOM) == 0);
    /* A buffer filled with blanks and without an end, as old hosts hand it over; then a shorter reply in the same. */
    memset(bytes, ' ', sizeof bytes);
    HOLDS(hislink_call("describe", "{}", (char *)bytes, ROOM) == -2 && bytes[0] == '\0');
    HOLDS(hislink_call("order_no", "{}", (char *)bytes, ROOM) == 0);
    HOLDS(bytes[strlen((char *)bytes) - 1] == '}');
    /* The request's own buffer takes the reply. */
    strcpy((char *)bytes, request);
    HOLDS(hislink_call("order_no", (char *)bytes, (char *)bytes, ROOM) == 0);
    HOLDS(hislink_json_get((char *)bytes, "/status", (char *)bytes, ROOM) == 9);
    HOLDS(strcmp((char *)bytes, "succeeded") == 0);
}

static void json_is_read_and_made(void)
{
    char text[256] = "";
    char value[64];
    int capacity, length;

    HOLDS(hislink_json_set(text, "/orderNo", "OC1", text, sizeof text) == 17);
    HOLDS(hislink_json_set(text, "/param/chargeAmt", "100.00", text, sizeof text) == 48);
    HOLDS(hislink_json_set_a(text, "/param/name", "\xD5\xC5\xC8\xFD", text, sizeof text) == 62);
    HOLDS(strcmp(text, "{\"orderNo\":\"OC1\",\"param\":{\"chargeAmt\":\"100.00\",\"name\":\"\xD5\xC5\xC8\xFD\"}}") == 0);
    HOLDS(hislink_json_get_a(text, "/param/name", value, sizeof value) == 4);
    HOLDS(strcmp(value, "\xD5\xC5\xC8\xFD") == 0);
    length = hislink_json_get_a(text, "/param", value, sizeof value);
    HOLDS(length == (int)strlen(value) && value[0] == '{');
    for (capacity = 0; capacity <= 8; capacity++) {
        memset(bytes, GUARD, sizeof bytes);
        HOLDS(hislink_json_get_a(text, "/param/chargeAmt", (char *)bytes, capacity) == (capacity < 7 ? -2 : 6));
        check_guard(capacity < 1 ? 0 : capacity < 7 ? 1 : 7);
    }
    HOLDS(hislink_json_get(text, "/param/nowhere", value, sizeof value) == -1 && value[0] == '\0');
    HOLDS(hislink_json_get(NULL, NULL, value, sizeof value) == -1);
    HOLDS(hislink_json_get("{\"a\":1.10}", "/a", value, sizeof value) == 4 && strcmp(value, "1.10") == 0);
    HOLDS(hislink_json_set(NULL, "/a", NULL, value, sizeof value) == 8 && strcmp(value, "{\"a\":\"\"}") == 0);
    HOLDS(hislink_json_set("{\"a\":1}", "/a/b", "x", value, sizeof value) == -1 && value[0] == '\0');
    HOLDS(hislink_json_set("{}", "/a", "long", value, 5) == -2 && value[0] == '\0');
    HOLDS(hislink_json_get_a(text, "/orderNo", NULL, 10) == -2);
}

/* A pointer of a million steps once used up the stack, and what GBK lacks once took a time by the square of its length. */
static void nothing_is_too_large(void)
{
    static const char picture[] = "\xF0\x9F\x98\x80";
    const int pictures = 500000;
    char *pointer = filled("", '/', 1000000, "");
    char *large = filled("{\"tag\":\"", ' ', (size_t)pictures * 4, "\"}");
    char *out = (char *)malloc((size_t)pictures * 12 + ROOM);
    int n, length;

    HOLDS(out != NULL);
    HOLDS(hislink_json_set("{}", pointer, "x", out, ROOM) == -1 && out[0] == '\0');
    HOLDS(hislink_json_get("{}", pointer, out, ROOM) == -1 && out[0] == '\0');
    for (n = 0; n < pictures; n++)
        memcpy(large + 8 + n * 4, picture, 4);
    HOLDS(hislink_call("order_no", large, NULL, 0) == -2);
    length = hislink_result_size_a();
    HOLDS(length > pictures * 12 && hislink_result_a(out, length) == 0 && (int)strlen(out) == length - 1);
    HOLDS(hislink_json_get_a(out, "/tag", out, length) == pictures * 12);
    HOLDS(strncmp(out, "\\uD83D\\uDE00\\uD83D", 18) == 0);
    free(out);
    free(large);
    free(pointer);
}

int main(void)
{
    HOLDS(hislink_result((char *)bytes, ROOM) == -1 && bytes[0] == '\0');
    HOLDS(hislink_result_size() == 1 && hislink_result_size_w() == 1);
    every_capacity_in_utf_8_and_gbk();
    every_capacity_in_utf_16();
    callers_mistakes_are_answered();
    json_is_read_and_made();
    nothing_is_too_large();
    hislink_shutdown();
    return 0;
}

/* desktop URL STORE
 *
 * Calls as PowerBuilder and VB6 do: functions found by name and called as stdcall, texts in GBK and in UTF-16, into
 * buffers of blanks made beforehand and used again; the stack pointer is looked at after each call. What such hosts do
 * wrong is answered. URL is the onepay address of a sandbox; the account 10001 is charged 12.34 four times.
 */

#include "platform.h"

#include "check.h"

#define ROOM 8192
#define BLANK ' '

typedef HISLINK_CHAR16 unit;

static char text[ROOM], reply[ROOM], value[ROOM];
static unit wide_text[ROOM], wide_reply[ROOM], wide_value[ROOM];

/* What a call that returns must leave alone. */
#if defined(__i386__)

/* Pushes the arguments and calls, as a host's own runtime does; what the callee did not pop, or popped too much. */
static int call_function(function callee, int count, const uintptr_t *arguments, long *drift)
{
    int result;

    __asm__ volatile("movl %%esp, %%esi\n\t"
                     "1: testl %%ecx, %%ecx\n\t"
                     "jz 2f\n\t"
                     "decl %%ecx\n\t"
                     "pushl (%%edi,%%ecx,4)\n\t"
                     "jmp 1b\n"
                     "2: call *%%ebx\n\t"
                     "movl %%esp, %%edx\n\t"
                     "subl %%esi, %%edx\n\t"
                     "movl %%esi, %%esp"
                     : "=a"(result), "=&d"(*drift), "+c"(count)
                     : "D"(arguments), "b"(callee)
                     : "esi", "memory", "cc");
    return result;
}

#else

static uintptr_t stack_pointer(void)
{
    uintptr_t pointer = 0;
#if defined(__x86_64__)
    __asm__ volatile("movq %%rsp, %0" : "=r"(pointer));
#endif
    return pointer;
}

typedef int (*callable)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t);

/* Elsewhere the caller cleans up, and arguments too many do no harm. */
static int call_function(function callee, int count, const uintptr_t *arguments, long *drift)
{
    uintptr_t given[5] = {0, 0, 0, 0, 0};
    uintptr_t before = stack_pointer();
    int result;

    memcpy(given, arguments, (size_t)count * sizeof *given);
    result = ((callable)callee)(given[0], given[1], given[2], given[3], given[4]);
    *drift = (long)(stack_pointer() - before);
    return result;
}

#endif

static library_handle library;

static int on_stack(const char *name, int count, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e)
{
    const uintptr_t arguments[5] = {a, b, c, d, e};
    function callee = library_find(library, name);
    long drift = -1;
    int result;

    CHECK(callee != NULL, name);
    result = call_function(callee, count, arguments, &drift);
    CHECK(drift == 0, name);
    return result;
}

#define P(pointer) ((uintptr_t)(pointer))
#define CALL(form, operation, request, out, capacity) \
    on_stack("hislink_call" form, 4, P(operation), P(request), P(out), (uintptr_t)(capacity), 0)
#define RESULT(form, out, capacity) on_stack("hislink_result" form, 2, P(out), (uintptr_t)(capacity), 0, 0, 0)
#define RESULT_SIZE(form) on_stack("hislink_result_size" form, 0, 0, 0, 0, 0, 0)
#define GET(form, json, pointer, out, capacity) \
    on_stack("hislink_json_get" form, 4, P(json), P(pointer), P(out), (uintptr_t)(capacity), 0)
#define SET(form, json, pointer, value, out, capacity) \
    on_stack("hislink_json_set" form, 5, P(json), P(pointer), P(value), P(out), (uintptr_t)(capacity))

/* A ticket is of 64 bits: two words on the stack of 32-bit programs. */
#define START(form, operation, request) on_stack("hislink_call_start" form, 2, P(operation), P(request), 0, 0, 0)
#define WAIT(form, ticket, milliseconds, out, capacity) \
    (sizeof(uintptr_t) == 4 \
        ? on_stack("hislink_call_wait" form, 5, (uintptr_t)(ticket), 0, (uintptr_t)(milliseconds), P(out), (uintptr_t)(capacity)) \
        : on_stack("hislink_call_wait" form, 4, (uintptr_t)(ticket), (uintptr_t)(milliseconds), P(out), (uintptr_t)(capacity), 0))

/* As Space(n) makes them: blanks, and a terminator at the end. */
static void fill(char *buffer)
{
    memset(buffer, BLANK, ROOM - 1);
    buffer[ROOM - 1] = '\0';
}

static void fill_wide(unit *buffer)
{
    int n;

    for (n = 0; n < ROOM - 1; n++)
        buffer[n] = BLANK;
    buffer[ROOM - 1] = 0;
}

/* An ASCII text in UTF-16, in one of some places that are used in turn. */
static const unit *wide(const char *ascii)
{
    static unit places[8][1024];
    static int next;
    unit *place = places[next++ % 8];
    size_t n;

    for (n = 0; n < 1023 && ascii[n] != '\0'; n++)
        place[n] = (unit)(unsigned char)ascii[n];
    place[n] = 0;
    return place;
}

static size_t wide_length(const unit *units)
{
    size_t n = 0;

    while (units[n] != 0)
        n++;
    return n;
}

static int wide_is(const unit *units, const char *ascii)
{
    const unit *expected = wide(ascii);

    return wide_length(units) == strlen(ascii) && memcmp(units, expected, strlen(ascii) * sizeof *units) == 0;
}

/* What stands behind the reply is the host's, and stays as it was. */
static int blanks_behind(const char *buffer)
{
    size_t n;

    for (n = strlen(buffer) + 1; n < ROOM - 1; n++)
        if (buffer[n] != BLANK)
            return 0;
    return buffer[ROOM - 1] == '\0';
}

static void configure(const char *url, const char *store)
{
    snprintf(text, sizeof text, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"store\":\"sqlite:%s\"}", url, store);
    fill(reply);
    CHECK(CALL("", "configure", text, reply, ROOM) == 0, reply);
}

/* A request made piece by piece, in a buffer of blanks that begins as "{}". */
static void begin_charge(const char *order)
{
    fill(text);
    CHECK(SET("_a", "{}", "/orderNo", order, text, ROOM) > 0, order);
    CHECK(SET("_a", text, "/param/cardType", "03", text, ROOM) > 0, text);
    CHECK(SET("_a", text, "/param/cardNo", "10001", text, ROOM) > 0, text);
    CHECK(SET("_a", text, "/param/depositeType", "CASH", text, ROOM) > 0, text);
    CHECK(SET("_a", text, "/param/chargeAmt", "12.34", text, ROOM) > 0, text);
}

static void new_order(char *order)
{
    fill(reply);
    CHECK(CALL("_a", "order_no", "{\"prefix\":\"PB\"}", reply, ROOM) == 0 && blanks_behind(reply), reply);
    CHECK(GET("_a", reply, "/data/orderNo", order, 64) == 32, reply);
}

/* ANSI PowerBuilder: GBK. */
static void charge_as_powerbuilder(void)
{
    char order[64];

    new_order(order);
    begin_charge(order);
    CHECK(SET("_a", text, "/tag", "\xB4\xB0\xBF\xDA", text, ROOM) > 0, text);
    fill(reply);
    CHECK(CALL("_a", "onepay_recharge", text, reply, ROOM) == 0 && blanks_behind(reply), reply);
    CHECK(GET("_a", reply, "/tag", value, ROOM) == 4 && strcmp(value, "\xB4\xB0\xBF\xDA") == 0, reply);
    CHECK(GET("_a", reply, "/message", value, ROOM) > 0 && strncmp(value, "\xB3\xC9\xB9\xA6", 4) == 0, reply);
    /* The same buffer again, shorter now, without new blanks: a misspelt member is named. */
    CHECK(CALL("_a", "order_no", "{\"nonsense\":1}", reply, ROOM) == -1, reply);
    CHECK(GET("_a", reply, "/field", value, ROOM) == 9 && strcmp(value, "/nonsense") == 0, reply);
    CHECK(CALL("_a", "order_no", "{}", reply, ROOM) == 0, reply);
}

/* VB6 and Unicode PowerBuilder: UTF-16. The reply finds no room at first: the order has run, and once only. */
static void charge_as_vb6(void)
{
    char order[64];
    int needed, n;

    new_order(order);
    begin_charge(order);
    for (n = 0; text[n] != '\0'; n++)
        wide_text[n] = (unit)(unsigned char)text[n];
    wide_text[n] = 0;
    fill_wide(wide_reply);
    CHECK(CALL("_w", wide("onepay_recharge"), wide_text, wide_reply, 10) == -2 && wide_reply[0] == 0, order);
    CHECK(wide_reply[1] == BLANK && wide_reply[10] == BLANK, order);
    needed = RESULT_SIZE("_w");
    CHECK(RESULT("_w", wide_reply, needed - 1) == -2 && wide_reply[0] == 0, order);
    CHECK(RESULT("_w", wide_reply, needed) == 0 && wide_length(wide_reply) == (size_t)needed - 1, order);
    CHECK(wide_reply[needed] == BLANK, order);
    CHECK(GET("_w", wide_reply, wide("/status"), wide_value, ROOM) == 9 && wide_is(wide_value, "succeeded"), order);
    /* And in the other forms. */
    CHECK(RESULT("_a", reply, ROOM) == 0 && RESULT_SIZE("_a") == (int)strlen(reply) + 1, reply);
    CHECK(RESULT("", reply, ROOM) == 0 && RESULT_SIZE("") == (int)strlen(reply) + 1, reply);
    CHECK(CALL("_w", wide("onepay_recharge"), wide_text, wide_reply, ROOM) == 0, order);
    CHECK(RESULT("", reply, ROOM) == 0 && strstr(reply, "\"replayed\":true") != NULL, reply);
    CHECK(SET("_w", wide("{}"), wide("/param/name"), wide("x"), wide_text, ROOM) == 22, order);
    CHECK(wide_is(wide_text, "{\"param\":{\"name\":\"x\"}}"), order);
}

/* The functions that give a pointer are cdecl: declared in the header, they serve beside the others. */
static void charge_as_delphi(void)
{
    char order[64];

    new_order(order);
    begin_charge(order);
    SUCCEEDED(hislink_onepay_recharge(text));
}

/* Started, and asked for as a timer's event asks: the window is never held up. */
static void charge_from_a_timer(void)
{
    char order[64];
    int ticket, status, n;

    new_order(order);
    begin_charge(order);
    ticket = START("_a", "onepay_recharge", text);
    CHECK(ticket > 0, order);
    fill(text);
    for (n = 0; n < 2000; n++) {
        fill(reply);
        status = WAIT("_a", ticket, 0, reply, ROOM);
        CHECK(blanks_behind(reply), reply);
        if (status != 3 || GET("_a", reply, "/data/underWay", value, ROOM) != 4)
            break;
        pause_ms(10);
    }
    CHECK(status == 0 && GET("_a", reply, "/data/param/balance", value, ROOM) > 0, reply);
    CHECK(WAIT("_a", ticket, 0, reply, ROOM) == -1 && strstr(reply, "/ticket") != NULL, reply);
    ticket = START("_w", wide("order_no"), wide("{\"tag\":\"w\"}"));
    CHECK(WAIT("_w", ticket, 20000, wide_reply, 10) == -2 && wide_reply[0] == 0, "no room");
    CHECK(RESULT("_w", wide_reply, ROOM) == 0, "kept");
    ticket = START("", "order_no", NULL);
    CHECK(WAIT("", ticket, -1, reply, ROOM) == 0, reply);
}

static unsigned char *at_the_end(const void *bytes, size_t size)
{
    unsigned char *place = memory_with_an_end(size);

    memcpy(place, bytes, size);
    return place;
}

static void mistakes_are_answered(void)
{
    static const unit wide_order_no[] = {'o', 'r', 'd', 'e', 'r', '_', 'n', 'o'};
    unsigned char odd[256], *blanks = memory_with_an_end(100000);
    unit *at_odd = (unit *)(void *)(odd + 1);

    /* No terminator, and no memory behind: what can be read counts. */
    CHECK(CALL("_a", at_the_end("order_no", 8), at_the_end("{}", 2), reply, ROOM) == 0, reply);
    CHECK(CALL("_w", at_the_end(wide_order_no, 16), NULL, wide_reply, ROOM) == 0, "wide");
    CHECK(CALL("", "order_no", at_the_end("{\"tag\":\"cut of", 14), reply, ROOM) == -1, reply);
    CHECK(strstr(reply, "BAD_JSON") != NULL, reply);
    memset(blanks, BLANK, 100000);
    CHECK(CALL("_a", "order_no", blanks, reply, ROOM) == -1 && strstr(reply, "BAD_JSON") != NULL, reply);
    CHECK(CALL("_a", blanks, "{}", reply, ROOM) == -1 && strstr(reply, "NO_OPERATION") != NULL, reply);
    CHECK(GET("_w", blanks, blanks, wide_value, ROOM) == -1 && wide_value[0] == 0, "no JSON");
    /* Nothing but blanks is no text yet: a request is begun in it. */
    CHECK(SET("_a", blanks, "/a", "b", value, ROOM) == 9 && strcmp(value, "{\"a\":\"b\"}") == 0, value);
    CHECK(SET("_a", at_the_end("{\"a\":", 5), "/a", "b", value, ROOM) == -1 && value[0] == '\0', value);
    /* A name in the other encoding. */
    CHECK(CALL("_a", wide("order_no"), "{}", reply, ROOM) == -1 && strstr(reply, "NO_OPERATION") != NULL, reply);
    CHECK(CALL("_w", "order_no\0\0", wide("{}"), wide_reply, ROOM) == -1, "narrow");
    /* No buffer, and a capacity that none can have. */
    CHECK(CALL("_a", "order_no", "{}", NULL, ROOM) == -2 && CALL("_a", NULL, NULL, NULL, 0) == -2, "null");
    fill(reply);
    CHECK(CALL("_a", "order_no", "{}", reply, -1) == -2 && reply[0] == BLANK, reply);
    CHECK(CALL("_a", "order_no", "{}", reply, 0) == -2 && reply[0] == BLANK, reply);
    /* A capacity smaller than the buffer: nothing behind it is touched. */
    CHECK(CALL("_a", "order_no", "{}", reply, 20) == -2 && reply[0] == '\0' && reply[1] == BLANK, reply);
    /* A buffer that ends with its memory, by no more than its capacity. */
    blanks = memory_with_an_end(20);
    CHECK(CALL("_a", "order_no", "{}", blanks, 20) == -2 && blanks[0] == '\0', "end");
    /* 16-bit texts at odd addresses, as in a packed record. */
    memcpy(odd + 1, wide("{\"tag\":\"x\"}"), 24);
    CHECK(CALL("_w", wide("order_no"), at_odd, wide_reply, ROOM) == 0, "odd");
    CHECK(CALL("_w", wide("order_no"), NULL, at_odd, 20) == -2 && odd[1] == 0 && odd[2] == 0, "odd");
    CHECK(GET("_w", wide("{\"a\":\"xyz\"}"), wide("/a"), at_odd, 20) == 3 && odd[1] == 'x' && odd[5] == 'z', "odd");
    /* GBK given as UTF-8. */
    CHECK(CALL("", "order_no", "{\"tag\":\"\xB4\xB0\"}", reply, ROOM) == -1, reply);
    CHECK(strstr(reply, "BAD_ENCODING") != NULL, reply);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3, "usage: desktop URL STORE");
    library = library_open(LIBRARY_NAME);
    CHECK(library != NULL, LIBRARY_NAME);
    configure(argv[1], argv[2]);
    charge_as_powerbuilder();
    charge_as_vb6();
    charge_as_delphi();
    charge_from_a_timer();
    mistakes_are_answered();
    hislink_shutdown();
    puts("desktop: fine");
    return 0;
}

/* Linked against each import library of the package and run: one operation by cdecl, one by the caller-buffer calls,
 * which are stdcall on 32-bit Windows. Wrong names do not link; a wrong convention moves the stack at each call. */
#include <stdio.h>
#include <string.h>
#include "hislink.h"

int main(void) {
    char reply[512], number[64], *answer;
    int turn, status, length;

    for (turn = 0; turn < 1000; turn++) {
        answer = hislink_order_no("{\"prefix\":\"LK\"}");
        if (strstr(answer, "\"status\":\"succeeded\"") == NULL) {
            printf("order_no: %s\n", answer);
            return 1;
        }
        hislink_free(answer);
        status = hislink_call("order_no", "{\"prefix\":\"LK\"}", reply, (int)sizeof reply);
        if (status != 0 || hislink_result_size() != (int)strlen(reply) + 1) {
            printf("hislink_call: %d, %s\n", status, reply);
            return 1;
        }
        length = hislink_json_get(reply, "/data/orderNo", number, (int)sizeof number);
        if (length != 32 || strncmp(number, "LK", 2) != 0) {
            printf("hislink_json_get: %d, %s\n", length, number);
            return 1;
        }
    }
    printf("hislink %s, order number %s\n", hislink_version(), number);
    hislink_shutdown();
    return 0;
}

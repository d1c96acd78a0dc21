/* wrong_on_purpose [use-after-free | leak | overflow]
 *
 * Does what no program may do, so that tests/sanitized.sh can prove that each would be reported. Without an argument
 * it does everything right.
 */

#include "hislink.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static char *volatile reply;

int main(int argc, char **argv)
{
    const char *wrong = argc > 1 ? argv[1] : "";
    volatile int number = INT_MAX;

    reply = hislink_order_no(NULL);
    printf("%c\n", reply[0]);
    if (strcmp(wrong, "overflow") == 0)
        number = number + 1;
    if (strcmp(wrong, "leak") != 0)
        hislink_free(reply);
    if (strcmp(wrong, "use-after-free") == 0)
        printf("%c\n", reply[1]);
    reply = NULL;
    return 0;
}

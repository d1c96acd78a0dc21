/* The header needs nothing before it, bears being included twice, and declares plain functions. */

#include "hislink.h"
#include "hislink.h"

int main(void)
{
    char *(*operation)(const char *) = hislink_order_no;
    void (*give_back)(char *) = hislink_free;
    const char *(*version)(void) = hislink_version;

    give_back(operation(0));
    return version()[0] == '\0';
}

/* Linked against hislink.lib by the rules of Microsoft's linker, without any C runtime: calls a cdecl and a stdcall
 * function, and prints what they gave. */
#define HISLINK_CHAR16 unsigned short
#include "hislink.h"

#include <windows.h>

static void print(const char *text)
{
    DWORD length = 0, written;

    while (text[length] != '\0')
        length++;
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, length, &written, NULL);
}

void entry(void);

void entry(void)
{
    char reply[512], *described;
    int n, status = 0;

    print(hislink_version());
    for (n = 0; n < 1000 && status == 0; n++)
        status = hislink_call("order_no", "{}", reply, sizeof reply);
    print(status == 0 ? " fine: " : " failed: ");
    print(reply);
    described = hislink_describe(NULL);
    hislink_free(described);
    hislink_shutdown();
    ExitProcess((UINT)status);
}

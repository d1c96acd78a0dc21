/* first_sign [ROUNDS]: how long it takes to load hislink.dll and to sign the document's charge with it, each time in a
 * process of its own, as a program that starts feels it. Run by tests/wine/run.sh. */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../charge.h"

typedef char *(*operation)(const char *);

static const char FIRST_SIGN[] = "{\"message\":" CHARGE_PRINTED ",\"onepay\":{" IDENTITY "}}";

static double now_ms(void)
{
    LARGE_INTEGER frequency, now;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return (double)now.QuadPart * 1e3 / (double)frequency.QuadPart;
}

/* The child: tells in microseconds by its exit code. */
static int load_and_sign(void)
{
    double begun = now_ms();
    HMODULE library = LoadLibraryA("hislink.dll");
    operation sign = (operation)(void (*)(void))GetProcAddress(library, "hislink_onepay_sign");
    char *reply = sign == NULL ? NULL : sign(FIRST_SIGN);

    if (reply == NULL || strstr(reply, CHARGE_PRINTED_SIGN) == NULL)
        return 0;
    return (int)((now_ms() - begun) * 1e3);
}

static int compared(const void *one, const void *other)
{
    return *(const int *)one - *(const int *)other;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 21, taken[256], n;
    char command[MAX_PATH + 16];

    if (rounds == 0)
        return load_and_sign();
    if (rounds < 1 || rounds > 256 || GetModuleFileNameA(NULL, command, MAX_PATH) == 0)
        return 1;
    strcat(command, " 0");
    for (n = 0; n < rounds; n++) {
        STARTUPINFOA startup;
        PROCESS_INFORMATION child;
        DWORD code = 0;

        memset(&startup, 0, sizeof startup);
        startup.cb = sizeof startup;
        if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
            return 1;
        WaitForSingleObject(child.hProcess, INFINITE);
        GetExitCodeProcess(child.hProcess, &code);
        CloseHandle(child.hThread);
        CloseHandle(child.hProcess);
        if (code == 0 || code > 10000000) {
            fprintf(stderr, "the library did not sign\n");
            return 1;
        }
        taken[n] = (int)code;
    }
    qsort(taken, (size_t)rounds, sizeof *taken, compared);
    printf("load hislink.dll and sign once, %d processes of %d bit: median %.1f ms, worst %.1f ms, at most 20: %s\n",
        rounds, (int)sizeof(void *) * 8, taken[rounds / 2] / 1e3, taken[rounds - 1] / 1e3,
        taken[rounds / 2] < 20000 ? "ok" : "MISS");
    return 0;
}

/* left_as_it_was URL HTTPS_URL CA_FILE STORE | changed
 *
 * The current directory, the locale, the environment, the signal handlers and the like are the host's: after calls of all
 * kinds they are what they were. With "changed" it changes them itself, and must find that: the proof that it looks.
 */

#include "platform.h"

#include "check.h"

#include <locale.h>
#include <signal.h>

#ifndef _WIN32
#include <sys/stat.h>
extern char **environ;
#endif

static char state[2][262144];
static size_t length;

static void note(int which, const char *name, const void *bytes, size_t size)
{
    CHECK(length + strlen(name) + size < sizeof state[0], "the environment is too large for this test");
    length += (size_t)sprintf(state[which] + length, "%s=", name);
    memcpy(state[which] + length, bytes, size);
    length += size;
}

#define NOTE(name, value) note(which, name, &(value), sizeof(value))

#ifdef _WIN32

static LONG WINAPI hosts_filter(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    return EXCEPTION_CONTINUE_SEARCH;
}

static void note_system(int which)
{
    WCHAR folder[MAX_PATH];
    LPWCH all = GetEnvironmentStringsW(), end = all;
    UINT mode = GetErrorMode(), page = GetConsoleOutputCP();
    LCID locale = GetThreadLocale();
    int priority = GetThreadPriority(GetCurrentThread());
    LPTOP_LEVEL_EXCEPTION_FILTER filter = SetUnhandledExceptionFilter(hosts_filter);

    GetCurrentDirectoryW(MAX_PATH, folder);
    note(which, "folder", folder, wcslen(folder) * sizeof *folder);
    while (*end != 0)
        end += wcslen(end) + 1;
    note(which, "environment", all, (size_t)((char *)end - (char *)all));
    FreeEnvironmentStringsW(all);
    NOTE("mode", mode);
    NOTE("page", page);
    NOTE("locale", locale);
    NOTE("priority", priority);
    NOTE("filter", filter);
}

static void change(void)
{
    SetUnhandledExceptionFilter(NULL);
}

#else

static void note_system(int which)
{
    char folder[4096];
    char **variable;
    sigset_t blocked;
    mode_t mask = umask(0);
    int n;

    umask(mask);
    CHECK(getcwd(folder, sizeof folder) != NULL, "no current directory");
    note(which, "folder", folder, strlen(folder));
    for (variable = environ; *variable != NULL; variable++)
        note(which, "variable", *variable, strlen(*variable));
    for (n = 1; n <= SIGRTMAX; n++) {
        struct sigaction action;

        memset(&action, 0, sizeof action);
        if (sigaction(n, NULL, &action) == 0)
            NOTE("handler", action.sa_handler);
    }
    memset(&blocked, 0, sizeof blocked);
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    NOTE("blocked", blocked);
    NOTE("mask", mask);
}

static void change(void)
{
    signal(SIGPIPE, SIG_IGN);
}

#endif

static size_t note_all(int which)
{
    static const int categories[] = {LC_ALL, LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE};
    static const int signals[] = {SIGINT, SIGTERM, SIGABRT, SIGFPE, SIGSEGV, SIGILL};
    size_t n;

    length = 0;
    note_system(which);
    for (n = 0; n < sizeof categories / sizeof *categories; n++)
        note(which, "locale", setlocale(categories[n], NULL), strlen(setlocale(categories[n], NULL)));
    for (n = 0; n < sizeof signals / sizeof *signals; n++) {
        void (*handler)(int) = signal(signals[n], SIG_DFL);

        signal(signals[n], handler);
        NOTE("signal", handler);
    }
    return length;
}

static void work(char **places)
{
    static const char card[] = "{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}";
    char text[2048], reply[4096];

    snprintf(text, sizeof text, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"glory\":{\"sid\":\"S\",\"key\":\"K\",\"orgCode\":\"H1\"},"
        "\"http\":{\"caFile\":\"%s\"},\"store\":\"sqlite:%s\"}", places[1], places[2], places[3]);
    SUCCEEDED(hislink_configure(text));
    SUCCEEDED(hislink_onepay_account_info(card));
    snprintf(text, sizeof text, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}", places[0]);
    SUCCEEDED(hislink_onepay_account_info(text));
    CHECK(hislink_call_a("onepay_account_info", card, reply, sizeof reply) == 0, reply);
    SUCCEEDED(hislink_onepay_seal("{\"transType\":\"t\",\"param\":{\"amount\":1.10}}"));
    SUCCEEDED(hislink_journal_list("{}"));
    SUCCEEDED(hislink_glory_lookup("{\"certType\":\"0\",\"certNo\":\"11010519491231002X\"}"));
    SUCCEEDED(hislink_glory_listen("{\"bind\":\"127.0.0.1:0\"}"));
    SUCCEEDED(hislink_glory_unlisten("{}"));
    SUCCEEDED(hislink_describe(NULL));
    SUCCEEDED(hislink_wait(hislink_start("onepay_account_info", card), -1));
    REJECTED(hislink_onepay_sign("{"), "BAD_JSON", NO_FIELD);
    /* Nobody listens there: the connection breaks. */
    EXPECT(hislink_onepay_account_info("{\"onepay\":{\"url\":\"http://127.0.0.1:1/\"," IDENTITY "},"
        "\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}"), "failed", "CONNECT_FAILED", NO_FIELD);
    hislink_shutdown();
}

int main(int argc, char **argv)
{
    size_t before, after;

    setlocale(LC_ALL, "");
#ifdef _WIN32
    SetUnhandledExceptionFilter(hosts_filter);
    SetErrorMode(SEM_NOGPFAULTERRORBOX);
#endif
    before = note_all(0);
    if (argc == 2)
        change();
    else {
        CHECK(argc == 5, "usage: left_as_it_was URL HTTPS_URL CA_FILE STORE | changed");
        work(argv + 1);
    }
    after = note_all(1);
    CHECK(before == after && memcmp(state[0], state[1], before) == 0, "something of the host's was changed");
    printf("left_as_it_was: fine, %lu bytes\n", (unsigned long)before);
    return 0;
}

/* hislink-check: runs the library's self-test by a settings file, for the person who installs.
 *
 *   hislink-check [SETTINGS.json [onepay|glory]]      (hislink.json beside this program, and both, unless given)
 *
 * It loads the very library that stands beside it, so what is tested is what the cashier's program will load. One line a
 * check, what to do about it below. Ends with 0: all is well, or only warnings; 1: a check failed; 2: wrong use, wrong
 * settings, or the library cannot be loaded.
 *
 * Windows, 32 and 64 bit, C99 by mingw:  gcc -std=c99 -municode -I../../include hislink-check.c -o hislink-check.exe
 * Linux:                                 cc -std=c99 -I../../include hislink-check.c -ldl -o hislink-check
 */
#ifndef _WIN32
#define _GNU_SOURCE
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hislink.h"

#ifdef _WIN32
#include <windows.h>
#include <wchar.h>
/* The host's text: UTF-16. */
typedef wchar_t text;
#define T(literal) L##literal
#define FUNCTION(name) name "_w"
#define text_length wcslen
#define text_equal(one, other) (wcscmp(one, other) == 0)
#define LIBRARY L"hislink.dll"
#define SEPARATOR L'\\'
#else
#include <dlfcn.h>
#include <unistd.h>
/* The host's text: UTF-8. */
typedef char text;
#define T(literal) literal
#define FUNCTION(name) name
#define text_length strlen
#define text_equal(one, other) (strcmp(one, other) == 0)
#define LIBRARY "libhislink.so"
#define SEPARATOR '/'
#endif

enum { FINE = 0, A_CHECK_FAILED = 1, NOT_RUN = 2 };
enum { PATH_UNITS = 2048, REPLY_UNITS = 256 * 1024, VALUE_UNITS = 16 * 1024 };

typedef int(HISLINK_STDCALL *call_function)(const text *, const text *, text *, int);
typedef int(HISLINK_STDCALL *get_function)(const text *, const text *, text *, int);
typedef int(HISLINK_STDCALL *set_function)(const text *, const text *, const text *, text *, int);

/* What is used of the library. */
static struct {
    call_function call;
    get_function json_get;
    set_function json_set;
    const char *(*version)(void);
    void (*shutdown)(void);
} library;

static text request[8 * PATH_UNITS];
static text reply[REPLY_UNITS];
static text value[VALUE_UNITS];

/* ---- What the terminal shows ---- */

#ifdef _WIN32
/* In a console as it is; in a file or pipe by the system's code page where that has Chinese, else in UTF-8. */
static void put(const text *words)
{
    static char bytes[4 * VALUE_UNITS];
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD mode, written;
    int units = (int)wcslen(words), length;
    UINT page = GetACP();

    if (GetConsoleMode(out, &mode)) {
        WriteConsoleW(out, words, (DWORD)units, &written, NULL);
        return;
    }
    if (page != 936 && page != 54936)
        page = CP_UTF8;
    length = WideCharToMultiByte(page, 0, words, units, bytes, sizeof bytes, NULL, NULL);
    WriteFile(out, bytes, (DWORD)length, &written, NULL);
}
#else
static void put(const text *words)
{
    fputs(words, stdout);
}
#endif

static void put_ascii(const char *words)
{
    text unit[2] = {0, 0};

    for (; *words != '\0'; words++) {
        unit[0] = (text)*words;
        put(unit);
    }
}

static void new_line(void)
{
#ifdef _WIN32
    put(T("\r\n"));
#else
    put(T("\n"));
#endif
}

/* ---- Where this program is ---- */

/* The path of a file that stands beside this program; empty where that cannot be known. */
static void beside(const text *name, text *path)
{
    size_t length;

#ifdef _WIN32
    length = GetModuleFileNameW(NULL, path, PATH_UNITS);
#else
    ssize_t read = readlink("/proc/self/exe", path, PATH_UNITS);
    length = read < 0 ? 0 : (size_t)read;
#endif
    if (length >= PATH_UNITS)
        length = 0;
    while (length > 0 && path[length - 1] != SEPARATOR)
        length--;
    if (length + text_length(name) >= PATH_UNITS) {
        path[0] = 0;
        return;
    }
    memcpy(path + length, name, (text_length(name) + 1) * sizeof(text));
}

/* ---- Loading ---- */

/* Tells in both languages, since no settings say which. */
static int cannot_load(const text *path, const text *zh, const text *en)
{
    put(T("FAIL  "));
    put(path);
    new_line();
    put(T("      "));
    put(zh);
    new_line();
    put(T("      "));
    put(en);
    new_line();
    return 0;
}

#ifdef _WIN32

static int load(text *path)
{
    HMODULE module;
    DWORD error;
    text code[16];
    text zh[128], en[128];
    const int bits = (int)sizeof(void *) * 8;

    beside(LIBRARY, path);
    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        return cannot_load(path, T("找不到这个文件：本程序要和 hislink.dll 放在同一目录"),
            T("There is no such file: this program must stand beside hislink.dll"));
    /* No box of the system's: what is wrong is told here. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    error = GetLastError();
    if (module == NULL && error == ERROR_BAD_EXE_FORMAT) {
        _snwprintf(zh, 128, L"它不是 %d 位的 DLL（或文件已损坏），而本程序是 %d 位的：两者要来自同一个包（win32 或 win64）", bits, bits);
        _snwprintf(en, 128, L"It is no %d-bit DLL, or damaged, and this program is %d-bit: take both from one package (win32 or win64)", bits, bits);
        return cannot_load(path, zh, en);
    }
    if (module == NULL) {
        _snwprintf(code, 16, L"%lu", (unsigned long)error);
        _snwprintf(zh, 128, L"Windows 加载不了它（错误 %ls）：可能被杀毒软件拦截，或文件已损坏", code);
        _snwprintf(en, 128, L"Windows cannot load it (error %ls): an antivirus may hold it, or the file is damaged", code);
        return cannot_load(path, zh, en);
    }
/* By way of a function that takes and gives nothing: compilers warn of any other change of type. */
#define FIND(name) ((void (*)(void))GetProcAddress(module, name))
    library.call = (call_function)FIND(FUNCTION("hislink_call"));
    library.json_get = (get_function)FIND(FUNCTION("hislink_json_get"));
    library.json_set = (set_function)FIND(FUNCTION("hislink_json_set"));
    library.version = (const char *(*)(void))FIND("hislink_version");
    library.shutdown = FIND("hislink_shutdown");
#undef FIND

#else

static int load(text *path)
{
    void *module;

    beside(LIBRARY, path);
    if (access(path, F_OK) != 0)
        strcpy(path, LIBRARY);
    module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL)
        return cannot_load(dlerror(), "加载不了动态库：libhislink.so 要放在本程序旁边或 LD_LIBRARY_PATH 里，且位数相同",
            "The library cannot be loaded: libhislink.so must stand beside this program or in LD_LIBRARY_PATH, and have the same bits");
/* POSIX wants it so: C knows no way from an object's address to a function's. */
#define FIND(function, name) *(void **)&library.function = dlsym(module, name)
    FIND(call, FUNCTION("hislink_call"));
    FIND(json_get, FUNCTION("hislink_json_get"));
    FIND(json_set, FUNCTION("hislink_json_set"));
    FIND(version, "hislink_version");
    FIND(shutdown, "hislink_shutdown");
#undef FIND

#endif
    if (library.call == NULL || library.json_get == NULL || library.json_set == NULL || library.version == NULL
        || library.shutdown == NULL)
        return cannot_load(path, T("它不是 hislink 的动态库，或版本太旧"), T("It is not hislink's library, or too old a one"));
    return 1;
}

/* ---- Calls ---- */

/* The value at a place of the reply, "" where there is none. */
static const text *at(const text *pointer)
{
    if (library.json_get(reply, pointer, value, VALUE_UNITS) < 0)
        value[0] = 0;
    return value;
}

/* A member of the n-th item of a list of the reply. */
static const text *at_item(const text *list, int n, const text *member)
{
    text pointer[64];

#ifdef _WIN32
    _snwprintf(pointer, 64, L"%ls/%d%ls", list, n, member);
#else
    snprintf(pointer, sizeof pointer, "%s/%d%s", list, n, member);
#endif
    return at(pointer);
}

static int set(const text *pointer, const text *to)
{
    return library.json_set(request, pointer, to, request, sizeof request / sizeof request[0]) >= 0;
}

/* Runs an operation; tells what came where it did not succeed. */
static int succeeded(const text *operation)
{
    int status = library.call(operation, request, reply, REPLY_UNITS);

    if (status == 0)
        return 1;
    put(T("FAIL  "));
    put(operation);
    put(T("  "));
    if (status == -2)
        put(T("the reply does not fit"));
    else
        put(at(T("/message")));
    if (*at(T("/field")) != 0) {
        put(T("  ("));
        put(value);
        put(T(")"));
    }
    new_line();
    return 0;
}

/* ---- The checks ---- */

/* A text, and blanks up to the column. */
static void put_column(const text *words, size_t width)
{
    size_t n;

    put(words);
    for (n = text_length(words); n < width; n++)
        put(T(" "));
}

static const text *label_of(const text *status)
{
    if (text_equal(status, T("ok")))
        return T("ok");
    if (text_equal(status, T("warning")))
        return T("WARN");
    return text_equal(status, T("failed")) ? T("FAIL") : T("skip");
}

static void put_check(int n)
{
    static const text list[] = T("/data/checks");

    put_column(label_of(at_item(list, n, T("/status"))), 6);
    put_column(at_item(list, n, T("/platform")), 7);
    put_column(at_item(list, n, T("/name")), 9);
    put(at_item(list, n, T("/detail")));
    if (*at_item(list, n, T("/reason")) != 0) {
        put(T(" ["));
        put(value);
        put(T("]"));
    }
    if (*at_item(list, n, T("/ms")) != 0) {
        put(T(" ("));
        put(value);
        put(T(" ms)"));
    }
    new_line();
    if (*at_item(list, n, T("/advice")) != 0) {
        put(T("      -> "));
        put(value);
        new_line();
    }
}

static void put_summary(int passed, int failures, int warnings)
{
    int chinese = !text_equal(at(T("/message")), T("succeeded"));
    char counts[64];

    new_line();
    snprintf(counts, sizeof counts, chinese ? "FAIL: %d, WARN: %d. " : "%d failed, %d warnings. ", failures, warnings);
    put_ascii(counts);
    if (passed && warnings == 0)
        put(chinese ? T("全部通过。") : T("All is well."));
    else if (passed)
        put(chinese ? T("可以使用；请看上面的 WARN。") : T("It can be used; look at the warnings above."));
    else
        put(chinese ? T("还不能使用：先解决上面的 FAIL。") : T("It cannot be used yet: see to what failed above."));
    new_line();
}

static int put_checks(void)
{
    int n, failures = 0, warnings = 0;
    int passed = text_equal(at(T("/data/passed")), T("true"));

    for (n = 0; *at_item(T("/data/checks"), n, T("/name")) != 0; n++) {
        const text *status = at_item(T("/data/checks"), n, T("/status"));

        failures += text_equal(status, T("failed"));
        warnings += text_equal(status, T("warning"));
        put_check(n);
    }
    put_summary(passed, failures, warnings);
    return passed ? FINE : A_CHECK_FAILED;
}

static void put_head(const text *path, const text *settings)
{
    char bits[32];

    put_ascii("hislink ");
    put_ascii(library.version());
    snprintf(bits, sizeof bits, " (%d-bit)  ", (int)sizeof(void *) * 8);
    put_ascii(bits);
    put(path);
    put(T("  "));
    put(settings);
    new_line();
    new_line();
}

static int check(const text *settings, const text *platform)
{
    text path[PATH_UNITS];
    static text profile[VALUE_UNITS];

    if (!load(path))
        return NOT_RUN;
    put_head(path, settings);
    if (!set(T("/file"), settings) || !succeeded(T("configure")))
        return NOT_RUN;
    memcpy(profile, at(T("/data/profile")), sizeof profile);
    request[0] = 0;
    if (!set(T("/profile"), profile) || (platform != NULL && !set(T("/platform"), platform))
        || !succeeded(T("selftest")))
        return NOT_RUN;
    return put_checks();
}

static int run(int count, text **arguments)
{
    static text usual[PATH_UNITS];
    int code;

    if (count > 3 || (count > 1 && (arguments[1][0] == '-' || text_equal(arguments[1], T("/?"))))) {
        put(T("hislink-check [SETTINGS.json [onepay|glory]]"));
        new_line();
        put(T("按设置文件自检，不动任何资金；不写参数时用本程序旁边的 hislink.json"));
        new_line();
        put(T("Runs the self-test by a settings file and moves no money; without arguments by hislink.json beside this program"));
        new_line();
        return NOT_RUN;
    }
    beside(T("hislink.json"), usual);
    code = check(count > 1 ? arguments[1] : usual, count > 2 ? arguments[2] : NULL);
    if (library.shutdown != NULL)
        library.shutdown();
    return code;
}

#ifdef _WIN32
/* Started by a double click, the window is this program's own and closes with it. */
static void wait_before_closing(void)
{
    DWORD processes[2];
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
    DWORD mode, read;
    wchar_t unit;

    if (GetConsoleProcessList(processes, 2) != 1 || !GetConsoleMode(in, &mode))
        return;
    put(T("\r\n按回车键关闭 / Press Enter to close "));
    ReadConsoleW(in, &unit, 1, &read, NULL);
}

int wmain(int count, wchar_t **arguments)
{
    int code = run(count, arguments);

    wait_before_closing();
    return code;
}
#else
int main(int count, char **arguments)
{
    return run(count, arguments);
}
#endif

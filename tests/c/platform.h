/* What the C tests need of the system, alike on Linux and on Windows: the library by hand, threads, memory that ends. */
#ifndef PLATFORM_H
#define PLATFORM_H

#if !defined(_WIN32) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pointer to any function. */
typedef void (*function)(void);

#ifdef _WIN32

#include <windows.h>

#include <psapi.h>

#define LIBRARY_NAME "hislink.dll"

typedef HMODULE library_handle;
typedef HANDLE thread_handle;
#define THREAD_WORK(name) static DWORD WINAPI name(LPVOID argument)
#define THREAD_END return 0

static inline library_handle library_open(const char *path) { return LoadLibraryA(path); }
static inline function library_find(library_handle library, const char *name) { return (function)GetProcAddress(library, name); }
static inline void library_close(library_handle library) { FreeLibrary(library); }
static inline void pause_ms(unsigned ms) { Sleep(ms); }

static inline int thread_start(thread_handle *thread, LPTHREAD_START_ROUTINE work, void *argument)
{
    *thread = CreateThread(NULL, 0, work, argument, 0, NULL);
    return *thread != NULL;
}

static inline void thread_join(thread_handle thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

/* `size` bytes whose end is the end of all that may be touched. */
static inline unsigned char *memory_with_an_end(size_t size)
{
    size_t page = 4096, room = (size + page - 1) / page * page;
    unsigned char *start = (unsigned char *)VirtualAlloc(NULL, room + page, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    DWORD before;

    if (start == NULL || !VirtualProtect(start + room, page, PAGE_NOACCESS, &before))
        abort();
    return start + room - size;
}

/* Handles that this process holds. */
static inline long handles_open(void)
{
    DWORD count = 0;

    GetProcessHandleCount(GetCurrentProcess(), &count);
    return (long)count;
}

/* Memory of this process. */
static inline long kilobytes_kept(void)
{
    PROCESS_MEMORY_COUNTERS counters;

    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters))
        abort();
    return (long)(counters.PagefileUsage / 1024);
}

#else

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LIBRARY_NAME "libhislink.so"

typedef void *library_handle;
typedef pthread_t thread_handle;
#define THREAD_WORK(name) static void *name(void *argument)
#define THREAD_END return NULL

static inline library_handle library_open(const char *path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL); }
static inline void library_close(library_handle library) { dlclose(library); }

static inline function library_find(library_handle library, const char *name)
{
    void *address = dlsym(library, name);
    function found;

    /* ISO C has no conversion from an object's pointer to a function's. */
    memcpy(&found, &address, sizeof found);
    return found;
}

static inline void pause_ms(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&time, NULL);
}

static inline int thread_start(thread_handle *thread, void *(*work)(void *), void *argument)
{
    return pthread_create(thread, NULL, work, argument) == 0;
}

static inline void thread_join(thread_handle thread) { pthread_join(thread, NULL); }

static inline unsigned char *memory_with_an_end(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size + page - 1) / page * page;
    unsigned char *start = (unsigned char *)mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (start == MAP_FAILED || mprotect(start + room, page, PROT_NONE) != 0)
        abort();
    return start + room - size;
}

static inline long handles_open(void)
{
    DIR *files = opendir("/proc/self/fd");
    long count = 0;

    if (files == NULL)
        abort();
    while (readdir(files) != NULL)
        count++;
    closedir(files);
    return count;
}

static inline long kilobytes_kept(void)
{
    FILE *sizes = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (sizes == NULL || fscanf(sizes, "%*s %ld", &pages) != 1)
        abort();
    fclose(sizes);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

#endif

#endif

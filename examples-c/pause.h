/* Waiting without work. A C99 compiler shows nanosleep only where _POSIX_C_SOURCE is defined before all includes. */
#ifndef PAUSE_H
#define PAUSE_H

#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#endif

static inline void pause_milliseconds(int milliseconds)
{
#ifdef _WIN32
    Sleep((DWORD)milliseconds);
#else
    struct timespec pause;
    pause.tv_sec = milliseconds / 1000;
    pause.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    nanosleep(&pause, NULL);
#endif
}

static inline void pause_seconds(int seconds)
{
    pause_milliseconds(seconds * 1000);
}

#endif

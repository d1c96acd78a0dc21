/* Waiting without work. A C99 compiler shows nanosleep only where _POSIX_C_SOURCE is defined before all includes. */
#ifndef PAUSE_H
#define PAUSE_H

#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#endif

static inline void pause_seconds(int seconds)
{
#ifdef _WIN32
    Sleep((DWORD)seconds * 1000);
#else
    struct timespec pause;
    pause.tv_sec = seconds;
    pause.tv_nsec = 0;
    nanosleep(&pause, NULL);
#endif
}

#endif

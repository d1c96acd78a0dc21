/* What the loopback server says in the platform's place. */
#ifndef BENCH_PLATFORM_ANSWER_H
#define BENCH_PLATFORM_ANSWER_H

#include "library.h"

/* The platform's answer of success with that `param`, signed and encrypted through the library itself, for the caller to
   free. */
char *sealed_answer(const struct library *library, const char *param);

#endif

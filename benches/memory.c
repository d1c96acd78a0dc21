/* Resident memory over many calls: it must not grow. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <unistd.h>

#include "sections.h"

long resident(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) fail("cannot read /proc/self/statm", NULL);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

void measure_memory(const struct plan *plan) {
    printf("\nMEMORY: resident, over %ld calls each of seal and open\n", plan->memory_calls);
    long before = resident();
    loop("both", plan->memory_calls / 100);
    long warm = resident();
    loop("both", plan->memory_calls);
    long after = resident();
    printf("  before %ld KiB, after warm-up %ld KiB, ", before / 1024, warm / 1024);
    printf("after the calls %ld KiB\n", after / 1024);
    /* A leak of one byte a call would show as about 1 MiB after a million calls. */
    verdict("growth after warm-up", (double)(after - warm) / 1024, "KiB", "at most 64", 64, -1e99);
}

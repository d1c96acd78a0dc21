/* A folder for stores on the disk that is built on: a folder in memory would make every commit free. */
#ifndef BENCH_SCRATCH_H
#define BENCH_SCRATCH_H

/* Makes it below HISLINK_BENCH_DIR, or else the current directory, once for all sections; it goes with the program. */
const char *scratch_open(void);

#endif

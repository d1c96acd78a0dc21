#define _XOPEN_SOURCE 700
#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "library.h"

static char *folder;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static void remove_all(void) {
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_open(void) {
    if (folder != NULL) return folder;
    const char *above = getenv("HISLINK_BENCH_DIR");
    folder = text_of("%s/stores-XXXXXX", above != NULL ? above : ".");
    if (mkdtemp(folder) == NULL) fail("cannot make a folder", folder);
    atexit(remove_all);
    return folder;
}

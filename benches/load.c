/* Size of the library, time to load it and what it keeps resident, each time in a fresh process. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "charge.h"
#include "clock.h"
#include "sections.h"

enum { VERSION_US, SIGN_US, VERSION_KIB, SIGN_KIB, FIGURES };

/* The sign carries its settings inline, so that it is the first call of all. */
static const char FIRST_SIGN[] = "{\"message\":" CHARGE_PRINTED ",\"onepay\":{" IDENTITY "}}";

int load_child(const char *path) {
    struct library library;
    long memory = resident();
    double start = now_ns();
    library_load(&library, path);
    if (library.version()[0] == '\0') return 1;
    double versioned = now_ns();
    long loaded = resident();
    double resumed = now_ns();
    char *reply = library.sign(FIRST_SIGN);
    double signed_at = now_ns();
    succeeded("first onepay_sign", reply);
    printf("%f %f %f %f\n", (versioned - start) / 1e3, (versioned - start + signed_at - resumed) / 1e3,
           (double)(loaded - memory) / 1024, (double)(resident() - memory) / 1024);
    library.free(reply);
    return 0;
}

/* Runs this program again as a child that loads the library, and reads what it measured. */
static void run_child(const char *path, double figures[FIGURES]) {
    int ends[2];
    if (pipe(ends) != 0) fail("no pipe", NULL);
    pid_t child = fork();
    if (child < 0) fail("no child", NULL);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl("/proc/self/exe", "contract", "--load-child", path, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *answer = fdopen(ends[0], "r");
    if (answer == NULL) fail("no pipe", NULL);
    int known = fscanf(answer, "%lf %lf %lf %lf", &figures[0], &figures[1], &figures[2], &figures[3]);
    fclose(answer);
    int status;
    if (waitpid(child, &status, 0) != child || status != 0 || known != FIGURES) fail("loading in a child", path);
}

static void print_size(const char *path) {
    struct stat file;
    if (stat(path, &file) != 0) fail("no such library", path);
    printf("  %-44s %8.0f KiB\n", "file", (double)file.st_size / 1024);
}

void measure_load(const struct plan *plan) {
    static const char *const NAMES[FIGURES] = {"dlopen + hislink_version", "dlopen + first hislink_onepay_sign",
                                               "resident after loading", "resident after the first sign"};
    double all[FIGURES][MOST_LOADS];
    for (int n = 0; n < plan->loads; n++) {
        double figures[FIGURES];
        run_child(plan->library->path, figures);
        for (int figure = 0; figure < FIGURES; figure++) all[figure][n] = figures[figure];
    }
    printf("\nLOAD: the library in a fresh process, median of %d\n", plan->loads);
    print_size(plan->library->path);
    for (int figure = 0; figure < FIGURES; figure++) {
        printf("  %-44s %8.0f %s\n", NAMES[figure], median(all[figure], (size_t)plan->loads),
               figure < VERSION_KIB ? "us" : "KiB");
    }
}

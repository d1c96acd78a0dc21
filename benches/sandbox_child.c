#define _POSIX_C_SOURCE 200809L
#include "sandbox_child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "library.h"

static pid_t child;

static void stop(void) {
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
}

static void run(const char *program, const char *folder, const char *cards) {
    /* Even where this program is killed. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl(program, program, "--quiet", "--http-port", "0", "--https-port", "0", "--control-port", "0", "--dir", folder,
          "--cards", cards, "--glory-sid", GLORY_SID, "--glory-key", GLORY_KEY, "--glory-org-code", GLORY_ORG_CODE,
          (char *)NULL);
    _exit(127);
}

/* The line "  http  ADDRESS" after the line "glory sandbox". */
static char *address_from(FILE *welcome) {
    char line[512], address[256];
    int glory = 0;
    while (fgets(line, sizeof line, welcome) != NULL) {
        if (strncmp(line, "glory sandbox", 13) == 0) glory = 1;
        if (glory && sscanf(line, " http %255s", address) == 1) return text_of("%s", address);
    }
    fail("the sandbox does not start", "is HISLINK_SANDBOX the program hislink-sandbox?");
    return NULL;
}

char *sandbox_start(const char *folder, long cards) {
    const char *program = getenv("HISLINK_SANDBOX");
    if (program == NULL) program = "target/release/hislink-sandbox";
    char *files = text_of("%s/sandbox", folder), *count = text_of("%ld", cards);
    int ends[2];
    if (pipe(ends) != 0 || (child = fork()) < 0) fail("no child", NULL);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        run(program, files, count);
    }
    atexit(stop);
    close(ends[1]);
    /* Kept open: the child may say more. */
    FILE *welcome = fdopen(ends[0], "r");
    if (welcome == NULL) fail("no pipe", NULL);
    free(files);
    free(count);
    return address_from(welcome);
}

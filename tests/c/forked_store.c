/* forked_store SETTINGS LOOKUP
 *
 * Looks a card up, forks, and looks it up a hundred times in the parent and in the child at once; prints each reply. The
 * child ends the library first.
 */

#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void look_up(const char *request)
{
    char *reply = hislink_glory_lookup(request);

    printf("%s\n", reply);
    fflush(stdout);
    hislink_free(reply);
}

int main(int argc, char **argv)
{
    int n, status = 1;
    pid_t child;

    if (argc != 3) {
        fprintf(stderr, "usage: forked_store SETTINGS LOOKUP\n");
        return 1;
    }
    SUCCEEDED(hislink_configure(argv[1]));
    look_up(argv[2]);
    child = fork();
    for (n = 0; n < 50; n++)
        look_up(argv[2]);
    if (child == 0) {
        hislink_shutdown();
        for (n = 0; n < 50; n++)
            look_up(argv[2]);
        hislink_shutdown();
        return 0;
    }
    waitpid(child, &status, 0);
    for (n = 0; n < 50; n++)
        look_up(argv[2]);
    hislink_shutdown();
    return status;
}

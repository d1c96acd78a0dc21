/* sync_store SETTINGS OPERATION REQUEST [OPERATION REQUEST...]
 *
 * Configures a profile and calls the operations one after another. Prints each reply on a line of its own.
 */

#include "check.h"

static void call(const char *name, const char *request)
{
    char *reply = strcmp(name, "glory_sync") == 0 ? hislink_glory_sync(request) : hislink_glory_lookup(request);

    printf("%s\n", reply);
    fflush(stdout);
    hislink_free(reply);
}

int main(int argc, char **argv)
{
    int n;

    if (argc < 2) {
        fprintf(stderr, "usage: sync_store SETTINGS OPERATION REQUEST...\n");
        return 1;
    }
    SUCCEEDED(hislink_configure(argv[1]));
    for (n = 2; n + 1 < argc; n += 2)
        call(argv[n], argv[n + 1]);
    hislink_shutdown();
    return 0;
}

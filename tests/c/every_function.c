/* every_function LIBRARY OPERATION...
 *
 * Loads the library as a host does, calls each operation with null and with "{}", and prints a line for each call:
 * the operation's name, a blank, the reply. Unloads, and does it all again: the second time must work alike.
 */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *library;

/* memcpy, since ISO C has no conversion from an object's pointer to a function's. */
static void find(const char *name, void *function)
{
    void *address = dlsym(library, name);

    if (address == NULL) {
        fprintf(stderr, "the header names %s, but the library does not export it\n", name);
        exit(1);
    }
    memcpy(function, &address, sizeof address);
}

static void call_all(const char *path, char **names)
{
    static const char *const requests[] = {NULL, "{}"};
    char *(*operation)(const char *);
    void (*give_back)(char *);
    const char *(*version)(void);
    void (*shut_down)(void);
    long long (*start)(const char *, const char *);
    char *(*wait)(long long, int);
    char *started;
    size_t n;

    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    find("hislink_free", &give_back);
    find("hislink_version", &version);
    find("hislink_shutdown", &shut_down);
    find("hislink_start", &start);
    find("hislink_wait", &wait);
    give_back(NULL);
    if (version() == NULL || version()[0] == '\0') {
        fprintf(stderr, "hislink_version says nothing\n");
        exit(1);
    }
    started = wait(start("order_no", NULL), -1);
    if (started == NULL || strstr(started, "\"succeeded\"") == NULL) {
        fprintf(stderr, "hislink_wait gave %s\n", started == NULL ? "null" : started);
        exit(1);
    }
    give_back(started);
    for (; *names != NULL; names++) {
        find(*names, &operation);
        for (n = 0; n < sizeof requests / sizeof requests[0]; n++) {
            char *reply = operation(requests[n]);
            if (reply == NULL) {
                fprintf(stderr, "%s gave a null reply\n", *names);
                exit(1);
            }
            printf("%s %s\n", *names, reply);
            give_back(reply);
        }
    }
    shut_down();
    dlclose(library);
}

int main(int argc, char **argv)
{
    int times;

    if (argc < 3) {
        fprintf(stderr, "usage: every_function LIBRARY OPERATION...\n");
        return 1;
    }
    for (times = 0; times < 2; times++)
        call_all(argv[1], argv + 2);
    return 0;
}

/* forked_log SETTINGS
 *
 * Four threads sign without end while twenty children are forked, of which each signs twenty times. A child that waits for
 * a lock which no thread of its own holds is ended by its alarm.
 */

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define REQUEST "{\"message\":{\"appId\":\"A\"}}"

static int stopped;

static void *sign_on(void *unused)
{
    (void)unused;
    while (!__atomic_load_n(&stopped, __ATOMIC_SEQ_CST))
        SUCCEEDED(hislink_onepay_sign(REQUEST));
    return NULL;
}

static int child(void)
{
    int n;

    alarm(30);
    for (n = 0; n < 20; n++)
        SUCCEEDED(hislink_onepay_sign(REQUEST));
    return 0;
}

int main(int argc, char **argv)
{
    pthread_t threads[4];
    int n, status;

    if (argc != 2) {
        fprintf(stderr, "usage: forked_log SETTINGS\n");
        return 1;
    }
    SUCCEEDED(hislink_configure(argv[1]));
    for (n = 0; n < 4; n++)
        CHECK(pthread_create(&threads[n], NULL, sign_on, NULL) == 0, NULL);
    for (n = 0; n < 20; n++) {
        pid_t forked = fork();

        if (forked == 0)
            _exit(child());
        CHECK(forked > 0 && waitpid(forked, &status, 0) == forked && status == 0, NULL);
    }
    __atomic_store_n(&stopped, 1, __ATOMIC_SEQ_CST);
    for (n = 0; n < 4; n++)
        pthread_join(threads[n], NULL);
    hislink_shutdown();
    return 0;
}

/* order_no_threads [THREADS [COUNT]]
 *
 * Makes COUNT order numbers in each of THREADS threads at once, 16 and 100000 unless given, and looks for duplicates.
 */

#include "check.h"

#include <pthread.h>

#define LENGTH 32

struct work {
    pthread_t thread;
    size_t count;
    char *numbers;
};

static void *run(void *argument)
{
    struct work *work = (struct work *)argument;
    const char name[] = "\"orderNo\":\"";
    size_t n;

    for (n = 0; n < work->count; n++) {
        char *reply = hislink_order_no(NULL);
        const char *number = strstr(reply, name);
        CHECK(number != NULL && number[strlen(name) + LENGTH] == '"', reply);
        memcpy(work->numbers + n * LENGTH, number + strlen(name), LENGTH);
        hislink_free(reply);
    }
    return NULL;
}

static int by_text(const void *one, const void *other)
{
    return memcmp(one, other, LENGTH);
}

static size_t argument(int argc, char **argv, int place, size_t otherwise)
{
    return argc > place ? (size_t)strtoul(argv[place], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    size_t threads = argument(argc, argv, 1, 16);
    size_t count = argument(argc, argv, 2, 100000);
    size_t total = threads * count;
    char *numbers = filled("", 0, total * LENGTH, "");
    struct work *works = (struct work *)calloc(threads, sizeof *works);
    size_t n;

    CHECK(works != NULL && total > 1, "");
    for (n = 0; n < threads; n++) {
        works[n].count = count;
        works[n].numbers = numbers + n * count * LENGTH;
        CHECK(pthread_create(&works[n].thread, NULL, run, &works[n]) == 0, "");
    }
    for (n = 0; n < threads; n++)
        CHECK(pthread_join(works[n].thread, NULL) == 0, "");

    qsort(numbers, total, LENGTH, by_text);
    for (n = 1; n < total; n++) {
        if (memcmp(numbers + (n - 1) * LENGTH, numbers + n * LENGTH, LENGTH) == 0) {
            fprintf(stderr, "twice: %.32s\n", numbers + n * LENGTH);
            return 1;
        }
    }
    free(works);
    free(numbers);
    printf("order_no_threads: %lu numbers, each once\n", (unsigned long)total);
    return 0;
}

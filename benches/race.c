#define _POSIX_C_SOURCE 200809L
#include "race.h"

#include "clock.h"

static const double BATCH_NS = 10e6;

static double batch_ns(const struct contender *one, long batch) {
    double start = now_ns();
    for (long n = 0; n < batch; n++) one->run(one->input);
    return now_ns() - start;
}

/* Doubles the batch until it is long enough to be timed; that warms the contender up as well. */
static void size_batch(struct contender *one) {
    one->batch = 16;
    while (batch_ns(one, one->batch) < BATCH_NS) one->batch *= 2;
}

void race(struct contender *contenders, int count, int rounds) {
    for (int n = 0; n < count; n++) size_batch(&contenders[n]);
    for (int round = 0; round < rounds; round++) {
        for (int n = 0; n < count; n++) {
            struct contender *one = &contenders[n];
            one->rounds[round] = batch_ns(one, one->batch) / (double)one->batch;
        }
    }
    for (int n = 0; n < count; n++) {
        contenders[n].ns = median(contenders[n].rounds, (size_t)rounds);
        contenders[n].best_ns = percentile(contenders[n].rounds, (size_t)rounds, 0);
    }
}

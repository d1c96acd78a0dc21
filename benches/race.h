/* Contenders measured in turns, so that noise hits them alike. */
#ifndef BENCH_RACE_H
#define BENCH_RACE_H

enum { MOST_ROUNDS = 64 };

struct contender {
    const char *name;
    void (*run)(const void *input);
    const void *input;
    /* What comes out, in nanoseconds a run: the median of the rounds, and the best of them, which noise touches least. */
    double ns, best_ns;
    long batch;
    double rounds[MOST_ROUNDS];
};

/* Runs `count` contenders for so many rounds, one batch of about 10 ms each a round. */
void race(struct contender *contenders, int count, int rounds);

#endif

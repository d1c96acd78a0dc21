/* A platform of one answer: a keep-alive HTTP server on the loopback that answers every POST with the same body. */
#ifndef BENCH_LOOPBACK_SERVER_H
#define BENCH_LOOPBACK_SERVER_H

/* Starts it in threads of this process; gives its port. `body` must stay as it is from now on. */
int server_start(const char *body);

#endif

#define _POSIX_C_SOURCE 200809L
#include "loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "library.h"

static char *answer;
static size_t answer_length;

/* The length of the body that a whole head announces. */
static size_t announced_length(const char *head) {
    static const char NAME[] = "content-length:";
    for (const char *line = head; line != NULL; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        if (strncasecmp(line, NAME, sizeof NAME - 1) == 0) return (size_t)atol(line + sizeof NAME - 1);
    }
    return 0;
}

/* Reads one request to its last byte. Gives 0 when the client is gone. */
static int read_request(int client) {
    char text[16384];
    size_t got = 0, whole = 0;
    do {
        if (got == sizeof text - 1) fail("loopback server", "the request is too long");
        ssize_t more = recv(client, text + got, sizeof text - 1 - got, 0);
        if (more <= 0) return 0;
        got += (size_t)more;
        text[got] = '\0';
        char *end = strstr(text, "\r\n\r\n");
        if (whole == 0 && end != NULL) whole = (size_t)(end - text) + 4 + announced_length(text);
    } while (whole == 0 || got < whole);
    return 1;
}

static void *serve(void *given) {
    int client = (int)(intptr_t)given, on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (read_request(client)) {
        if (send(client, answer, answer_length, MSG_NOSIGNAL) != (ssize_t)answer_length) break;
    }
    close(client);
    return NULL;
}

static void start_thread(void *(*run)(void *), int socket) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, (void *)(intptr_t)socket) != 0) fail("no thread", NULL);
    pthread_detach(thread);
}

static void *accept_all(void *given) {
    int listener = (int)(intptr_t)given;
    for (int client; (client = accept(listener, NULL, NULL)) >= 0;) start_thread(serve, client);
    return NULL;
}

int server_start(const char *body) {
    answer = text_of("HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: %zu\r\n\r\n%s",
                     strlen(body), body);
    answer_length = strlen(answer);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        fail("cannot listen on the loopback", NULL);
    }
    start_thread(accept_all, listener);
    return ntohs(address.sin_port);
}

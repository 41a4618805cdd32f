/* Sends the same bytes over and over on keep-alive connections and counts the answers.
 *
 *     load PORT CONNECTIONS SECONDS FILE STATUS
 *
 * FILE holds one request. Every response must have that status and tell its Content-Length. Prints
 * the number of responses and the nanoseconds that it took.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int fd;
    size_t filled;
    char buffer[65536];
};

static char request[65536];
static size_t request_size;
static const char* status;

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void die(const char* why) {
    fprintf(stderr, "load: %s: %s\n", why, strerror(errno));
    exit(1);
}

static void ask(struct connection* connection) {
    if (send(connection->fd, request, request_size, MSG_NOSIGNAL) != (ssize_t)request_size) {
        die("send");
    }
}

/* 1: a whole response has come. */
static int receive(struct connection* connection) {
    const ssize_t size = recv(connection->fd, connection->buffer + connection->filled,
                              sizeof connection->buffer - connection->filled - 1, 0);
    if (size < 0 && errno == EAGAIN) return 0;
    if (size <= 0) die("the server closed the connection");
    connection->filled += (size_t)size;
    connection->buffer[connection->filled] = '\0';
    char* end = strstr(connection->buffer, "\r\n\r\n");
    if (end == NULL) return 0;
    if (strncmp(connection->buffer + 9, status, 3) != 0) {
        fprintf(stderr, "load: not a %s: %.200s\n", status, connection->buffer);
        exit(1);
    }
    const char* length = strcasestr(connection->buffer, "\r\ncontent-length:");
    if (length == NULL || length > end) die("a response without Content-Length");
    const size_t whole = (size_t)(end + 4 - connection->buffer) + strtoul(length + 17, NULL, 10);
    if (connection->filled < whole) return 0;
    connection->filled = 0;
    return 1;
}

int main(int argc, char** argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS SECONDS FILE STATUS\n", argv[0]);
        return 2;
    }
    const int count = atoi(argv[2]);
    status = argv[5];
    FILE* file = fopen(argv[4], "rb");
    if (file == NULL) die(argv[4]);
    request_size = fread(request, 1, sizeof request, file);
    fclose(file);

    const int epoll = epoll_create1(0);
    struct connection* connections = calloc((size_t)count, sizeof *connections);
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((unsigned short)atoi(argv[1])),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 0; i < count; ++i) {
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        const int on = 1;
        if (connect(fd, (const struct sockaddr*)&address, sizeof address) != 0) die("connect");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections[i].fd = fd;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }

    const long long start = nanoseconds();
    const long long end = start + (long long)(atof(argv[3]) * 1e9);
    unsigned long long answered = 0;
    int open = count;
    for (int i = 0; i < count; ++i) ask(&connections[i]);
    while (open != 0) {
        struct epoll_event events[128];
        const int ready = epoll_wait(epoll, events, 128, 5000);
        if (ready == 0) die("no answer within 5 s");
        const int over = nanoseconds() >= end;
        for (int i = 0; i < ready; ++i) {
            struct connection* connection = events[i].data.ptr;
            if (!receive(connection)) continue;
            ++answered;
            if (over) {
                --open;
                close(connection->fd);
            } else {
                ask(connection);
            }
        }
    }
    printf("%llu %lld\n", answered, nanoseconds() - start);
    return 0;
}

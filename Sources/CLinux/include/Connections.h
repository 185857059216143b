// One outbound TCP connection: socket addresses are unions and casts in C.
#pragma once
#include <fcntl.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

// A non-blocking socket of the address's family; -1 with errno set, EAFNOSUPPORT where `address` is none.
static inline int cl_stream_socket(const char *address) {
    struct in6_addr six;
    struct in_addr four;
    int family = inet_pton(AF_INET, address, &four) == 1 ? AF_INET
        : inet_pton(AF_INET6, address, &six) == 1 ? AF_INET6 : AF_UNSPEC;
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static inline int cl_connect(int descriptor, const char *address, uint16_t port) {
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    memset(&four, 0, sizeof four);
    memset(&six, 0, sizeof six);
    if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        return connect(descriptor, (struct sockaddr *)&four, sizeof four);
    }
    if (inet_pton(AF_INET6, address, &six.sin6_addr) != 1) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    return connect(descriptor, (struct sockaddr *)&six, sizeof six);
}

// SO_ERROR: how a connect that was in progress ended.
static inline int cl_socket_error(int descriptor) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// fcntl(2) is variadic, which Swift does not import.
static inline int cl_close_on_exec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

// SO_LINGER of 0: close(2) resets the connection, so that neither end is left with a TIME_WAIT.
static inline int cl_reset_on_close(int descriptor) {
    struct linger linger = {1, 0};
    return setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

// MSG_NOSIGNAL is enum and macro at once.
static inline ssize_t cl_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

// fcntl(2) with F_GETLK: who holds a record lock that keeps the whole file from being locked for writing. 0 where nobody does,
// -1 where it belongs to nobody that has a pid here; negative errno - 1 on failure.
static inline int cl_lock_holder(int descriptor) {
    struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_GETLK, &wanted) != 0) return -errno - 1;
    return wanted.l_type == F_UNLCK ? 0 : wanted.l_pid > 0 ? wanted.l_pid : -1;
}

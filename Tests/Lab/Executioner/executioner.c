/*
 * Preloaded into patch-doctor by the lab (LD_PRELOAD): kills it with SIGKILL just before the Nth of the calls by which a
 * remediation changes something or writes it down, EXECUTION_AT=N. Counted over the whole process, threads included.
 *
 * Counted are fsync(2), pidfd_send_signal(2), fchmod(2), and messages of the bus that change a unit. What was counted
 * is written to EXECUTION_LOG at the end of a run that was not killed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int counted;

static void point(void) {
    const char *at = getenv("EXECUTION_AT");
    if (__atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST) == (at ? atoi(at) : 0)) raise(SIGKILL);
}

int fsync(int descriptor) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    point();
    return real(descriptor);
}

int fchmod(int descriptor, mode_t mode) {
    static int (*real)(int, mode_t);
    if (!real) real = (int (*)(int, mode_t))dlsym(RTLD_NEXT, "fchmod");
    point();
    return real(descriptor, mode);
}

long syscall(long number, ...) {
    static long (*real)(long, ...);
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == SYS_pidfd_send_signal) point();
    return real(number, a, b, c, d, e, f);
}

static int changes(const struct iovec *parts, size_t count) {
    static const char *const words[] = {"StartUnit", "StopUnit", "RestartUnit", "ResetFailedUnit", "\0Reload\0"};
    static const size_t lengths[] = {9, 8, 11, 15, 8};
    for (size_t part = 0; part < count; part++)
        for (size_t word = 0; word < sizeof words / sizeof *words; word++)
            if (memmem(parts[part].iov_base, parts[part].iov_len, words[word], lengths[word])) return 1;
    return 0;
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    static ssize_t (*real)(int, const struct msghdr *, int);
    if (!real) real = (ssize_t(*)(int, const struct msghdr *, int))dlsym(RTLD_NEXT, "sendmsg");
    if (changes(message->msg_iov, message->msg_iovlen)) point();
    return real(descriptor, message, flags);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    static ssize_t (*real)(int, const struct iovec *, int);
    if (!real) real = (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
    if (changes(parts, (size_t)count)) point();
    return real(descriptor, parts, count);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("EXECUTION_LOG");
    int log = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    if (log < 0) return;
    dprintf(log, "%d\n", counted);
    close(log);
}

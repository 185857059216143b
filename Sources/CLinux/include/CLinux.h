// Linux calls that Swift cannot reach by itself: variadic functions, macros, and system calls that Debian 12's
// glibc has no wrapper for.
#pragma once
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <string.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// open(2) and openat(2) are variadic.
static inline int cl_open(const char *path, int flags) { return open(path, flags | O_CLOEXEC); }
static inline int cl_openat(int directory, const char *path, int flags, unsigned mode) {
    return openat(directory, path, flags | O_CLOEXEC, mode);
}

// pidfd_open(2) and pidfd_getfd(2): wrappers came with glibc 2.36 headers that not every build host has.
static inline int cl_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
static inline int cl_pidfd_getfd(int pidfd, int descriptor) {
    return (int)syscall(SYS_pidfd_getfd, pidfd, descriptor, 0);
}

// The GNU variant is reentrant and, unlike strerror(3), untranslated.
static inline const char *cl_error_words(int code) {
    const char *words = strerrordesc_np(code);
    return words ? words : "unknown error";
}

// errno is a macro over a thread-local.
static inline int cl_errno(void) { return errno; }

// ioctl(2) is variadic; -1 where the descriptor is no terminal.
static inline int cl_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : -1;
}

// Linux calls that Swift cannot reach by itself: variadic functions, macros, and system calls that Debian 12's
// glibc has no wrapper for.
#pragma once
#define _GNU_SOURCE
// With _GNU_SOURCE fd_set and utsname name a member otherwise than in Swift's own Glibc module, and a Swift file that
// sees both (any that imports Synchronization or FoundationEssentials) does not compile.
#include <features.h>
#pragma push_macro("__USE_XOPEN")
#pragma push_macro("__USE_GNU")
#undef __USE_XOPEN
#undef __USE_GNU
#include <sys/select.h>
#include <sys/utsname.h>
#pragma pop_macro("__USE_GNU")
#pragma pop_macro("__USE_XOPEN")
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <stdint.h>
#include <string.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/xattr.h>
#include <time.h>
#include <termios.h>
#include <unistd.h>

#include "Connections.h"
#include "CSockets.h"
#include "FileWatch.h"
#include "HostLookup.h"
#include "Programs.h"

// open(2) and openat(2) are variadic.
static inline int cl_open(const char *path, int flags) { return open(path, flags | O_CLOEXEC); }
static inline int cl_openat(int directory, const char *path, int flags, unsigned mode) {
    return openat(directory, path, flags | O_CLOEXEC, mode);
}

// pidfd_open(2), pidfd_send_signal(2) and pidfd_getfd(2): wrappers came with glibc 2.36 headers that not every build host has.
static inline int cl_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
static inline int cl_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (void *)0, 0);
}
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
// readdir(3) tells its end from a failure by an errno that it left alone.
static inline void cl_forget_errno(void) { errno = 0; }

// ioctl(2) is variadic; -1 where the descriptor is no terminal.
static inline int cl_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : -1;
}

// tcflush(3), which Swift does not see.
static inline void cl_discard_input(int descriptor) { (void)tcflush(descriptor, TCIFLUSH); }

#include "SafeFiles.h"

// The words that this program was started with, its own name first; NULL behind the last one.
const char *cl_argument(int index);
// A word of its environment, such as PATH=/usr/bin; NULL behind the last one.
const char *cl_setting(int index);

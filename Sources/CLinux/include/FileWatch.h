// inotify(7): what happens to names in a directory.
#pragma once
#include <stdint.h>
#include <sys/inotify.h>

static inline int cl_watch_new(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }

// Written, renamed, removed, or given another mode; reading alone is no news.
static inline int cl_watch_directory(int watch, const char *path) {
    return inotify_add_watch(watch, path,
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_ONLYDIR);
}

// signalfd(2) over a set that this process blocks from here on, in the calling thread and those it starts.
#include <signal.h>
#include <sys/signalfd.h>

static inline int cl_signals_new(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int index = 0; index < count; index++) sigaddset(&set, signals[index]);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
// One record of it is this long, and begins with the signal's number.
static inline int cl_signal_record_size(void) { return sizeof(struct signalfd_siginfo); }

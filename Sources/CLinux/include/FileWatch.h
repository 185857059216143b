// inotify(7): what happens to names in a directory.
#pragma once
#include <stdint.h>
#include <sys/inotify.h>

static inline int cl_watch_new(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }

// Written, renamed, removed, or given another mode, the directory itself included; reading alone is no news.
static inline int cl_watch_directory(int watch, const char *path) {
    return inotify_add_watch(watch, path,
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_MOVE_SELF
            | IN_DELETE_SELF | IN_ONLYDIR);
}

// Signals as bytes in a pipe: the handler writes the signal's number and does nothing else (signal-safety(7)). Not
// signalfd(2): the Swift runtime's first thread sleeps in sigsuspend(2), which lets through what is blocked elsewhere.
// Returns the reading end.
int cl_signals_catch(const int *signals, int count);
// The same for a command: what its caller wants ignored (nohup(1), `&` of a shell) stays so, what its caller had blocked
// comes all the same, and a write to a reader that has gone fails instead of ending the program.
int cl_signals_heed(const int *signals, int count);

// madvise(2) takes a pointer; addresses from /proc/self/smaps are numbers, and Swift shall make no pointer of them.
#include <sys/mman.h>
static inline int cl_give_back(uint64_t start, uint64_t end) {
    return madvise((void *)(uintptr_t)start, (size_t)(end - start), MADV_DONTNEED);
}

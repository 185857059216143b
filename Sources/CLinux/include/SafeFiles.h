// Calls for writing files that are whole or absent: glibc declares them as variadic, as macros or not at all.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// renameat2(2) with RENAME_NOREPLACE; file systems that do not know the flag answer EINVAL.
static inline int cl_rename_new(int from, const char *name, int to, const char *target) {
    return (int)syscall(SYS_renameat2, from, name, to, target, RENAME_NOREPLACE);
}

// S_ISVTX and its like are casts; AT_ flags come as enum or macro by libc.
static inline int cl_status_at(int directory, const char *name, struct stat *status) {
    return fstatat(directory, name, status, AT_SYMLINK_NOFOLLOW);
}
static inline int cl_remove_directory_at(int directory, const char *name) {
    return unlinkat(directory, name, AT_REMOVEDIR);
}

// flock(2) of the whole file, released by the kernel when its holder dies.
static inline int cl_lock(int descriptor, int wait) { return flock(descriptor, LOCK_EX | (wait ? 0 : LOCK_NB)); }

// fcntl(2) is variadic. Who holds a POSIX lock on the file: 0 for nobody, -1 where the holder is outside our PID
// namespace or is an open file, -errno - 1 for a failure.
static inline int cl_lock_holder(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_GETLK, &lock) != 0) return -errno - 1;
    if (lock.l_type == F_UNLCK) return 0;
    return lock.l_pid > 0 ? lock.l_pid : -1;
}

// fcntl(2) is variadic.
static inline int cl_duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

// The name of a directory entry is an array of fixed size, which Swift shows as a tuple.
static inline const char *cl_entry_name(const struct dirent *entry) { return entry->d_name; }

// fsync(2) of many files at once: the file system commits them together, which one after the other takes as many
// commits as there are files. Returns 0, or the errno of one that failed and its index in `failed`.
int cl_sync_all(const int *descriptors, int count, int *failed);

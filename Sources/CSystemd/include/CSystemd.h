// libsystemd: the bus, the journal, readiness. Shims stand here for what is variadic or a macro.
#pragma once
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <stdint.h>
#include <sys/mman.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

// madvise(2) takes a pointer; addresses from /proc/self/maps are numbers, and Swift shall make no pointer of them.
static inline int csd_drop_pages(uint64_t start, uint64_t end) {
    return madvise((void *)(uintptr_t)start, (size_t)(end - start), MADV_DONTNEED);
}

// struct dirent ends in an array whose declared size is not its real one, which Swift would copy.
static inline const char *csd_next_name(DIR *directory, int *is_directory) {
    struct dirent *entry = readdir(directory);
    if (!entry) return NULL;
    *is_directory = entry->d_type == DT_DIR;
    return entry->d_name;
}

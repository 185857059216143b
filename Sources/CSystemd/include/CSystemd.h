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

// open(2) is variadic. Only the owner and root may ask that the access time stay as it was.
#include <fcntl.h>
#ifndef O_NOATIME
#define O_NOATIME 01000000
#endif
static inline int csd_open_quietly(const char *path) {
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
    int descriptor = open(path, flags | O_NOATIME);
    if (descriptor < 0 && errno == EPERM) descriptor = open(path, flags);
    return descriptor >= 0 ? descriptor : -errno;
}

// A match makes sd-bus ask for signals; it is sd_bus_process(3) that hands them out, so nothing is left to call.
static inline int csd_look_on(sd_bus_message *message, void *data, sd_bus_error *error) {
    (void)message;
    (void)data;
    (void)error;
    return 0;
}
static inline int csd_match(sd_bus *bus, const char *rule) { return sd_bus_add_match(bus, NULL, rule, csd_look_on, NULL); }

// struct dirent ends in an array whose declared size is not its real one, which Swift would copy.
static inline const char *csd_next_name(DIR *directory, int *is_directory) {
    struct dirent *entry = readdir(directory);
    if (!entry) return NULL;
    *is_directory = entry->d_type == DT_DIR;
    return entry->d_name;
}

// The body of StartTransientUnit (org.freedesktop.systemd1(5)), ssa(sv)a(sa(sv)): one service that starts `command`. What
// systemd does not know it refuses, so what came after version 219 is asked for only where `modern`. Negative errno.
static inline int csd_describe_service(sd_bus_message *message, const char *unit, const char *description,
                                       char **command, uint64_t stop_limit, int modern) {
    int result = sd_bus_message_append(message, "ss", unit, "fail");
    if (result < 0) return result;
    result = sd_bus_message_open_container(message, 'a', "(sv)");
    if (result < 0) return result;
    result = sd_bus_message_append(message, "(sv)(sv)(sv)(sv)(sv)", "Description", "s", description, "Type", "s",
                                   modern ? "exec" : "simple", "KillMode", "s", "mixed", "TimeoutStopUSec", "t",
                                   stop_limit, "UMask", "u", (uint32_t)022);
    if (result < 0) return result;
    if (modern) {
        result = sd_bus_message_append(message, "(sv)(sv)", "CollectMode", "s", "inactive-or-failed", "OOMPolicy", "s",
                                       "continue");
        if (result < 0) return result;
    }
    result = sd_bus_message_open_container(message, 'r', "sv");
    if (result >= 0) result = sd_bus_message_append(message, "s", "ExecStart");
    if (result >= 0) result = sd_bus_message_open_container(message, 'v', "a(sasb)");
    if (result >= 0) result = sd_bus_message_open_container(message, 'a', "(sasb)");
    if (result >= 0) result = sd_bus_message_open_container(message, 'r', "sasb");
    if (result >= 0) result = sd_bus_message_append(message, "s", command[0]);
    if (result >= 0) result = sd_bus_message_append_strv(message, command);
    if (result >= 0) result = sd_bus_message_append(message, "b", 0);
    for (int depth = 0; depth < 5 && result >= 0; depth++) result = sd_bus_message_close_container(message);
    if (result < 0) return result;
    return sd_bus_message_append(message, "a(sa(sv))", 0);
}

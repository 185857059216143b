// libarchive: a tar that stock tools open, compressed with zstd; and the cpio archives of an initial ramdisk.
#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// S_IFREG and S_IFDIR of inode(7), which libarchive shares, are casts.
static const unsigned int ca_regular = S_IFREG;
static const unsigned int ca_directory = S_IFDIR;

// Untranslated and reentrant, unlike strerror(3); declared here because glibc does so only under _GNU_SOURCE, which
// changes types that Swift then sees twice.
extern const char *strerrordesc_np(int code);
static inline const char *ca_error_words(int code) {
    const char *words = strerrordesc_np(code);
    return words ? words : "unknown error";
}

// errno is a macro that Swift does not see.
static inline const char *ca_last_error(void) { return ca_error_words(errno); }

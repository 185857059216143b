// A BIO over a file that is certainly a regular one: BIO_new_file(3) would wait for ever on a FIFO.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

// NULL with errno set; EINVAL where it is no regular file, EFBIG where it is larger than `limit`.
static inline BIO *co_open_regular_file(const char *path, long long limit) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return NULL;
    struct stat status;
    int failure = 0;
    if (fstat(descriptor, &status) != 0) failure = errno;
    else if (!S_ISREG(status.st_mode)) failure = EINVAL;
    else if (status.st_size > limit) failure = EFBIG;
    BIO *bio = failure ? NULL : BIO_new_fd(descriptor, BIO_CLOSE);
    if (!bio) {
        close(descriptor);
        errno = failure ? failure : ENOMEM;
    }
    return bio;
}

static inline int co_errno(void) { return errno; }

// A password callback that never asks: an encrypted key then fails instead of stopping at a prompt.
static inline int co_no_password(char *buffer, int size, int writing, void *data) {
    (void)buffer; (void)size; (void)writing;
    if (data) *(int *)data = 1;
    return -1;
}

// A macro over casts: a name as RFC 2253 writes it, in UTF-8.
static inline unsigned long co_name_flags(void) { return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB; }

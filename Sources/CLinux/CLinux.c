// What is too long for the headers.
#include "CLinux.h"

#include <pthread.h>
#include <stdatomic.h>

struct sync_round {
    const int *descriptors;
    int count;
    atomic_int next;
    atomic_int failure;
    atomic_int failed;
};

static void *sync_some(void *argument) {
    struct sync_round *round = argument;
    for (int index; (index = atomic_fetch_add(&round->next, 1)) < round->count;) {
        int result;
        do result = fsync(round->descriptors[index]);
        while (result != 0 && errno == EINTR);
        int none = 0;
        if (result != 0 && atomic_compare_exchange_strong(&round->failure, &none, errno))
            atomic_store(&round->failed, index);
    }
    return NULL;
}

int cl_sync_all(const int *descriptors, int count, int *failed) {
    struct sync_round round = {.descriptors = descriptors, .count = count};
    enum { most = 15 };
    pthread_t helpers[most];
    int started = 0;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) == 0) {
        pthread_attr_setstacksize(&attributes, 64 * 1024);
        while (started < most && started < count - 1
               && pthread_create(&helpers[started], &attributes, sync_some, &round) == 0)
            started++;
        pthread_attr_destroy(&attributes);
    }
    // Without a single helper this thread does it all.
    sync_some(&round);
    for (int index = 0; index < started; index++) pthread_join(helpers[index], NULL);
    *failed = atomic_load(&round.failed);
    return atomic_load(&round.failure);
}

#include <signal.h>

static int signal_pipe[2] = {-1, -1};

static void tell(int signal) {
    int code = errno;
    unsigned char byte = (unsigned char)signal;
    // A full pipe already says all there is to say.
    ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written;
    errno = code;
}

int cl_signals_catch(const int *signals, int count) {
    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    for (int index = 0; index < count; index++) {
        if (sigaction(signals[index], &action, NULL) != 0) return -1;
    }
    return signal_pipe[0];
}

int cl_signals_heed(const int *signals, int count) {
    int heeded[8];
    int kept = 0;
    sigset_t wanted;
    sigemptyset(&wanted);
    for (int index = 0; index < count && kept < 8; index++) {
        struct sigaction before;
        if (sigaction(signals[index], NULL, &before) != 0) return -1;
        if (before.sa_handler == SIG_IGN) continue;
        heeded[kept++] = signals[index];
        sigaddset(&wanted, signals[index]);
    }
    int descriptor = cl_signals_catch(heeded, kept);
    // A mask is inherited through exec(3): a signal that the starting program had blocked would never come.
    if (descriptor >= 0) pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
    signal(SIGPIPE, SIG_IGN);
    return descriptor;
}

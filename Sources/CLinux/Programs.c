#define _GNU_SOURCE
#include "Programs.h"

#include <errno.h>
#include <unistd.h>

int cl_spawn(const char *path, char *const *arguments, int *pid) {
    static char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        // A signal that this process blocks must reach that one.
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        // Nor is what this process ignores to be ignored there.
        sigset_t ignored;
        sigemptyset(&ignored);
        sigaddset(&ignored, SIGPIPE);
        posix_spawnattr_setsigdefault(&attributes, &ignored);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, 2, 1);
        failed = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

int cl_wait(int pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -errno;
    return WIFSIGNALED(status) ? 0x100 | WTERMSIG(status) : WEXITSTATUS(status);
}

// What a program is started with whatever its starter blocks, ignores or catches.
static void reset_signals(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
}

int cl_start(const char *path, char *const *arguments, char *const *environment, int output, int errors, int status,
             int *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        reset_signals(&attributes);
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_adddup2(&actions, errors, 2);
        // Last: until here 3 may be one of the others.
        if (status >= 0) posix_spawn_file_actions_adddup2(&actions, status, 3);
        // Whatever a library opened without O_CLOEXEC stays here.
        posix_spawn_file_actions_addclosefrom_np(&actions, status >= 0 ? 4 : 3);
        failed = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

int cl_detach(const char *path, char *const *arguments) {
    static char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", NULL};
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    pid_t middle = fork();
    if (middle < 0) {
        int code = errno;
        close(report[0]);
        close(report[1]);
        return code;
    }
    if (middle == 0) {
        // Only what signal-safety(7) allows: the threads of the starter are not here, their locks are.
        int code = 0;
        pid_t child = setsid() < 0 ? -1 : fork();
        if (child > 0) _exit(0);
        if (child == 0) {
            struct sigaction usual = {.sa_handler = SIG_DFL};
            for (int number = 1; number < 32; number++) sigaction(number, &usual, NULL);
            sigset_t none;
            sigemptyset(&none);
            sigprocmask(SIG_SETMASK, &none, NULL);
            closefrom(report[1] + 1);
            for (int number = 3; number < report[1]; number++) close(number);
            int nothing = open("/dev/null", O_RDWR);
            if (nothing >= 0 && dup2(nothing, 0) == 0 && dup2(nothing, 1) == 1 && dup2(nothing, 2) == 2
                && chdir("/") == 0)
                execve(path, arguments, environment);
        }
        code = errno;
        ssize_t written = write(report[1], &code, sizeof code);
        (void)written;
        _exit(127);
    }
    close(report[1]);
    int code = 0;
    // Nothing to read means that exec(3) has closed the other end.
    ssize_t count;
    do count = read(report[0], &code, sizeof code);
    while (count < 0 && errno == EINTR);
    close(report[0]);
    while (waitpid(middle, NULL, 0) < 0 && errno == EINTR) {}
    return count == sizeof code ? code : 0;
}

int cl_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

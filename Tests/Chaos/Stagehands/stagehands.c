#define _GNU_SOURCE
#include "stagehands.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int stage_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC)) return -errno;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) ? -errno : 0;
}

int stage_start(const char *actor, const char *tag, const char *mode, int notes) {
    int ready[2];
    if (pipe2(ready, O_CLOEXEC)) return -errno;
    char with_tag[64], with_mode[64];
    snprintf(with_tag, sizeof with_tag, "ACTOR_TAG=%s", tag);
    snprintf(with_mode, sizeof with_mode, "ACTOR_MODE=%s", mode);
    char *environment[] = {with_tag, with_mode, NULL};
    char *words[] = {(char *)actor, "--enroll", "https://manager.example", NULL};
    // High numbers first, so that neither end is in the way of the other.
    int high_notes = fcntl(notes, F_DUPFD_CLOEXEC, 100), high_ready = fcntl(ready[1], F_DUPFD_CLOEXEC, 100);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, high_notes, 3);
    posix_spawn_file_actions_adddup2(&actions, high_ready, 4);
    pid_t pid;
    int failed = posix_spawn(&pid, actor, &actions, NULL, words, environment);
    posix_spawn_file_actions_destroy(&actions);
    close(high_notes);
    close(high_ready);
    close(ready[1]);
    char byte;
    if (!failed && read(ready[0], &byte, 1) != 1) {
        waitpid(pid, NULL, 0);
        failed = ECHILD;
    }
    close(ready[0]);
    return failed ? -failed : pid;
}

void stage_kill(int pid) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

int stage_lives(int pid) { return waitpid(pid, NULL, WNOHANG) == 0; }

int stage_replace(int pid, const char *actor, const char *tag, const char *mode, int notes) {
    stage_kill(pid);
    int next = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
    if (next < 0) return -errno;
    char number[16];
    int length = snprintf(number, sizeof number, "%d", pid - 1);
    ssize_t written = write(next, number, (size_t)length);
    close(next);
    if (written != length) return -EIO;
    return stage_start(actor, tag, mode, notes);
}

void stage_kill_by_number(int pid) { kill(pid, SIGTERM); }

struct stage_errand {
    enum stage_deed deed;
    unsigned delay;
    int pid, notes, replacement;
    char actor[256], tag[32], mode[32];
    pthread_t thread;
};

static void *run(void *argument) {
    struct stage_errand *errand = argument;
    usleep(errand->delay);
    switch (errand->deed) {
    case STAGE_NOTHING: break;
    case STAGE_KILL: stage_kill(errand->pid); break;
    case STAGE_REPLACE:
        errand->replacement = stage_replace(errand->pid, errand->actor, errand->tag, errand->mode, errand->notes);
        break;
    case STAGE_EXEC: kill(errand->pid, SIGUSR1); break;
    case STAGE_CLOSE: kill(errand->pid, SIGUSR2); break;
    }
    return NULL;
}

struct stage_errand *stage_begin(
    enum stage_deed deed, unsigned delay, int pid, const char *actor, const char *tag, const char *mode, int notes) {
    struct stage_errand *errand = calloc(1, sizeof *errand);
    errand->deed = deed;
    errand->delay = delay;
    errand->pid = pid;
    errand->notes = notes;
    snprintf(errand->actor, sizeof errand->actor, "%s", actor);
    snprintf(errand->tag, sizeof errand->tag, "%s", tag);
    snprintf(errand->mode, sizeof errand->mode, "%s", mode);
    if (pthread_create(&errand->thread, NULL, run, errand)) abort();
    return errand;
}

int stage_join(struct stage_errand *errand) {
    pthread_join(errand->thread, NULL);
    int replacement = errand->replacement;
    free(errand);
    return replacement;
}

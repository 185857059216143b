/*
 * A process for chaos runs. It says on descriptor 3 when SIGTERM reaches it, so that a signal to the wrong one is seen;
 * what it is comes from ACTOR_TAG, what it is like from ACTOR_MODE:
 *
 *   listen   holds a listening TCP socket        deaf    takes note of SIGTERM and lives on
 *
 * SIGUSR1 makes it another program (the same file, other arguments), SIGUSR2 makes it let go of its socket. On
 * descriptor 4 it says when it is ready.
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *tag;
static int deaf, listener = -1;

static void note(void) {
    char line[64];
    int length = snprintf(line, sizeof line, "%s\n", tag);
    if (write(3, line, (size_t)length) < 0) _exit(2);
}

static void on_term(int signal) {
    (void)signal;
    note();
    if (!deaf) _exit(0);
}

static void on_usr1(int signal) {
    (void)signal;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execl("/proc/self/exe", "actor", "--other", (char *)NULL);
}

static void on_usr2(int signal) {
    (void)signal;
    close(listener);
}

int main(void) {
    const char *mode = getenv("ACTOR_MODE");
    tag = getenv("ACTOR_TAG");
    if (!tag || !mode) return 2;
    deaf = strstr(mode, "deaf") != NULL;
    if (strstr(mode, "listen")) {
        struct sockaddr_in address = {.sin_family = AF_INET};
        listener = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4)) return 2;
    }
    signal(SIGTERM, on_term);
    signal(SIGUSR1, on_usr1);
    signal(SIGUSR2, on_usr2);
    if (write(4, "r", 1) != 1) return 2;
    close(4);
    while (1) pause();
}

// A crowd for benchmarks: many processes with many descriptors and loopback connections, and among them one listener.
//
//   crowd PROCESSES DESCRIPTORS SOCKETS PORT WHERE
//
// WHERE is the listener's place: `first`, `middle` or `last` process with its lowest free descriptor, or `high`: the
// last process with its highest one. Totals are divided evenly. Prints READY when all stand, and ends, with all its
// children, at the end of standard input or when its parent ends. Works only in a network namespace that has nothing
// but loopback, so that it can never take a port or a process away from a real host.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "crowd: cannot %s: %s\n", what, strerror(errno));
    exit(1);
}

static void loopback_up(void) {
    struct if_nameindex *all = if_nameindex();
    for (struct if_nameindex *one = all; one && one->if_index; one++)
        if (strcmp(one->if_name, "lo") != 0 && strcmp(one->if_name, "sit0") != 0) {
            fprintf(stderr, "crowd: interface '%s' is here; run in a network namespace of its own\n", one->if_name);
            exit(1);
        }
    if_freenameindex(all);
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (any < 0 || ioctl(any, SIOCSIFFLAGS, &request) != 0) fail("bring loopback up");
    close(any);
}

static int listener(uint32_t address, uint16_t port) {
    int made = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
    if (made < 0 || setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
        || bind(made, (struct sockaddr *)&name, sizeof name) != 0 || listen(made, 128) != 0)
        fail("listen");
    return made;
}

// Two sockets for each call: a connection to a listener on an address of our own, which is closed again.
static void connect_pairs(int index, int pairs) {
    int temporary = listener(0x7F010000u + (uint32_t)index, 0);
    struct sockaddr_in name;
    socklen_t size = sizeof name;
    if (getsockname(temporary, (struct sockaddr *)&name, &size) != 0) fail("read own address");
    for (int pair = 0; pair < pairs; pair++) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        if (client < 0 || connect(client, (struct sockaddr *)&name, sizeof name) != 0) fail("connect");
        if (accept(temporary, NULL, NULL) < 0) fail("accept");
    }
    close(temporary);
}

static void live(int index, int descriptors, int sockets, int port, int high, int ready) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (port && !high) listener(INADDR_ANY, (uint16_t)port);
    connect_pairs(index, sockets / 2);
    int last = open("/dev/null", O_RDONLY);
    while (last >= 0 && last < descriptors - 1 - (port && high)) last = open("/dev/null", O_RDONLY);
    if (last < 0) fail("open /dev/null");
    if (port && high) listener(INADDR_ANY, (uint16_t)port);
    if (write(ready, "+", 1) != 1) fail("report");
    close(ready);
    for (;;) pause();
}

// A child that can't play its part ends the whole play; the others go with their parent.
static void child_ended(int signal) {
    (void)signal;
    _exit(1);
}

int main(int count, char **words) {
    if (count != 6) {
        fprintf(stderr, "usage: crowd PROCESSES DESCRIPTORS SOCKETS PORT first|middle|last|high\n");
        return 64;
    }
    int processes = atoi(words[1]), descriptors = atoi(words[2]), sockets = atoi(words[3]), port = atoi(words[4]);
    const char *where = words[5];
    if (processes < 1 || processes > 20000 || port < 1 || port > 65535) return 64;
    int chosen = !strcmp(where, "first") ? 0 : !strcmp(where, "middle") ? processes / 2 : processes - 1;
    loopback_up();

    signal(SIGCHLD, child_ended);
    int ready[2];
    if (pipe(ready) != 0) fail("make a pipe");
    for (int index = 0; index < processes; index++) {
        pid_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) {
            close(ready[0]);
            close(STDIN_FILENO);
            open("/dev/null", O_RDONLY);
            live(index, descriptors / processes, sockets / processes, index == chosen ? port : 0,
                 !strcmp(where, "high"), ready[1]);
        }
        char answer;
        if (index % 50 == 49)
            for (int each = 0; each < 50; each++)
                if (read(ready[0], &answer, 1) != 1) fail("hear from a child");
    }
    close(ready[1]);
    char answers[64];
    while (read(ready[0], answers, sizeof answers) > 0) {}

    puts("READY");
    fflush(stdout);
    char ignored[256];
    while (read(STDIN_FILENO, ignored, sizeof ignored) > 0) {}
    signal(SIGCHLD, SIG_DFL);
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    while (wait(NULL) > 0 || errno == EINTR) {}
    return 0;
}

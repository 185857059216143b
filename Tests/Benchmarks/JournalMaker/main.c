// Writes a crash loop's journal as export text (systemd's Journal Export Formats) for systemd-journal-remote:
//     journal-maker [RESTARTS] [UNIT] | /lib/systemd/systemd-journal-remote --output=DIR -
// Five entries a restart, as systemd 252 writes them; the first third fails for want of a certificate, the rest
// because the port is taken. Restarts are five seconds apart and begin at 2026-05-20T20:23:55Z.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t wall = UINT64_C(1779308635000000);
static uint64_t monotonic = UINT64_C(1000000);
static const char *unit = "linux-patch-api.service";

static void open_entry(int priority) {
    wall += 1000;
    monotonic += 1000;
    printf("__REALTIME_TIMESTAMP=%" PRIu64 "\n__MONOTONIC_TIMESTAMP=%" PRIu64 "\n"
           "_BOOT_ID=ffffffffffffffffffffffffffffffff\n_MACHINE_ID=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
           "_HOSTNAME=radarr\nPRIORITY=%d\n", wall, monotonic, priority);
}

static void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

static void manager(long attempt, int priority) {
    open_entry(priority);
    printf("_PID=1\n_UID=0\n_GID=0\n_COMM=systemd\n_TRANSPORT=journal\nSYSLOG_IDENTIFIER=systemd\nUNIT=%s\n"
           "INVOCATION_ID=%032lx\n", unit, attempt);
}

static void service(long attempt, int priority) {
    open_entry(priority);
    printf("_PID=%ld\n_UID=0\n_GID=0\n_COMM=linux-patch-api\n_EXE=/usr/bin/linux-patch-api\n"
           "_CMDLINE=/usr/bin/linux-patch-api --config /etc/linux_patch_api/config.yaml\n_TRANSPORT=stdout\n"
           "SYSLOG_IDENTIFIER=linux-patch-api\n_SYSTEMD_UNIT=%s\n_SYSTEMD_CGROUP=/system.slice/%s\n"
           "_SYSTEMD_INVOCATION_ID=%032lx\n", 2000 + attempt % 30000, unit, unit, attempt);
}

int main(int count, char **words) {
    long restarts = count > 1 ? strtol(words[1], NULL, 10) : 120000;
    if (count > 2) unit = words[2];
    for (long attempt = 1; attempt <= restarts; attempt++) {
        manager(attempt, 6);
        say("MESSAGE_ID=39f53479d3a045ac8e11786248231fbf\nJOB_TYPE=start\nMESSAGE=Started Linux Patch API.\n\n");
        service(attempt, 3);
        if (attempt < restarts / 3)
            say("MESSAGE=Error: TLS CA certificate not found: /etc/linux_patch_api/certs/ca.pem\n\n");
        else
            say("MESSAGE=2026-05-28T15:%02ld:%02ld.%06ldZ ERROR linux_patch_api: Failed to bind to 0.0.0.0:12443: "
                "Address already in use (os error 98)\n\n", attempt / 60 % 60, attempt % 60, attempt);
        manager(attempt, 5);
        say("MESSAGE_ID=98e322203f7a4ed290d09fe03c09fe15\nEXIT_CODE=exited\nEXIT_STATUS=1\nCOMMAND=ExecStart\n"
            "MESSAGE=%s: Main process exited, code=exited, status=1/FAILURE\n\n", unit);
        manager(attempt, 4);
        say("MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c\nUNIT_RESULT=exit-code\n"
            "MESSAGE=%s: Failed with result 'exit-code'.\n\n", unit);
        wall += 5000000;
        monotonic += 5000000;
        manager(attempt, 6);
        say("MESSAGE_ID=5eb03494b6584870a536b337290809b3\nN_RESTARTS=%ld\n"
            "MESSAGE=%s: Scheduled restart job, restart counter is at %ld.\n\n", attempt, unit, attempt);
    }
    return ferror(stdout) != 0;
}

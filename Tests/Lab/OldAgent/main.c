/*
 * The agent before 1.2.0, as far as it broke five hosts: a stand-in for tests, never shipped.
 *
 * It reads its configuration crudely, exits where a certificate is missing, says that it listens before it does, and
 * after --enroll falls through to serving. What else a scenario wants of it, it is told by words in OLD_AGENT_MODE or
 * in /run/lab/old-agent-mode (sudo clears the environment):
 *
 *   exit-zero        leaves cleanly instead of serving          fail             exits with an error nobody has heard of
 *   never-ready      serves without READY=1                     segfault         dies of SIGSEGV once it is ready
 *   hang             stands still before it binds               allocate         takes memory until it is killed
 *   strict           refuses an expired certificate             lenient          serves without any certificate
 *   bind-only        binds and never listens                    port=N           listens there, whatever was configured
 *   reuseport        sets SO_REUSEPORT                          no-reuseaddr     leaves SO_REUSEADDR out
 *   ipv6             listens on :: for IPv6 alone               dual-stack       listens on :: for both
 *   fork-child       a child keeps the listening descriptor     close-first      ends accepted connections at once
 *   leak             opens files up to its limit and serves on  leak-first       does so before it binds
 *   write-state      writes its state before anything else
 *   die-before=N     is killed before it installs the Nth file  die-within=N     is killed while it does
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
    int port;
    char bind[64], ca[256], certificate[256], key[256];
} config = {.port = 12443, .bind = "0.0.0.0"};

static char modes[512];

/* Whether a word was given; `argument` gets what follows "word=". */
static int mode(const char *word, const char **argument) {
    size_t length = strlen(word);
    for (const char *at = modes; (at = strstr(at, word)); at += length) {
        int starts = at == modes || strchr(" ,\n", at[-1]) != NULL;
        if (starts && argument && at[length] == '=') return *argument = at + length + 1, 1;
        if (starts && (at[length] == 0 || strchr(" ,\n", at[length]))) return 1;
    }
    return 0;
}

static void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static void __attribute__((noreturn)) die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("Error: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void read_modes(void) {
    const char *given = getenv("OLD_AGENT_MODE");
    if (given) {
        snprintf(modes, sizeof modes, "%s", given);
        return;
    }
    FILE *file = fopen("/run/lab/old-agent-mode", "r");
    if (!file) return;
    modes[fread(modes, 1, sizeof modes - 1, file)] = 0;
    fclose(file);
}

/* `  key: value  # comment` into `value` if the line is of that key. */
static void take(const char *line, const char *key, char *value, size_t size) {
    while (*line == ' ') line++;
    size_t length = strlen(key);
    if (strncmp(line, key, length) || line[length] != ':') return;
    line += length + 1;
    while (*line == ' ' || *line == '"' || *line == '\'') line++;
    snprintf(value, size, "%.*s", (int)strcspn(line, "\"'#\r\n "), line);
}

static void read_config(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) die("Failed to load configuration: %s: %s (os error %d)", path, strerror(errno), errno);
    char line[512], section[32] = "", port[16] = "";
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        if (line[0] == '\t')
            die("Failed to load configuration: %s: found character that cannot start any token at line %d column 1",
                path, number);
        if (line[0] != ' ' && line[0] != '#') snprintf(section, sizeof section, "%.*s", (int)strcspn(line, ":\n"), line);
        if (!strcmp(section, "server")) {
            take(line, "port", port, sizeof port);
            take(line, "bind", config.bind, sizeof config.bind);
        }
        take(line, "ca_cert", config.ca, sizeof config.ca);
        take(line, "server_cert", config.certificate, sizeof config.certificate);
        take(line, "server_key", config.key, sizeof config.key);
    }
    fclose(file);
    char *end = port;
    if (port[0]) config.port = (int)strtol(port, &end, 10);
    if (*end || config.port < 1 || config.port > 65535)
        die("Failed to load configuration: server.port: invalid value \"%s\"", port);
}

static void require_file(const char *what, const char *path) {
    struct stat status;
    if (stat(path, &status)) die("TLS %s not found: %s", what, path);
}

/* Only what the old agent looked at: existence. */
static void require_files(void) {
    require_file("CA certificate", config.ca);
    require_file("server certificate", config.certificate);
    require_file("server key", config.key);
}

/* The system's reason where there is one, else OpenSSL's. */
static const char *tls_reason(void) {
    static char text[128];
    unsigned long code = ERR_peek_error();
    if (ERR_GET_LIB(code) == ERR_LIB_SYS)
        snprintf(text, sizeof text, "%s (os error %d)", strerror(ERR_GET_REASON(code)), ERR_GET_REASON(code));
    else
        snprintf(text, sizeof text, "%s", ERR_reason_error_string(ERR_peek_last_error()) ?: "unknown error");
    return text;
}

static SSL_CTX *tls(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    if (mode("lenient", NULL)) return context;
    if (!SSL_CTX_load_verify_file(context, config.ca))
        die("Failed to load TLS CA certificate %s: %s", config.ca, tls_reason());
    if (!SSL_CTX_use_certificate_chain_file(context, config.certificate))
        die("Failed to load TLS server certificate %s: %s", config.certificate, tls_reason());
    ERR_clear_error();
    /* Loading the key already compares it with the certificate. */
    if (!SSL_CTX_use_PrivateKey_file(context, config.key, SSL_FILETYPE_PEM)) {
        if (ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509) die("Failed to build TLS config: KeyMismatch");
        die("Failed to load TLS server key %s: %s", config.key, tls_reason());
    }
    if (mode("strict", NULL) && X509_cmp_current_time(X509_get0_notAfter(SSL_CTX_get0_certificate(context))) < 0)
        die("TLS server certificate expired: %s", config.certificate);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return context;
}

static int bound_socket(void) {
    int six = mode("ipv6", NULL) || mode("dual-stack", NULL), yes = 1, only = mode("ipv6", NULL);
    int descriptor = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | (mode("fork-child", NULL) ? 0 : SOCK_CLOEXEC), 0);
    if (descriptor < 0)
        die("Failed to bind to %s:%d: %s (os error %d)", config.bind, config.port, strerror(errno), errno);
    if (!mode("no-reuseaddr", NULL)) setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (mode("reuseport", NULL)) setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(config.port)};
    struct sockaddr_in6 all = {.sin6_family = AF_INET6, .sin6_port = htons(config.port)};
    if (!six && inet_pton(AF_INET, config.bind, &four.sin_addr) != 1) die("server.bind: invalid address %s", config.bind);
    if (six) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    /* Before the bind: the line that misled everyone who read the log. */
    say("Listening on %s:%d (mTLS enabled)", six ? "[::]" : config.bind, config.port);
    if (bind(descriptor, six ? (void *)&all : (void *)&four, six ? sizeof all : sizeof four))
        die("Failed to bind to %s:%d: %s (os error %d)", config.bind, config.port, strerror(errno), errno);
    return descriptor;
}

static void notify_ready(void) {
    const char *path = getenv("NOTIFY_SOCKET");
    if (!path || mode("never-ready", NULL)) return;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(path);
    if (path[0] == '@') address.sun_path[0] = 0;
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sendto(descriptor, "READY=1", 7, 0, (struct sockaddr *)&address, length);
    close(descriptor);
}

static void misbehave(void) {
    if (mode("exit-zero", NULL)) {
        say("Nothing to do, leaving");
        exit(0);
    }
    if (mode("fail", NULL)) die("the flux capacitor is not charged");
    while (mode("hang", NULL)) pause();
}

/* Files that are never closed: the kernel says when there are enough. */
static void leak(void) {
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) continue;
}

static void write_state(void) {
    const char *path = "/var/lib/linux_patch_api/state.json";
    char state[8192];
    memset(state, ' ', sizeof state);
    FILE *file = fopen(path, "w");
    size_t written = file ? fwrite(state, 1, sizeof state, file) : 0;
    if (written < sizeof state || fclose(file))
        die("Failed to write state %s: %s (os error %d)", path, strerror(errno), errno);
}

static void serve(void) {
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *context = tls();
    misbehave();
    if (mode("leak-first", NULL)) leak();
    const char *port = NULL;
    if (mode("port", &port) && port) config.port = atoi(port);
    int descriptor = bound_socket();
    while (mode("bind-only", NULL)) pause();
    if (listen(descriptor, 128)) die("Failed to listen: %s (os error %d)", strerror(errno), errno);
    if (mode("fork-child", NULL) && fork() == 0) execl("/usr/bin/sleep", "sleep", "infinity", (char *)NULL);
    notify_ready();
    if (mode("segfault", NULL)) raise(SIGSEGV);
    if (mode("leak", NULL)) leak();
    while (mode("allocate", NULL)) {
        char *block = malloc(1 << 20);
        if (block) memset(block, 1, 1 << 20);
    }
    for (;;) {
        int client = accept4(descriptor, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) {
            say("Error: Failed to accept a connection: %s (os error %d)", strerror(errno), errno);
            sleep(1);
            continue;
        }
        struct timeval patience = {.tv_sec = 5};
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        SSL *session = SSL_new(context);
        SSL_set_fd(session, client);
        if (!mode("close-first", NULL) && SSL_accept(session) == 1) {
            static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
            char request[4096];
            if (SSL_read(session, request, sizeof request) > 0) SSL_write(session, answer, sizeof answer - 1);
        }
        SSL_free(session);
        close(client);
    }
}

/* Whether this is the file at which the scenario wants it dead. */
static int dies(const char *when, int number) {
    const char *wanted = NULL;
    return mode(when, &wanted) && wanted && atoi(wanted) == number;
}

/* One file after the other, as it was: what is there is renamed, the new one written beside it and renamed too. */
static void install(int number, const char *name, const char *to, mode_t permissions) {
    char from[256], block[65536], backup[264], temporary[264];
    if (dies("die-before", number)) raise(SIGKILL);
    snprintf(from, sizeof from, "/run/lab/approved/%s", name);
    FILE *in = fopen(from, "r");
    if (!in) die("Enrollment failed: %s: %s", from, strerror(errno));
    size_t size = fread(block, 1, sizeof block, in);
    fclose(in);
    snprintf(backup, sizeof backup, "%s.bak", to);
    if (rename(to, backup) && errno != ENOENT) die("Enrollment failed: %s: %s", to, strerror(errno));
    snprintf(temporary, sizeof temporary, "%.*s.tmp", (int)(strrchr(to, '.') - to), to);
    int out = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions);
    if (out < 0) die("Enrollment failed: %s: %s (os error %d)", temporary, strerror(errno), errno);
    if (dies("die-within", number)) size /= 2;
    if (write(out, block, size) != (ssize_t)size) die("Enrollment failed: %s: %s", temporary, strerror(errno));
    close(out);
    if (dies("die-within", number)) raise(SIGKILL);
    if (rename(temporary, to)) die("Enrollment failed: %s: %s", to, strerror(errno));
}

/* The manager's answer is the directory /run/lab/approved, which the scenario moves into place when it approves. */
static void enroll(const char *manager) {
    say("Enrollment mode activated - running enrollment flow");
    say("Registered with %s, polling for approval", manager);
    while (access("/run/lab/approved", F_OK)) usleep(50 * 1000);
    umask(022);
    install(1, "ca.pem", config.ca, 0644);
    install(2, "server.pem", config.certificate, 0644);
    install(3, "server.key", config.key, 0600);
    say("Enrollment complete - PKI configured");
    /* And here it should have ended. */
}

int main(int count, char **arguments) {
    const char *path = "/etc/linux_patch_api/config.yaml", *manager = NULL;
    for (int i = 1; i < count; i++) {
        if (!strcmp(arguments[i], "--version")) return puts("linux-patch-api 1.1.17"), 0;
        if (!strcmp(arguments[i], "--config") && i + 1 < count) path = arguments[++i];
        else if (!strcmp(arguments[i], "--enroll") && i + 1 < count) manager = arguments[++i];
        else if (!strncmp(arguments[i], "--enroll=", 9)) manager = arguments[i] + 9;
    }
    read_modes();
    say("Linux Patch API starting");
    read_config(path);
    if (mode("write-state", NULL)) write_state();
    if (manager) enroll(manager);
    if (!mode("lenient", NULL)) require_files();
    serve();
}

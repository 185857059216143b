// Sockets, descriptor tables and threads: see CLinux.h.
#pragma once
#include <ifaddrs.h>
#include <linux/inet_diag.h>
#include <linux/kcmp.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

// getdents64(2) by the system call: the libc wrapper is hidden behind a feature macro that Swift's importer lacks.
static inline long cl_getdents(int directory, void *buffer, unsigned long size) {
    return syscall(SYS_getdents64, directory, buffer, size);
}

// kcmp(2) of two open file descriptions: 0 the same, 1 to 3 different, or negative errno. It has no libc wrapper.
static inline int cl_same_file(int pid, int other_pid, int descriptor, int other_descriptor) {
    long answer = syscall(SYS_kcmp, pid, other_pid, KCMP_FILE, (unsigned long)descriptor, (unsigned long)other_descriptor);
    return answer >= 0 ? (int)answer : -errno;
}

// How many processors this process may run on; CPU_COUNT is a macro.
static inline int cl_processors(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// Newer than the headers of the oldest build host.
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

// A socket option that is a number of the kernel's `int` or `u64`; negative errno where it can't be read.
static inline int cl_option(int socket, int option, uint64_t *value) {
    *value = 0;
    socklen_t size = option == SO_NETNS_COOKIE ? sizeof(uint64_t) : sizeof(int);
    return getsockopt(socket, SOL_SOCKET, option, value, &size) == 0 ? 0 : -errno;
}

// IPV6_V6ONLY of an IPv6 socket: 1 or 0; negative errno where it can't be read.
static inline int cl_v6_only(int socket) {
    int value = 0;
    socklen_t size = sizeof value;
    return getsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &value, &size) == 0 ? value != 0 : -errno;
}

// getsockname(2) of an IPv4 or IPv6 socket: its family, port in host order, and address bytes; 0 for other families.
static inline int cl_bound_address(int socket, uint16_t *port, uint8_t address[16]) {
    struct sockaddr_storage name = {0};
    socklen_t size = sizeof name;
    if (getsockname(socket, (struct sockaddr *)&name, &size) != 0) return 0;
    if (name.ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&name;
        *port = ntohs(four->sin_port);
        memcpy(address, &four->sin_addr, 4);
        return AF_INET;
    }
    if (name.ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&name;
        *port = ntohs(six->sin6_port);
        memcpy(address, &six->sin6_addr, 16);
        return AF_INET6;
    }
    return 0;
}

// tcpi_state of TCP_INFO: a number of include/net/tcp_states.h, or -1.
static inline int cl_tcp_state(int socket) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_state : -1;
}

// The address bytes of one entry of getifaddrs(3): 4, 16, or 0 for other families.
static inline int cl_interface_address(const struct ifaddrs *entry, uint8_t address[16]) {
    if (!entry->ifa_addr) return 0;
    if (entry->ifa_addr->sa_family == AF_INET) {
        memcpy(address, &((const struct sockaddr_in *)entry->ifa_addr)->sin_addr, 4);
        return 4;
    }
    if (entry->ifa_addr->sa_family == AF_INET6) {
        memcpy(address, &((const struct sockaddr_in6 *)entry->ifa_addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

// Asks sock_diag(7) for the TCP sockets of one family in `states` (a bit for each state) whose local port is `port`.
// The kernel filters: the bytecode says "port >= p, then port <= p"; a failed comparison jumps past the end.
static inline long cl_ask_sockets(int netlink, int family, uint32_t states, uint16_t port) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
        struct nlattr attribute;
        struct inet_diag_bc_op code[4];
    } message;
    memset(&message, 0, sizeof message);
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    message.request.sdiag_family = (uint8_t)family;
    message.request.sdiag_protocol = IPPROTO_TCP;
    message.request.idiag_states = states;
    message.attribute.nla_type = INET_DIAG_REQ_BYTECODE;
    message.attribute.nla_len = sizeof message.attribute + sizeof message.code;
    message.code[0] = (struct inet_diag_bc_op){INET_DIAG_BC_S_GE, 8, 20};
    message.code[1] = (struct inet_diag_bc_op){0, 0, port};
    message.code[2] = (struct inet_diag_bc_op){INET_DIAG_BC_S_LE, 8, 12};
    message.code[3] = (struct inet_diag_bc_op){0, 0, port};
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    return sendto(netlink, &message, sizeof message, 0, (struct sockaddr *)&kernel, sizeof kernel);
}

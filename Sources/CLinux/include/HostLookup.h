// getaddrinfo(3): the address in an entry, in network order.
#pragma once
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

// How many bytes the address has; 0 where it is of another family.
static inline int cl_resolved_address(const struct addrinfo *entry, uint8_t address[16]) {
    if (entry->ai_family == AF_INET) {
        memcpy(address, &((const struct sockaddr_in *)entry->ai_addr)->sin_addr, 4);
        return 4;
    }
    if (entry->ai_family == AF_INET6) {
        memcpy(address, &((const struct sockaddr_in6 *)entry->ai_addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

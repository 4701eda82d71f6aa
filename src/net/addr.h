#ifndef NET_ADDR_H
#define NET_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

/* Internet addresses: IPv4 ones as ::ffff:a.b.c.d, so that there is one form. */
struct addr {
    uint8_t bytes[16];
};

enum { ADDR_TEXT = 48, ADDR_RANGES_MAX = 64 };

bool addr_parse(const char *text, size_t len, struct addr *ret);
struct addr addr_of(const struct sockaddr_storage *from);
void addr_text(const struct addr *addr, char ret[ADDR_TEXT]);

/* Private, loopback, link-local, shared (carrier) and unique local addresses. */
bool addr_private(const struct addr *addr);

struct addr_ranges {
    size_t count;
    struct {
        struct addr addr;
        int bits;
    } at[ADDR_RANGES_MAX];
};

/* "10.0.0.0/8 ::1, fd00::/8"; NULL and "" are none.  ERR_INVALID names it in ret_why. */
MUST_USE enum err addr_ranges(const char *text, struct addr_ranges *ret, char ret_why[256]);
bool addr_among(const struct addr_ranges *ranges, const struct addr *addr);

/*
 * How many connections (or what else) each address has; an IPv6 one counts with its /64.
 * Locked inside: all reactors share it, on accept and close, and for what stands in the way.
 */
struct addr_counts;

struct addr_counts *addr_counts_new(int max);
void addr_counts_free(struct addr_counts *counts); /* accepts NULL */
/* False when the address would have more than `max`. */
bool addr_counts_take(struct addr_counts *counts, const struct addr *addr, int by);
void addr_counts_give(struct addr_counts *counts, const struct addr *addr, int by);
/* How many it has, and how many addresses have any. */
int addr_counts_of(struct addr_counts *counts, const struct addr *addr);
int addr_counts_holders(struct addr_counts *counts);

#endif

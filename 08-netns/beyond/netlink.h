/*
 * How does a program ask the kernel to change the network?
 *
 * By netlink: a socket whose other end is the kernel.  A message is a header, a
 * fixed struct for its kind, and attributes: length, type, value.  A value can
 * again be a row of attributes; the numbers are lengths in bytes:
 *
 *     +----------+-----------+--------+--------+--------------------------+
 *     | nlmsghdr | ifinfomsg | IFNAME | MASTER | LINKINFO                 |
 *     | NEWLINK  | which     | 8      | 8      |    +--------+---------+  |
 *     | 118      | link      | "ts2"  | the    | 70 | KIND 9 | DATA 54 |  |
 *     | sequence |           |        | bridge |    | "veth" | ...     |  |
 *     +----------+-----------+--------+--------+----+--------+---------+--+
 *
 * Parts start at multiples of 4 bytes.  The kernel answers with an errno, 0
 * for success, and sometimes a sentence.  See netlink(7), rtnetlink(7).
 */
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

#define NETLINK_ROOM 1024

struct netlink_message {
	union {
		struct nlmsghdr header;
		char bytes[NETLINK_ROOM];
	};
	char reason[160]; /* ": what the kernel said" after a failure, or "" */
};

/* A socket to the kernel's part for links, addresses and routes. */
int netlink_open(void);

/* Start a message: the header, and the struct that goes with its type. */
void netlink_begin(struct netlink_message *message, uint16_t type,
		   uint16_t flags, const void *body, size_t size);

/* Append a bare struct, or an attribute: of bytes, of a text, of a number. */
void netlink_add_body(struct netlink_message *message, const void *body,
		      size_t size);
void netlink_add(struct netlink_message *message, uint16_t type,
		 const void *value, size_t size);
void netlink_add_text(struct netlink_message *message, uint16_t type,
		      const char *text);
void netlink_add_number(struct netlink_message *message, uint16_t type,
			uint32_t number);

/* A link's hardware address, made of its IP address. */
void netlink_add_hardware(struct netlink_message *, uint32_t address);

/* What is appended between these two becomes one attribute's value. */
struct rtattr *netlink_open_nest(struct netlink_message *, uint16_t type);
void netlink_close_nest(struct netlink_message *message, struct rtattr *nest);

/* Send it and wait for the kernel's answer.  -1 with errno: not printed. */
int netlink_call(int netlink, struct netlink_message *message);

/* Ask for a list: `each` gets every entry.  -1 with errno: not printed. */
typedef void netlink_visit(const struct nlmsghdr *entry, void *data);
int netlink_list(int netlink, struct netlink_message *message,
		 netlink_visit *each, void *data);

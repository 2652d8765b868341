/*
 * The directory of leases: a file for each address, and notes.
 */
#pragma once

#include <stdint.h>

#include "08-netns/beyond/lease.h"

#define LEASE_NOTE 32

/*
 * Take a free address of `network`/24, and write `text` in its file.  Returns
 * that, open and locked.
 */
int lease_make(int dir, uint32_t network, const char *text, uint32_t *address);

/* Remove the file of an address; of all. */
void lease_forget(int dir, uint32_t address);
void lease_clear(int dir);

/* How many there are; -1 after a message. */
int lease_count(int dir);

/* A word under a name.  Reading: 1; 0 if there is none; -1 after a message. */
int lease_write_note(int dir, const char *name, const char *value);
int lease_read_note(int dir, const char *name, char value[LEASE_NOTE]);

/*
 * The network in use, or the first of some private ones that no route of the
 * host leads to.  Host order.
 */
int lease_choose_network(int dir, uint32_t *network);

/* The network in use.  1; 0: nobody has chosen yet; -1 after a message. */
int lease_read_network(int dir, uint32_t *network);

/*
 * Were the leases given for the network namespace that we are in?  1, 0, or -1
 * after a message.
 */
int lease_is_here(int dir);

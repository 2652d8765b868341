/* The host that a test runs on: a set of namespaces, and what is on it. */
#pragma once

#include <stdbool.h>

/*
 * Move to a host of its own.  Returns only in there, as process 2; the
 * caller's process waits for that one's end and ends with its status.
 */
void host_make(void);

/*
 * A group of our own in each cgroup tree, as the top of a cgroup namespace:
 * what tests make in it disturbs nobody.  The whole program goes there once;
 * it is removed when the program that returns here has ended.
 */
void host_cgroups_enter(void);

/* Remove what a test left in them. */
void host_cgroups_clean(void);

/* Show only those trees below /sys/fs/cgroup, in this mount namespace. */
void host_cgroups_mount(void);

/* All that a container could leave behind, as lines of text. */
char *host_snapshot(void);

/* The lines that came and went between two snapshots. */
char *host_difference(const char *before, const char *after);

/* host_root.c: the root that this host has, in a new mount namespace. */
void host_root_make(void);

/* A directory for later, when its path leads elsewhere; then, read-only. */
int host_take(const char *directory);
void host_put(int directory, const char *place);

/* What is mounted now is the machine's, but for the host's own. */
void host_remember_machine(void);

/* Is a mount, by its number in mountinfo, one that the machine brought? */
bool host_is_of_machine(int mount);

/* End, with errno's reason, if the result is -1. */
void host_must(int result, const char *what);

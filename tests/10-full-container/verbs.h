/* What the tests of the verbs have in common: whole lives, groups, layouts. */
#pragma once

#include "tests/10-full-container/oci.h"

/* Created, started, and "ready", which its script prints first. */
struct running oci_start(const char *id);

/* Close it, wait for its end, and delete it. */
void oci_delete(struct running *box, const char *id);

/* A file of its group, from the tree that has it: with v2's or v1's name. */
char *oci_group_file(pid_t pid, const char *v2, const char *controller,
		     const char *v1);

/*
 * The same verbs where only cgroup v1 is mounted; or the test is skipped.  A
 * container that stays keeps no pipe of ours: all that is printed is in `err`.
 */
#define OCI_V1(...) oci_v1(WORDS("--root", OCI_STATES, __VA_ARGS__))
struct result *oci_v1(const char *const words[]);

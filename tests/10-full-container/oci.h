/*
 * Stage 10 as an OCI runtime: bundles, and the verbs on them.
 *
 * All is below /run/oci: `bundle` with its config.json, `states` (--root), and
 * `shared`, which is /mnt inside.  oci_begin() makes it, oci_end() removes it.
 */
#pragma once

#include "tests/runner/helpers.h"

#define OCI_BUNDLE "/run/oci/bundle"
#define OCI_STATES "/run/oci/states"
#define OCI_SHARED "/run/oci/shared"
#define OCI_ID     "box"

/* Pieces of JSON; NULL is the default, "" leaves out what is optional. */
struct config {
	const char *version; /* "\"ociVersion\": ...," */
	const char *script;  /* for sh -c; nothing in it needs an escape */
	const char *process; /* what else `process` has: ", \"rlimits\": ..." */
	const char *cwd;     /* process.cwd */
	const char *env;     /* more variables: ", \"A=b\"" */
	const char *user;    /* the value of process.user */
	const char *root;    /* the value of `root` */
	const char *mounts;  /* more of them: ", {...}" */
	const char *namespaces; /* the value of linux.namespaces */
	const char *linux_;     /* what else `linux` has */
	const char *top;        /* what else the document has */
};

void oci_begin(const struct config *config);
void oci_write(const struct config *config); /* another config.json */
void oci_end(void);

/* Run a verb, with --root OCI_STATES before it. */
#define OCI(...) oci(WORDS("--root", OCI_STATES, __VA_ARGS__))
struct result *oci(const char *const words[]);

/* run the container; its result. */
#define OCI_RUN() OCI("run", "--bundle", OCI_BUNDLE, OCI_ID)

/* The same from beginning to end, without a failure; what it prints. */
char *oci_prints(const struct config *config);

/* A verb that has to fail, with 1 (exec: 255) and one clear line that has the piece. */
void oci_refuses(const char *const words[], const char *piece);
void oci_refuses_config(const struct config *config, const char *piece);

/* The pipes to a container that outlives `create`. */
struct running oci_create(const char *id);

/* Close its input, and read its output to the end, which is its own end. */
char *oci_close(struct running *box);

/* What `state` says. */
char *oci_status(const char *id);
pid_t oci_pid(const char *id);

/* Wait until the process with this number has ended. */
void oci_wait(pid_t pid);

/*
 * The host of one worker, and the bundle on it.  Nothing here is the
 * machine's: /dev and /tmp too are the host's own.
 */
#pragma once

#define WORLD         "/mnt/faults"
#define WORLD_OUT     WORLD "/out" /* what is not looked at */
#define WORLD_BUNDLE  WORLD "/bundle"
#define WORLD_ROOT    WORLD "/rootfs"
#define WORLD_SHARED  WORLD "/shared" /* /rw inside */
#define WORLD_HOOKS   WORLD_SHARED "/hooks"
#define WORLD_PIDFILE WORLD "/pid"
#define WORLD_ID      "box"
#define WORLD_GROUP   "faults"

/* `tools` is the directory with the programs inside and faulty. */
void world_make(const char *tools);

/*
 * Write config.json: what `spec` of that program writes, the patches
 * tests/faults/full.json and `file` (may be NULL), and one that is text (may
 * be NULL).  `act` is what tests/faults/inside.c is told.
 */
void world_configure(const char *program, const char *file, const char *patch,
		     const char *act);

/* For the next fault: without a trace of the last. */
void world_remove_group(const char *path);
void world_remove_interface(const char *name);
void world_remove_network(void);

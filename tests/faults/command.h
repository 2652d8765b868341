/* The verbs of the runtime, without any fault. */
#pragma once

#include <sys/types.h>

/* Where their output, and that of what is tested, goes: below WORLD_OUT. */
#define OUT_SAID    WORLD_OUT "/said"    /* standard output of what is tested */
#define OUT_ERROR   WORLD_OUT "/error"   /* its standard error */
#define OUT_BOX     WORLD_OUT "/box"     /* of a container made before */
#define OUT_COMMAND WORLD_OUT "/command" /* of verbs that only help */
#define OUT_TROUBLE WORLD_OUT "/trouble" /* their standard error */

/* The path of a program below $BIN, unless it is one: new text. */
char *command_path(const char *program);

/* Run a program to its end; its status as a shell says it. */
int command_run(const char *out, const char *const words[]);

#define RUNTIME_RUN(out, ...)                                    \
	command_runtime(out, (const char *const[]){ "10-full-"   \
						    "container", \
						    __VA_ARGS__, NULL })
int command_runtime(const char *out, const char *const words[]);

/* A file, from its beginning, for what is started. */
int command_output(const char *path);

struct box {
	char status[16]; /* "": there is none */
	pid_t pid;
};

struct box command_state(void);

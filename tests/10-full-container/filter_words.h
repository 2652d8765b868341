/* What profiles by chance are made of, for config.json and libseccomp. */
#pragma once

#include <seccomp.h>
#include <stdint.h>

static const uint64_t values[] = {
	0,
	1,
	2,
	3,
	40,
	0xff,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	0x100000001,
	0x7fffffffffffffff,
	0xffffffffffffffff,
};

static const struct {
	const char *name;
	uint32_t action; /* without the errno */
} actions[] = {
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
};
#define ACTIONS (sizeof(actions) / sizeof(*actions))

static const struct {
	const char *name;
	enum scmp_compare op;
} operators[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE },
	{ "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE },
	{ "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};
#define OPERATORS (sizeof(operators) / sizeof(*operators))

/* None that is a part of socketcall: libseccomp 2.5.4 fails to join those. */
static const char *const names[] = {
	"read",  "write",   "clone", "personality",  "_llseek",
	"mmap",  "mmap2",   "ioctl", "no_such_call", "faccessat2",
	"time",  "openat2", "statx", "setgid32",     "futex",
	"prctl", "umount2",
};
#define NAMES (sizeof(names) / sizeof(*names))

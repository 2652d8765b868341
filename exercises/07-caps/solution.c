/*
 * 07: fewer capabilities, and another user.
 *
 * A process has five sets.  What counts now is the effective one, but an
 * exec(2) of user 0 refills it from the bounding set: so that one first.  The
 * program makes no process; it becomes the command (see 01).
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h> /* libcap: only for the names */
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(cap) (UINT64_C(1) << (cap))
#define ALL      UINT64_MAX

/* Docker's fourteen: what is allowed, for a new kernel has more to forbid. */
static uint64_t wanted = BIT(CAP_AUDIT_WRITE) | BIT(CAP_CHOWN) |
			 BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) |
			 BIT(CAP_FSETID) | BIT(CAP_KILL) | BIT(CAP_MKNOD) |
			 BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_NET_RAW) |
			 BIT(CAP_SETFCAP) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP) |
			 BIT(CAP_SETUID) | BIT(CAP_SYS_CHROOT);
static uint64_t added; /* of these, by name */
static unsigned int uid, gid;

static void must(int result, const char *what)
{
	if (result < 0)
		err(125, "%s", what);
}

/* "SYS_TIME", "cap_sys_time", "ALL" */
static uint64_t parse_name(const char *name)
{
	char full[64];
	cap_value_t cap;

	if (strcasecmp(name, "all") == 0)
		return ALL;
	snprintf(full, sizeof(full), "%s%s",
		 strncasecmp(name, "cap_", 4) == 0 ? "" : "cap_", name);
	if (cap_from_name(full, &cap) < 0)
		errx(2, "no capability is called \"%s\"", name);
	return BIT(cap);
}

static void parse_user(char *text)
{
	char *end;

	uid = gid = (unsigned int)strtoul(text, &end, 10);
	if (*end == ':')
		gid = (unsigned int)strtoul(end + 1, &end, 10);
	if (end == text || *end)
		exit(2);
}

static struct __user_cap_header_struct header = {
	.version = _LINUX_CAPABILITY_VERSION_3,
};

/* Nobody can be given more than the caller has. */
static uint64_t permitted_here(void)
{
	struct __user_cap_data_struct data[2];

	must((int)syscall(SYS_capget, &header, data), "read the capabilities");
	return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

static void set(uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++, permitted >>= 32, inheritable >>= 32) {
		data[i].permitted = data[i].effective = (uint32_t)permitted;
		data[i].inheritable = (uint32_t)inheritable;
	}
	must((int)syscall(SYS_capset, &header, data), "set the capabilities");
}

/*
 * The order is the lesson.  The bounding set and the groups take capabilities
 * that are given up after them; the change of user clears them, unless they
 * are kept (KEEPCAPS); ambient ones survive an exec(2) of an ordinary user, and
 * have to be permitted and inheritable before.
 */
static void give_up(void)
{
	uint64_t ambient;

	wanted &= permitted_here();
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++) {
		if (prctl(PR_CAPBSET_READ, cap) == 0)
			wanted &= ~BIT(cap);
		else if (!(wanted & BIT(cap)))
			must(prctl(PR_CAPBSET_DROP, cap), "bounding set");
	}
	if (added != ALL && added & ~wanted)
		errx(125, "--cap-add: the caller itself has not all of it");
	must(prctl(PR_SET_KEEPCAPS, 1), "keep capabilities");
	must(setgroups(0, NULL), "give up the groups");
	must(setresgid(gid, gid, gid), "change the group");
	must(setresuid(uid, uid, uid), "change the user");
	ambient = uid == 0 ? 0 : wanted & added;
	set(uid == 0 ? wanted : ambient, ambient);
	for (int cap = 0, raise = PR_CAP_AMBIENT_RAISE; cap < 64; cap++)
		if (ambient & BIT(cap))
			must(prctl(PR_CAP_AMBIENT, raise, cap, 0, 0), "raise");
	/* No setuid file gives back what is gone. */
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cap-add", required_argument, NULL, 'a' },
		{ "cap-drop", required_argument, NULL, 'd' },
		{ "user", required_argument, NULL, 'u' },
		{ 0 },
	};

	for (int o; (o = getopt_long(argc, argv, "+u:", options, NULL)) != -1;)
		if (o == 'a') {
			added |= parse_name(optarg);
			wanted |= parse_name(optarg);
		} else if (o == 'd') {
			added &= ~parse_name(optarg);
			wanted &= ~parse_name(optarg);
		} else if (o == 'u') {
			parse_user(optarg);
		} else {
			return 2;
		}
	if (optind >= argc)
		return 2;
	give_up();
	execvp(argv[optind], argv + optind);
	err(errno == ENOENT ? 127 : 126, "%s", argv[optind]);
}

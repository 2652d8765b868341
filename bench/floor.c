/*
 * floor: the least that a container start can cost.
 *
 *     floor run ROOTFS GROUP PROGRAM
 *     floor exec PID GROUP PROGRAM
 *
 * The kernel's work for the configuration of bench/, and nothing else: the
 * namespaces, mounts, masks, capabilities, filter, device rules and cgroup are
 * written here as constants.  No JSON is read, no filter compiled, no state
 * kept, no path guarded against the image, no error explained, and nobody is
 * protected from anybody.  So it is no runtime, but the number that one can
 * come near to.
 *
 * It is linked as the runtime is, so that both pay the same for being
 * started.
 */
#include "bench/floor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/count.h"

#define HIDDEN (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define NAMESPACES                                                  \
	(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWNET)

/* Made by bench/filter.c. */
static const struct sock_filter floor_filter[] = {
#include "bench/filter.inc"
};

/* Which call it was is enough to know: nobody but the bench runs this. */
#define MUST(call)                                                            \
	do {                                                                  \
		if ((call) < 0) {                                             \
			fprintf(stderr, "floor: line %d: %s: %s\n", __LINE__, \
				#call, strerror(errno));                      \
			_exit(125);                                           \
		}                                                             \
	} while (0)

/* A new network has a lo, and that is down. */
static void floor_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	MUST(fd);
	MUST(ioctl(fd, SIOCSIFFLAGS, &lo));
	close(fd);
}

/*
 * mount(2), since one call of it is what six of the newer ones do (fsopen,
 * fsconfig, ...).  A runtime that must not be led astray by links needs those.
 */
static void floor_mounts(const char *rootfs)
{
	MUST(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	MUST(mount(rootfs, rootfs, NULL, MS_BIND | MS_REC, NULL));
	MUST(chdir(rootfs));
	MUST(mount("proc", "proc", "proc", HIDDEN, NULL));
	MUST(mount("sysfs", "sys", "sysfs", HIDDEN | MS_RDONLY, NULL));
	MUST(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC,
		   "mode=755,size=64k"));
	MUST(mkdir("dev/pts", 0755));
	MUST(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		   "newinstance,ptmxmode=0666,mode=0620"));
	MUST(mkdir("dev/shm", 0755));
	MUST(mount("tmpfs", "dev/shm", "tmpfs", HIDDEN, "mode=1777,size=64m"));
	MUST(mkdir("dev/mqueue", 0755));
	MUST(mount("mqueue", "dev/mqueue", "mqueue", HIDDEN, NULL));
	MUST(mount("cgroup", "sys/fs/cgroup", "cgroup2", HIDDEN | MS_RDONLY,
		   NULL));
}

/* And the links that every program expects. */
static void floor_devices(void)
{
	umask(0);
	MUST(mknod("dev/null", S_IFCHR | 0666, makedev(1, 3)));
	MUST(mknod("dev/zero", S_IFCHR | 0666, makedev(1, 5)));
	MUST(mknod("dev/full", S_IFCHR | 0666, makedev(1, 7)));
	MUST(mknod("dev/random", S_IFCHR | 0666, makedev(1, 8)));
	MUST(mknod("dev/urandom", S_IFCHR | 0666, makedev(1, 9)));
	MUST(mknod("dev/tty", S_IFCHR | 0666, makedev(5, 0)));
	MUST(symlink("/proc/self/fd", "dev/fd"));
	MUST(symlink("/proc/self/fd/0", "dev/stdin"));
	MUST(symlink("/proc/self/fd/1", "dev/stdout"));
	MUST(symlink("/proc/self/fd/2", "dev/stderr"));
	MUST(symlink("pts/ptmx", "dev/ptmx"));
	umask(022);
}

/* A file that this kernel does not have needs no mask. */
static void floor_cover(const char *from, const char *path)
{
	if (mount(from, path, NULL, MS_BIND, NULL) < 0 && errno != ENOENT)
		MUST(-1);
}

static void floor_masks(void)
{
	static const char *const readonly[] = { "proc/bus", "proc/fs",
						"proc/irq", "proc/sys",
						"proc/sysrq-trigger" };
	static const char *const files[] = {
		"proc/kcore",      "proc/keys",        "proc/latency_stats",
		"proc/timer_list", "proc/timer_stats", "proc/sched_debug",
	};
	static const char *const directories[] = {
		"proc/asound",
		"sys/firmware",
		"proc/scsi",
	};
	const unsigned long change = MS_BIND | MS_REMOUNT | MS_RDONLY | HIDDEN;

	for (int i = 0; i < 5; i++) {
		floor_cover(readonly[i], readonly[i]);
		if (mount(NULL, readonly[i], NULL, change, NULL) < 0 &&
		    errno != ENOENT)
			MUST(-1);
	}
	for (int i = 0; i < 6; i++)
		floor_cover("/dev/null", files[i]);
	MUST(mount("tmpfs", "proc/acpi", "tmpfs", HIDDEN | MS_RDONLY,
		   "size=0,nr_inodes=1,mode=755"));
	for (int i = 0; i < 3; i++)
		floor_cover("proc/acpi", directories[i]);
}

/* The old root is below the new one, until it is unmounted. */
static void floor_enter_root(void)
{
	MUST(syscall(SYS_pivot_root, ".", "."));
	MUST(umount2(".", MNT_DETACH));
	MUST(chdir("/"));
}

/* Bounding, the three that capset(2) sets, ambient; then the filter. */
static void floor_restrict(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	const struct __user_cap_data_struct caps[2] = {
		{ FLOOR_CAPS, FLOOR_CAPS, 0 },
		{ 0, 0, 0 },
	};
	const struct sock_fprog filter = {
		.len = COUNT(floor_filter),
		.filter = (struct sock_filter *)floor_filter,
	};

	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	for (unsigned int cap = 0; cap < 41; cap++)
		if (cap > 31 || !(FLOOR_CAPS & 1U << cap))
			MUST(prctl(PR_CAPBSET_DROP, cap));
	MUST(syscall(SYS_setgroups, 0, NULL));
	MUST(syscall(SYS_setresgid, 0, 0, 0));
	MUST(syscall(SYS_setresuid, 0, 0, 0));
	MUST(syscall(SYS_capset, &header, caps));
	MUST(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
	MUST(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
}

static void floor_become(char *program)
{
	char *const words[] = { program, NULL };
	char path[] = "PATH=/bin", term[] = "TERM=xterm";
	char *const variables[] = { path, term, NULL };

	floor_restrict();
	MUST(execve(program, words, variables));
}

/*
 * Which devices may be opened, in eBPF: what the runtime loads for each
 * container.  R2 is the type, R3 the access, R4 and R5 are the numbers.
 */
#define INSN(operation, to, from, skip, value)                           \
	{                                                                \
		.code = (operation), .dst_reg = (to), .src_reg = (from), \
		.off = (skip), .imm = (value)                            \
	}
#define LOAD(to, at) INSN(BPF_LDX | BPF_MEM | BPF_W, to, 1, at, 0)
#define UNLESS(reg, value, skip) \
	INSN(BPF_JMP | BPF_JNE | BPF_K, reg, 0, skip, value)
#define ANSWER(allow)                                      \
	INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, allow), \
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define DEVICE(major, minor)                                   \
	UNLESS(2, BPF_DEVCG_DEV_CHAR, 4), UNLESS(4, major, 3), \
		UNLESS(5, minor, 2), ANSWER(1)
#define MAY_MAKE(type)                                                        \
	UNLESS(2, type, 5), INSN(BPF_ALU64 | BPF_MOV | BPF_X, 1, 3, 0, 0),    \
		INSN(BPF_ALU | BPF_AND | BPF_K, 1, 0, 0, 6), UNLESS(1, 0, 2), \
		ANSWER(1)

static const struct bpf_insn floor_devices_code[] = {
	LOAD(2, 0),
	LOAD(3, 0),
	INSN(BPF_ALU | BPF_AND | BPF_K, 2, 0, 0, 0xffff),
	INSN(BPF_ALU | BPF_RSH | BPF_K, 3, 0, 0, 16),
	LOAD(4, 4),
	LOAD(5, 8),
	DEVICE(10, 200),
	UNLESS(2, BPF_DEVCG_DEV_CHAR, 3),
	UNLESS(4, 136, 2),
	ANSWER(1),
	DEVICE(5, 2),
	DEVICE(5, 1),
	DEVICE(5, 0),
	DEVICE(1, 9),
	DEVICE(1, 8),
	DEVICE(1, 7),
	DEVICE(1, 5),
	DEVICE(1, 3),
	MAY_MAKE(BPF_DEVCG_DEV_BLOCK),
	MAY_MAKE(BPF_DEVCG_DEV_CHAR),
	ANSWER(0),
};

static void floor_device_rules(int group)
{
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)floor_devices_code,
		.insn_cnt = COUNT(floor_devices_code),
		.license = (uintptr_t) "MIT",
	};
	int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	union bpf_attr attach = {
		.target_fd = (uint32_t)group,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	MUST(program);
	MUST(syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)));
	close(program);
}

static int floor_open_group(const char *path)
{
	MUST(mkdir(path, 0755));
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Born in the group: to move it there later costs more. */
static pid_t floor_clone(unsigned long long flags, int group)
{
	struct clone_args args = { .flags = flags | CLONE_INTO_CGROUP,
				   .exit_signal = SIGCHLD,
				   .cgroup = (unsigned int)group };
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	MUST(pid);
	return (pid_t)pid;
}

static int floor_wait(pid_t pid)
{
	int status;

	MUST(waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

static int floor_run(const char *rootfs, const char *group_path, char *program)
{
	int group, status;
	pid_t pid;

	MUST(chdir("/sys/fs/cgroup")); /* where the group's name is meant */
	group = floor_open_group(group_path);
	MUST(group);
	floor_device_rules(group);
	pid = floor_clone(NAMESPACES, group);
	if (pid == 0) {
		MUST(setsid());
		syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "floor");
		floor_network();
		MUST(unshare(CLONE_NEWCGROUP));
		floor_mounts(rootfs);
		floor_devices();
		floor_masks();
		floor_enter_root();
		floor_become(program);
	}
	status = floor_wait(pid);
	MUST(rmdir(group_path));
	return status;
}

/* The group is the one that the process is in, in a v2 view. */
static int floor_exec(const char *pid, const char *group_path, char *program)
{
	int group = open(group_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int target =
		(int)syscall(SYS_pidfd_open, (pid_t)strtol(pid, NULL, 10), 0);
	pid_t child;

	MUST(group);
	MUST(setns(target, CLONE_NEWPID));
	child = floor_clone(0, group);
	if (child == 0) {
		MUST(setsid());
		MUST(setns(target,
			   (NAMESPACES & ~CLONE_NEWPID) | CLONE_NEWCGROUP));
		floor_become(program);
	}
	return floor_wait(child);
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "run") == 0)
		return floor_run(argv[2], argv[3], argv[4]);
	if (argc == 5 && strcmp(argv[1], "exec") == 0)
		return floor_exec(argv[2], argv[3], argv[4]);
	fputs("usage: floor run ROOTFS GROUP PROGRAM\n"
	      "       floor exec PID GROUP PROGRAM\n",
	      stderr);
	return 2;
}

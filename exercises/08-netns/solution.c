/*
 * 08: a network of its own.
 *
 * A new network namespace has nothing but a lo that is down.  For a way out a
 * cable (a veth pair) leads from inside to a bridge, the host forwards, and
 * the container's address is translated into the host's (NAT).  ip(8) and
 * nft(8) do it here: each line can be typed, and looked at.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int number; /* of the cable, and the address's last part */
#define FORWARD "/proc/sys/net/ipv4/ip_forward"

static void must(int result, const char *what)
{
	if (result < 0)
		err(125, "%s", what);
}

/* A line for the shell: 0 if it went well. */
static int sh(const char *format, ...)
{
	char line[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	return system(line);
}

/* For all, by the first.  The bridge's alias is a note of what was before. */
static int make_bridge(void)
{
	return sh(
		"ip link show br-mine >&- 2>&- && exit\n"
		"set -e; ip link add br-mine type bridge\n"
		"ip link set br-mine alias forward=$(cat " FORWARD ") up\n"
		"ip address add 10.99.0.1/24 dev br-mine\n"
		"nft 'table ip mine { chain leaving {"
		" type nat hook postrouting priority 100;"
		" ip saddr 10.99.0.0/24 oifname != br-mine masquerade; }; }'\n"
		"echo 1 >" FORWARD);
}

/*
 * The name of the cable's end on the host says which address is taken: the
 * kernel gives a name only once, and takes it back when the namespace ends.
 */
static int connect_child(int pid)
{
	for (number = 2; number < 255; number++)
		if (sh("2>&- ip link add mine%d type veth peer name eth0 "
		       "netns %d",
		       number, pid) == 0)
			break;
	return sh("set -e; ip link set mine%d master br-mine up\n"
		  "nsenter -n -t %d sh -ec 'ip link set eth0 up\n"
		  "ip address add 10.99.0.%d/24 dev eth0\n"
		  "ip route add default via 10.99.0.1'",
		  number, pid, number);
}

/* The last one removes the bridge, and what the host has done for it. */
static void disconnect(void)
{
	sh("ip link delete mine%d 2>&-\n"
	   "ip -o link show master br-mine | grep -q . && exit\n"
	   "ip link show br-mine | sed -n 's/.*forward=//p' >" FORWARD "\n"
	   "ip link delete br-mine; nft delete table ip mine",
	   number);
}

/* /sys shows the network of whoever mounted it. */
static _Noreturn void inside(char **command, int gate)
{
	char go;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(gate, &go, 1) != 1 ||
	    poll(&(struct pollfd){ .fd = gate }, 1, 0) != 0)
		_exit(125); /* the parent has died, or gave up */
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mounts");
	must(mount("sysfs", "/sys", "sysfs", MS_RDONLY, NULL), "mount /sys");
	if (sh("ip link set lo up") != 0)
		exit(125);
	execvp(command[0], command);
	err(errno == ENOENT ? 127 : 126, "%s", command[0]);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "net", required_argument, NULL, 'n' },
		{ 0 },
	};
	struct clone_args args = { .exit_signal = SIGCHLD };
	int option, is_bridge = 0, status = 0, gate[2], lock;
	long child;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		args.flags = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID;
		is_bridge = option == 'n' && strcmp(optarg, "bridge") == 0;
		if (option != 'n' || (!is_bridge && strcmp(optarg, "none")))
			return 2;
	}
	if (optind >= argc)
		return 2;
	if (!args.flags)
		execvp(argv[optind], argv + optind);
	must(pipe2(gate, O_CLOEXEC), "make a pipe");
	child = syscall(SYS_clone3, &args, sizeof(args));
	must((int)child, "make a process in new namespaces");
	if (child == 0) {
		close(gate[1]);
		inside(argv + optind, gate[0]);
	}
	signal(SIGINT, SIG_IGN); /* the command has it, and we wait for that */
	/* One at a time makes or removes what all containers share. */
	lock = open("/run", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(flock(lock, LOCK_EX), "lock /run");
	if (!is_bridge ||
	    (make_bridge() == 0 && connect_child((int)child) == 0))
		must((int)write(gate[1], "", 1), "open the gate");
	else
		close(gate[1]);
	must(flock(lock, LOCK_UN), "unlock /run");
	must(waitpid((pid_t)child, &status, 0), "wait for the command");
	must(flock(lock, LOCK_EX), "lock /run");
	if (is_bridge)
		disconnect();
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/*
 * What has the container? This runs inside and says it, one thing a line, in
 * words that are the same each time it has the same.
 *
 *     inside say          ... and end with 7
 *     inside stay         ... and wait for a signal
 *     inside hook NAME FILE   a hook: add NAME to FILE
 *
 * Numbers of namespaces stay in it: the judge knows the host's.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LINE 1024
#define MANY 512

extern char **environ;

/* What is found in no certain order is sorted. */
static char lines[MANY][LINE];
static int line_count;

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static char *next_line(void)
{
	return lines[line_count < MANY - 1 ? line_count++ : MANY - 1];
}

static void say_lines(void)
{
	qsort(lines, (size_t)line_count, LINE, compare);
	for (int i = 0; i < line_count; i++)
		puts(lines[i]);
	line_count = 0;
}

/* The file in one line, or why not. */
static void say_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK);
	ssize_t length = fd < 0 ? -1 : 0;
	char text[256] = "";

	if (fd >= 0)
		length = read(fd, text, sizeof(text) - 1);
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = '|';
	printf("file %s: %s\n", path,
	       length < 0 ? strerrorname_np(errno) : text);
	if (fd >= 0)
		close(fd);
}

static void say_matching(const char *path, const char *const pieces[])
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		printf("no %s\n", path);
	while (file && getline(&line, &size, file) > 0)
		for (int i = 0; pieces[i]; i++)
			if (strncmp(line, pieces[i], strlen(pieces[i])) == 0)
				printf("%s", line);
	free(line);
	if (file)
		fclose(file);
}

static void say_process(void)
{
	static const char *const status[] = { "Uid:",
					      "Gid:",
					      "Groups:",
					      "NoNewPrivs:",
					      "Seccomp",
					      "Cap",
					      "SigIgn:",
					      "SigBlk:",
					      "SigCgt:",
					      "Umask:",
					      "Cpus_allowed_list:",
					      "Mems_allowed_list:",
					      "Speculation",
					      "CoreDumping:",
					      "Threads:",
					      NULL };
	static const char *const all[] = { "", NULL };
	static const char *const files[] = {
		"/proc/self/oom_score_adj", "/proc/self/timerslack_ns",
		"/proc/self/uid_map",       "/proc/self/gid_map",
		"/proc/self/setgroups",     "/proc/self/timens_offsets",
		"/proc/self/attr/current",
	};

	say_matching("/proc/self/status", status);
	say_matching("/proc/self/limits", all);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		say_file(files[i]);
}

static int prctl_value(int option)
{
	int value = -1;

	prctl(option, &value);
	return value;
}

static void say_more(void)
{
	struct utsname names;
	char path[512];

	printf("first %d leads %d\n", getpid() == 1, getsid(0) == getpid());
	printf("dumpable %d, parent's death %d, keep %d, subreaper %d, bits "
	       "%d\n",
	       prctl(PR_GET_DUMPABLE), prctl_value(PR_GET_PDEATHSIG),
	       prctl(PR_GET_KEEPCAPS), prctl_value(PR_GET_CHILD_SUBREAPER),
	       prctl(PR_GET_SECUREBITS));
	printf("personality %x, io priority %ld, nice %d, scheduler %d\n",
	       personality(0xffffffff), syscall(SYS_ioprio_get, 1, 0),
	       getpriority(PRIO_PROCESS, 0), sched_getscheduler(0));
	uname(&names);
	printf("names %s %s\n", names.nodename, names.domainname);
	printf("directory %s\n", getcwd(path, sizeof(path)) ? path : "none");
	for (char **variable = environ; *variable; variable++)
		printf("variable %s\n", *variable);
}

static void say_namespaces(void)
{
	static const char *const kinds[] = { "mnt", "uts",    "ipc",  "net",
					     "pid", "cgroup", "user", "time" };
	char path[64], link[64];
	ssize_t length;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		length = readlink(path, link, sizeof(link) - 1);
		link[length > 0 ? length : 0] = '\0';
		printf("namespace %s %s\n", kinds[i], link);
	}
}

/* "36 25 0:32 / /run rw,nosuid shared:17 - tmpfs tmpfs rw,mode=755" */
static void say_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char root[LINE / 4], point[LINE / 4], flags[128], type[64], *rest;
	char *line = NULL, options[LINE / 4];
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0) {
		rest = strstr(line, " - ");
		if (!rest ||
		    sscanf(line, "%*s %*s %*s %255s %255s %127s", root, point,
			   flags) != 3 ||
		    sscanf(rest, " - %63s %*s %255s", type, options) != 2)
			continue;
		if (strcmp(type, "overlay") == 0)
			options[0] = '\0';
		snprintf(next_line(), LINE, "mount %s %s %s %s %s%s%s", root,
			 point, flags, type, options,
			 strstr(line, " shared:") ? " shared" : "",
			 strstr(line, " master:") ? " slave" : "");
	}
	say_lines();
	free(line);
	if (file)
		fclose(file);
}

static void say_directory(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;
	struct stat status;

	if (!list)
		printf("directory %s: %s\n", path, strerrorname_np(errno));
	while (list && (entry = readdir(list)))
		if (entry->d_name[0] != '.' &&
		    fstatat(dirfd(list), entry->d_name, &status,
			    AT_SYMLINK_NOFOLLOW) == 0)
			snprintf(next_line(), LINE, "entry %s/%s %o %d:%d %lx",
				 path, entry->d_name, status.st_mode,
				 status.st_uid, status.st_gid,
				 (unsigned long)status.st_rdev);
	say_lines();
	if (list)
		closedir(list);
}

/* Whether there is something to be read in what is to be masked. */
static void say_masked(void)
{
	static const char *const masked[] = {
		"/proc/acpi",        "/proc/kcore",
		"/proc/keys",        "/proc/timer_list",
		"/proc/sched_debug", "/proc/scsi",
		"/sys/firmware",     "/sys/devices/virtual/powercap",
	};
	struct stat status;
	struct dirent *entry;
	char byte;
	DIR *list;
	int fd, count;

	for (size_t i = 0; i < sizeof(masked) / sizeof(masked[0]); i++) {
		fd = open(masked[i], O_RDONLY | O_NONBLOCK);
		count = 0;
		if (fd < 0 || fstat(fd, &status) < 0) {
			printf("masked %s: %s\n", masked[i],
			       strerrorname_np(errno));
		} else if (S_ISDIR(status.st_mode)) {
			list = fdopendir(fd);
			while (list && (entry = readdir(list)))
				count++;
			printf("masked %s: %d entries\n", masked[i], count);
		} else {
			printf("masked %s: %zd byte\n", masked[i],
			       read(fd, &byte, 1));
		}
	}
}

static void say_writable(void)
{
	static const char *const places[] = {
		"/",         "/etc",      "/sys",        "/ro",
		"/rw",       "/filled",   "/dev",        "/proc/bus",
		"/proc/irq", "/proc/sys", "/opt",        "/proc/sysrq-trigger",
		"/mapped",   "/dev/shm",  "/dev/mqueue",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		printf("write %s: %s\n", places[i],
		       faccessat(AT_FDCWD, places[i], W_OK, AT_EACCESS) < 0
			       ? strerrorname_np(errno)
			       : "yes");
}

/* What is open: numbers, and what they are from 3 on. */
static void say_descriptors(void)
{
	DIR *list = opendir("/proc/self/fd");
	struct dirent *entry;
	char link[256];
	ssize_t length;

	while (list && (entry = readdir(list))) {
		long fd = strtol(entry->d_name, NULL, 10);

		if (entry->d_name[0] == '.' || fd == dirfd(list))
			continue;
		length = readlinkat(dirfd(list), entry->d_name, link,
				    sizeof(link) - 1);
		link[length > 0 && fd > 2 ? length : 0] = '\0';
		link[strcspn(link, ":")] = '\0';
		snprintf(next_line(), LINE, "open %ld %s", fd, link);
	}
	say_lines();
	if (list)
		closedir(list);
}

static void say_answer(const char *what, long result)
{
	printf("may %s: %s\n", what,
	       result < 0 ? strerrorname_np(errno) : "yes");
}

/* Calls that a filter, or a missing right, forbids. */
static void say_rights(void)
{
	say_answer("unshare", unshare(CLONE_NEWUSER));
	say_answer("keyctl", syscall(SYS_keyctl, 99));
	say_answer("bpf", syscall(SYS_bpf, 99, 0, 0));
	say_answer("mkdir", mkdir("/filled/new", 0700));
	rmdir("/filled/new");
	say_answer("tiocsti", ioctl(0, TIOCSTI, "x"));
	say_answer("make a disk",
		   mknod("/filled/disk", S_IFBLK | 0600, makedev(254, 0)));
	say_answer("open it", open("/filled/disk", O_RDONLY));
	unlink("/filled/disk");
	say_answer("make a fuse",
		   mknod("/filled/fuse", S_IFCHR | 0600, makedev(10, 229)));
	unlink("/filled/fuse");
}

static void say_network(void)
{
	FILE *file = fopen("/proc/net/dev", "re");
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0)
		if (strchr(line, ':'))
			snprintf(next_line(), LINE, "interface %.*s",
				 (int)strcspn(line, ":"), line);
	say_lines();
	free(line);
	if (file)
		fclose(file);
	say_file("/proc/net/route");
	say_file("/proc/sys/net/ipv4/ip_unprivileged_port_start");
	say_file("/proc/sys/kernel/msgmax");
}

static int hook(const char *name, const char *path)
{
	FILE *file;

	umask(0); /* the next hook may be another user */
	file = fopen(path, "ae");
	if (!file)
		return 1;
	fprintf(file, "hook %s\n", name);
	return fclose(file) != 0;
}

int main(int argc, char **argv)
{
	static char all[1 << 16];

	/* A terminal's relay has few pieces, and each time the same. */
	setvbuf(stdout, all, _IOFBF, sizeof(all));
	if (argc == 4 && strcmp(argv[1], "hook") == 0)
		return hook(argv[2], argv[3]);
	say_process();
	say_more();
	say_namespaces();
	say_mounts();
	say_directory("/dev");
	say_directory("/filled");
	say_masked();
	say_writable();
	say_descriptors();
	say_rights();
	say_network();
	say_file("/proc/self/cgroup");
	puts("end");
	fflush(stdout);
	if (argc > 1 && strcmp(argv[1], "stay") == 0)
		for (;;)
			pause();
	return 7;
}

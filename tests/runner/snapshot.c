/* What is on the host, as text, so that a difference can be shown. */
#include <ctype.h>
#include <dirent.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/host.h"
#include "tests/runner/judged.h"

#define HANG_MS 3000

static FILE *snapshot;

/* Files, but for their content: `label` for each thing below a directory. */
static const char *walk_label;

static int walk_one(const char *path, const struct stat *status, int type,
		    struct FTW *place)
{
	if (strncmp(path, "/run/mount", 10) == 0)
		return 0; /* mount(8) and umount(8) make it */
	if (place->level > 0 && type != FTW_NS)
		fprintf(snapshot, "%s %s %o %u\n", walk_label, path,
			status->st_mode, status->st_uid);
	return 0;
}

static int walk_group(const char *path, const struct stat *status, int type,
		      struct FTW *place)
{
	if (type != FTW_D)
		return 0;
	return walk_one(path, status, type, place);
}

static void snapshot_files(const char *directory)
{
	walk_label = "file";
	nftw(directory, walk_one, 16, FTW_PHYS | FTW_MOUNT);
}

/*
 * Mounts without the numbers that say nothing: "36 25 0:32 / /run rw
 * shared:17 - tmpfs ..."; and what is below the mounts of cgroup trees.
 */
static void snapshot_mounts(void)
{
	char *line = file_text("/proc/self/mountinfo"), *next, *end, *word;
	char point[4096];
	int skipped, number;

	walk_label = "cgroup";
	for (; *line; line = next) {
		end = line + strcspn(line, "\n");
		next = end + (*end != '\0');
		*end = '\0';
		for (word = strchr(line, ':'); word; word = strchr(word, ':'))
			do
				*word++ = ' ';
			while (isdigit((unsigned char)*word));
		skipped = 0;
		if (sscanf(line, "%d %*d %*d %n%*s %4095s", &number, &skipped,
			   point) != 2 ||
		    host_is_of_machine(number))
			continue;
		fprintf(snapshot, "mount %s\n", line + skipped);
		if (strstr(line, " - cgroup"))
			nftw(point, walk_group, 16, FTW_PHYS | FTW_MOUNT);
	}
}

/* A process that is about to end is no leftover: wait for its end. */
static bool is_still_alive(pid_t pid)
{
	char *stat = file_text("/proc/%d/stat", pid), *state;
	struct pollfd wait = { .events = POLLIN };
	bool ended;

	state = strrchr(stat, ')');
	if (!state || strchr("ZX", state[2]))
		return false;
	wait.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (wait.fd < 0)
		return false;
	ended = poll(&wait, 1, HANG_MS) == 1;
	close(wait.fd);
	return !ended;
}

/* All but process 1, the runner and this test. */
static void snapshot_processes(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t pid;

	while (proc && (entry = readdir(proc))) {
		pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (pid <= 1 || pid == getppid() || pid == getpid())
			continue;
		if (is_still_alive(pid))
			fprintf(snapshot, "process %d %s\n", pid,
				chomp(file_text("/proc/%d/comm", pid)));
	}
	if (proc)
		closedir(proc);
}

/*
 * What tools can say better than we could.  It runs twice for each test, so
 * few programs: in an emulated guest, each start of one costs 50 ms.
 */
static const char snapshot_script[] =
	"{\n"
	"printf 'link\\naddress\\nroute show table all\\n' | ip -o -batch -\n"
	"nft -s list ruleset\n"
	"printf '%s\\n' /proc/sys/net/ipv4/conf/*\n"
	"grep -s . /proc/sys/net/ipv4/ip_forward"
	" /proc/sys/net/ipv4/conf/*/* /proc/sys/net/bridge/* /proc/sysvipc/*\n"
	"} 2>/dev/null | sed 's/^/system /'\n";

char *host_snapshot(void)
{
	char *result = NULL;
	size_t length = 0;

	snapshot = open_memstream(&result, &length);
	ck_assert_ptr_nonnull(snapshot);
	snapshot_processes();
	fprintf(snapshot, "host name %s",
		file_text("/proc/sys/kernel/hostname"));
	fprintf(snapshot, "domain name %s",
		file_text("/proc/sys/kernel/domainname"));
	snapshot_mounts();
	snapshot_files("/run");
	snapshot_files("/mnt");
	if (judged()) { /* our own programs write nothing there */
		snapshot_files("/tmp");
		snapshot_files("/var/tmp");
	}
	if (getenv("ROOTFS"))
		snapshot_files(getenv("ROOTFS"));
	fprintf(snapshot, "%s\n", shell("%s", snapshot_script));
	fclose(snapshot);
	return result;
}

static int count_of(const char *line, size_t length, const char *lines)
{
	int count = 0;

	for (; *lines; lines += strcspn(lines, "\n"), lines += *lines == '\n')
		count += strncmp(lines, line, length) == 0 &&
			 lines[length] == '\n';
	return count;
}

/*
 * "file /run/x 100644 0", "system /proc/sys/net/x:1": the length of all up to
 * the end of the path; 0 if there is none.
 */
static size_t up_to_path(const char *line, size_t length)
{
	const char *value = memchr(line, ':', length);

	if (strncmp(line, "system /", 8) == 0)
		return value ? (size_t)(value - line) : length;
	if (strncmp(line, "file /", 6) != 0 &&
	    strncmp(line, "cgroup /", 8) != 0)
		return 0;
	for (int words = 2; words > 0 && length > 0; length--)
		words -= line[length - 1] == ' ';
	return length;
}

/* A line of a snapshot that the other one does not have. */
struct surplus {
	const char *line;
	size_t length, path;
};

static bool is_below(const struct surplus *one, const struct surplus *other)
{
	return other->path > 0 && one->path > other->path &&
	       one->line[other->path] == '/' &&
	       strncmp(one->line, other->line, other->path) == 0;
}

/* The lines that `these` has more often than `those`: `all`, or NULL to count. */
static size_t find_surplus(const char *these, const char *those,
			   struct surplus *all)
{
	size_t count = 0, length;

	for (; *these; these += length + (these[length] != '\0')) {
		length = strcspn(these, "\n");
		if (count_of(these, length, these) <=
		    count_of(these, length, those))
			continue;
		if (all)
			all[count] =
				(struct surplus){ these, length,
						  up_to_path(these, length) };
		count++;
	}
	return count;
}

/* Of a directory that is new, what is in there is only counted. */
static void print_surplus(FILE *out, const char *label, const char *these,
			  const char *those)
{
	size_t count = find_surplus(these, those, NULL), above, below;
	struct surplus *all = calloc(count + 1, sizeof(*all));

	ck_assert_ptr_nonnull(all);
	find_surplus(these, those, all);
	for (size_t i = 0; i < count; i++) {
		above = below = 0;
		for (size_t other = 0; other < count; other++) {
			above += is_below(&all[i], &all[other]);
			below += is_below(&all[other], &all[i]);
		}
		if (above > 0)
			continue;
		fprintf(out, "  %s: %.*s", label, (int)all[i].length,
			all[i].line);
		if (below > 0)
			fprintf(out, ", and %zu below it", below);
		fputc('\n', out);
	}
	free(all);
}

char *host_difference(const char *before, const char *after)
{
	char *result = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&result, &length);

	ck_assert_ptr_nonnull(out);
	print_surplus(out, "new", after, before);
	print_surplus(out, "gone", before, after);
	fclose(out);
	return result;
}

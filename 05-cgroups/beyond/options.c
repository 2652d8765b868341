/*
 * Words become lines of the list of limits: --memory, --cpus, --cpuset.
 *
 * The kernel answers EINVAL to most nonsense, whatever is wrong with it.  So
 * values are checked here, as far as it can be, and turned into the text that
 * the files of cgroup v2 want.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/error.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/cgroup.h"
#include "05-cgroups/files.h"

#define CGROUP_PERIOD     100000 /* of the cpu's time, in microseconds */
#define CGROUP_CPUS_MAX   8192   /* as many as a kernel is ever built for */
#define CGROUP_PIDS_MAX   4194304
#define CGROUP_MEMORY_MIN (1024 * 1024) /* no process starts in less */

/*
 * Add one setting; `format` makes its value.  An option that is given twice
 * is written twice, so the later value stays.  Returns NULL after a message.
 */
__attribute__((format(printf, 4, 5))) static struct cgroup_setting *
cgroup_add(struct cgroup *cg, const char *name, const char *file,
	   const char *format, ...)
{
	va_list list;
	int i = 0;

	while (cg->settings[i].file)
		i++;
	if (i == CGROUP_SETTINGS) {
		error_input(NULL, "option --%s: more than %d limits", name,
			    CGROUP_SETTINGS);
		return NULL;
	}
	va_start(list, format);
	vsnprintf(cg->text[i], sizeof(cg->text[i]), format, list);
	va_end(list);
	cg->settings[i].file = file;
	cg->settings[i].value = cg->text[i];
	return &cg->settings[i];
}

/*
 * Digits, and with `units` one of K, M, G, T after them (powers of 1024).
 * Returns the number, or -1: nothing else may follow, and it must fit.
 */
static long long cgroup_parse_number(const char *text, const char *units)
{
	const char *unit;
	long long number;
	char *end;

	if (!isdigit(text[0]))
		return -1;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0)
		return -1;
	if (*end == '\0')
		return number;
	/* strchr(3) finds the end of the string as well: *end is not 0 here. */
	unit = strchr(units, toupper(*end));
	if (!unit || end[1] != '\0')
		return -1;
	/* K is the first unit, so 1024 once; M is the second, so twice. */
	for (; unit >= units; unit--)
		if (__builtin_mul_overflow(number, 1024, &number))
			return -1;
	return number;
}

/* Without a limit on swap as well, the rest of the memory would go there. */
static int cgroup_parse_memory(void *field, const char *name, const char *value)
{
	long long bytes = cgroup_parse_number(value, "KMGT");
	struct cgroup_setting *swap;

	if (bytes < 0)
		return error_input("bytes, or a number with K, M, G or T after "
				   "it, below 8388608T: --memory 64M",
				   "option --%s: \"%s\" is not a size", name,
				   value);
	if (bytes < CGROUP_MEMORY_MIN)
		return error_input("give at least 1M",
				   "option --%s: no process can start in %lld "
				   "bytes",
				   name, bytes);
	if (!cgroup_add(field, name, "memory.max", "%lld", bytes))
		return -1;
	swap = cgroup_add(field, name, "memory.swap.max", "0");
	if (swap)
		swap->is_optional = true; /* no swap, no such file */
	return swap ? 0 : -1;
}

/* "1.5" is 150000 microseconds of each 100000, on as many cpus as it takes. */
static int cgroup_parse_cpus(void *field, const char *name, const char *value)
{
	size_t whole = strspn(value, "0123456789");
	const char *fraction = value[whole] == '.' ? value + whole + 1 : "";
	size_t digits = strspn(fraction, "0123456789");
	long long quota = strtoll(value, NULL, 10), unit = CGROUP_PERIOD;

	if (whole + digits == 0 || (value[whole] && value[whole] != '.') ||
	    fraction[digits])
		return error_input("a number of cpus, like 2 or 0.5",
				   "option --%s: \"%s\" is not a number", name,
				   value);
	if (quota > CGROUP_CPUS_MAX)
		quota = CGROUP_CPUS_MAX + 1;
	quota *= CGROUP_PERIOD;
	for (; isdigit(*fraction); fraction++) {
		unit /= 10;
		quota += unit * (*fraction - '0');
	}
	/* The kernel refuses less than 1 ms in each period. */
	if (quota < CGROUP_PERIOD / 100 ||
	    quota > (long long)CGROUP_CPUS_MAX * CGROUP_PERIOD)
		return error_input("give from 0.01 to 8192 cpus",
				   "option --%s: %s cpus are out of range",
				   name, value);
	return cgroup_add(field, name, "cpu.max", "%lld %d", quota,
			  CGROUP_PERIOD)
		       ? 0
		       : -1;
}

/* fork(2) gives EAGAIN at the limit; threads count like processes. */
static int cgroup_parse_pids(void *field, const char *name, const char *value)
{
	long long count = cgroup_parse_number(value, "");

	if (count < 1 || count > CGROUP_PIDS_MAX)
		return error_input("how many processes and threads there can "
				   "be",
				   "option --%s: \"%s\" is not a number from 1 "
				   "to %d",
				   name, value, CGROUP_PIDS_MAX);
	return cgroup_add(field, name, "pids.max", "%lld", count) ? 0 : -1;
}

/* Are all the cpus from first to last switched on? */
static bool cpuset_is_online(long first, long last)
{
	char text[CGROUP_TEXT];
	const char *rest = text;
	long from, to;

	if (cgroup_read_text(AT_FDCWD, "/sys/devices/system/cpu/online", text) <
	    0)
		return true; /* the kernel will judge */
	while (lists_range(&rest, &from, &to) > 0)
		if (first >= from && first <= to) {
			if (last <= to)
				return true;
			first = to + 1;
		}
	return false;
}

/*
 * The list goes to the kernel as it is.  A cpu that is switched off, or not
 * there at all, is refused by v1, while v2 takes the list as a wish and grants
 * what there is.  So we look first.
 */
static int cgroup_parse_cpuset(void *field, const char *name, const char *value)
{
	struct cgroup_setting *setting;
	const char *rest = value;
	long first, last;
	int found = strpbrk(value, " \n") ? -1 : 1;

	while (found > 0 && (found = lists_range(&rest, &first, &last)) > 0)
		if (!cpuset_is_online(first, last))
			return error_input(
				"see /sys/devices/system/cpu/online",
				"option --%s: not all cpus of \"%s\" are here",
				name, value);
	if (found < 0)
		return error_input("numbers and ranges, like 0-2,4",
				   "option --%s: \"%s\" is not a list of cpus",
				   name, value);
	setting = cgroup_add(field, name, "cpuset.cpus", "%s", "");
	if (setting)
		setting->value = value; /* of any length */
	return setting ? 0 : -1;
}

/*
 * --io: a disk, and what may be read from it and written to it in a second.
 *
 * The kernel knows disks by their numbers, "254:0", and a line of io.max has
 * all limits of one.  Rates are in bytes (bps) or in requests (iops).
 */
static const char io_hint[] =
	"DISK:rbps=10M,wbps=1M,riops=100,wiops=100 (one of them or more), "
	"DISK:weight=50 or weight=50 (1 to 10000)";

/* The disk's number.  The kernel takes whole disks only, so name them. */
static int cgroup_find_disk(const char *name, const char *path, dev_t *disk)
{
	char link[PATH_MAX], part[64];
	struct stat status;

	if (stat(path, &status) < 0)
		return error_call(NULL, "option --%s: find the disk \"%s\"",
				  name, path);
	if (!S_ISBLK(status.st_mode))
		return error_input(io_hint,
				   "option --%s: \"%s\" is not a block device",
				   name, path);
	*disk = status.st_rdev;
	snprintf(part, sizeof(part), "/sys/dev/block/%u:%u/partition",
		 major(*disk), minor(*disk));
	if (access(part, F_OK) < 0)
		return 0;
	snprintf(part, sizeof(part), "/sys/dev/block/%u:%u/..", major(*disk),
		 minor(*disk));
	return error_input("limits are for whole disks",
			   "option --%s: %s is a partition; its disk is "
			   "/dev/%s",
			   name, path,
			   realpath(part, link) ? basename(link) : "?");
}

/* "rbps=10M,riops=max" becomes " rbps=10485760 riops=max". */
static int cgroup_parse_rates(const char *name, char *rates, char *text,
			      size_t size)
{
	size_t length = 0;
	char *word;

	while ((word = strsep(&rates, ","))) {
		const char *key = strsep(&word, "=");
		bool is_known = cgroup_has("rbps wbps riops wiops", key);
		bool is_max = word && strcmp(word, "max") == 0;
		long long rate = cgroup_parse_number(
			word ? word : "", strstr(key, "bps") ? "KMGT" : "");

		if (!is_known || (rate < 1 && !is_max))
			return error_input(io_hint,
					   "option --%s: \"%s%s%s\" is not a "
					   "rate",
					   name, key, word ? "=" : "",
					   word ? word : "");
		length += (size_t)snprintf(text + length, size - length,
					   is_max ? " %s=max" : " %s=%lld", key,
					   rate);
		if (length >= size)
			return error_input(io_hint,
					   "option --%s: too many rates", name);
	}
	return 0;
}

/* A share of the disk's time while others want it too; no limit otherwise. */
static int cgroup_parse_weight(struct cgroup *cg, const char *name,
			       const char *disk, const char *value)
{
	long long weight = cgroup_parse_number(value, "");

	if (weight < 1 || weight > 10000)
		return error_input(io_hint,
				   "option --%s: the weight \"%s\" is out of "
				   "range",
				   name, value);
	return cgroup_add(cg, name, "io.weight", "%s %lld", disk, weight) ? 0
									  : -1;
}

/* A path of a disk can have colons in it, what follows it has none. */
static int cgroup_parse_io(void *field, const char *name, const char *value)
{
	char *path = strdupa(value), *rates, disk[32], text[96];
	dev_t number = 0;

	if (strncmp(value, "weight=", 7) == 0)
		return cgroup_parse_weight(field, name, "default", value + 7);
	rates = strrchr(path, ':');
	if (!rates || rates == path || !rates[1])
		return error_input(io_hint,
				   "option --%s: \"%s\" is not a disk and what "
				   "it may do",
				   name, value);
	*rates++ = '\0';
	if (cgroup_find_disk(name, path, &number) < 0)
		return -1;
	snprintf(disk, sizeof(disk), "%u:%u", major(number), minor(number));
	if (strncmp(rates, "weight=", 7) == 0)
		return cgroup_parse_weight(field, name, disk, rates + 7);
	if (cgroup_parse_rates(name, rates, text, sizeof(text)) < 0)
		return -1;
	return cgroup_add(field, name, "io.max", "%s%s", disk, text) ? 0 : -1;
}

const struct option_entry cgroup_options[] = {
	{ 'm', "memory", "SIZE", "at most this much memory (64M), no swap",
	  cgroup_parse_memory, 0 },
	{ 'c', "cpus", "N", "at most the time of N cpus (0.5)",
	  cgroup_parse_cpus, 0 },
	{ 0, "pids", "N", "at most N processes and threads", cgroup_parse_pids,
	  0 },
	{ 0, "cpuset", "LIST", "only on these cpus (0-2,4)",
	  cgroup_parse_cpuset, 0 },
	{ 0, "io", "DISK:rbps=N,wbps=N,...", "disk bandwidth, or weight=N",
	  cgroup_parse_io, 0 },
	{ 's', "stats", NULL, "say at the end what was used", option_flag,
	  offsetof(struct cgroup, stats) },
	{ 0 },
};

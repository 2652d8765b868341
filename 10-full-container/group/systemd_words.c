/*
 * Limits in systemd's words, as arguments of busctl(1).
 *
 * A property is a name, a type in D-Bus's notation ("t" is a number of 64
 * bits, "s" a text, "ay" bytes) and the value.  What cannot be said in these
 * words is left to the file of the group, which is written afterwards in any
 * case.
 */
#include "10-full-container/group/systemd_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "05-cgroups/files.h"

#define PERIOD     100000 /* of a quota, if none is given, in microseconds */
#define PERCENT    10000  /* of a second, in microseconds */
#define LIST_BYTES 1024   /* of 8 cpus each */

/* Takes `word` over in any case. */
static void systemd_words_take(struct systemd_words *p, char *word)
{
	char **words = realloc(p->words, (p->count + 2) * sizeof(char *));

	if (words)
		p->words = words;
	if (!words || !word) {
		p->is_incomplete = true;
		free(word);
		return;
	}
	p->words[p->count++] = word;
	p->words[p->count] = NULL;
}

/* Without memory the list is marked as incomplete, and not used. */
void systemd_words_word(struct systemd_words *p, const char *format, ...)
{
	char *word = NULL;
	va_list list;

	va_start(list, format);
	if (vasprintf(&word, format, list) < 0)
		word = NULL;
	va_end(list);
	systemd_words_take(p, word);
}

/* Of an array the value is its length, and its items follow as words. */
void systemd_words_add(struct systemd_words *p, const char *name,
		       const char *type, const char *format, ...)
{
	char *word = NULL;
	va_list list;

	systemd_words_word(p, "%s", name);
	systemd_words_word(p, "%s", type);
	va_start(list, format);
	if (vasprintf(&word, format, list) < 0)
		word = NULL;
	va_end(list);
	systemd_words_take(p, word);
	p->number++;
}

/* An empty list again, that can be filled anew. */
void systemd_words_free(struct systemd_words *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->words[i]);
	free(p->words);
	*p = (struct systemd_words){ 0 };
}

/* "max" is the largest number there is. */
static void limits_add_number(struct systemd_words *p, const char *name,
			      const char *value)
{
	char *end;
	uint64_t number = strtoull(value, &end, 10);

	if (strcmp(value, "max") == 0)
		systemd_words_add(p, name, "t", "%" PRIu64, UINT64_MAX);
	else if (*end == '\0') /* with a unit: left to the file */
		systemd_words_add(p, name, "t", "%" PRIu64, number);
}

/*
 * "QUOTA PERIOD" is microseconds of each second.  systemd keeps whole
 * percents, so it is rounded up; the file gets the exact number after it.
 */
static void limits_add_quota(struct systemd_words *p, const char *value)
{
	char *end;
	uint64_t quota = strtoull(value, &end, 10), period = PERIOD, share;
	bool has_period = *end == ' ';

	if (strncmp(value, "max", 3) == 0) {
		limits_add_number(p, "CPUQuotaPerSecUSec", "max");
		return;
	}
	if (has_period)
		period = strtoull(end, NULL, 10);
	if (period == 0 || quota > UINT64_MAX / 1000000)
		return;
	share = quota * 1000000 / period;
	share = (share + PERCENT - 1) / PERCENT * PERCENT;
	if (has_period)
		systemd_words_add(p, "CPUQuotaPeriodUSec", "t", "%" PRIu64,
				  period);
	systemd_words_add(p, "CPUQuotaPerSecUSec", "t", "%" PRIu64, share);
}

/* "0-3,8" as an array of bytes, a bit for each cpu or memory node. */
static void limits_add_list(struct systemd_words *p, const char *name,
			    const char *list)
{
	unsigned char bits[LIST_BYTES] = { 0 };
	size_t size = 0;
	char *end;

	for (; *list; list = end + (*end == ',')) {
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (end != list && *end == '-')
			last = strtoul(end + 1, &end, 10);
		if (end == list || last >= LIST_BYTES * 8ul)
			return; /* the file, and its error, tells */
		for (; first <= last; first++)
			bits[first / 8] |= (unsigned char)(1 << first % 8);
		if (last / 8 + 1 > size)
			size = last / 8 + 1;
	}
	systemd_words_add(p, name, "ay", "%zu", size);
	for (size_t i = 0; i < size; i++)
		systemd_words_word(p, "%u", bits[i]);
}

/* A property with one pair in it: a disk, and a number. */
static void limits_add_disk(struct systemd_words *p, const char *name,
			    const char *disk, const char *number)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/block/%s", disk);
	if (access(path, F_OK) < 0)
		return; /* systemd wants a device file, the group's file not */
	systemd_words_add(p, name, "a(st)", "1");
	systemd_words_word(p, "%s", path);
	if (strcmp(number, "max") == 0)
		systemd_words_word(p, "%" PRIu64, UINT64_MAX);
	else
		systemd_words_word(p, "%s", number);
}

/* "MAJOR:MINOR rbps=N wiops=N": a property for each. */
static void limits_add_rates(struct systemd_words *p, const char *value)
{
	static const char *const names[][2] = {
		{ "rbps", "IOReadBandwidthMax" },
		{ "wbps", "IOWriteBandwidthMax" },
		{ "riops", "IOReadIOPSMax" },
		{ "wiops", "IOWriteIOPSMax" },
	};
	char *rest = strdupa(value), *disk = strsep(&rest, " "), *word;

	while (rest && (word = cgroup_next_word(&rest, " "))) {
		const char *key = strsep(&word, "=");

		for (size_t i = 0; word && i < 4; i++)
			if (strcmp(key, names[i][0]) == 0)
				limits_add_disk(p, names[i][1], disk, word);
	}
}

/* "default N" or "MAJOR:MINOR N". */
static void limits_add_weight(struct systemd_words *p, const char *value)
{
	char *rest = strdupa(value), *disk = strsep(&rest, " ");

	if (!rest)
		limits_add_number(p, "IOWeight", disk);
	else if (strcmp(disk, "default") == 0)
		limits_add_number(p, "IOWeight", rest);
	else
		limits_add_disk(p, "IODeviceWeight", disk, rest);
}

/* By the file of cgroup v2 that it would be: systemd has v2's ideas, too. */
static void limits_add_one(struct systemd_words *p, const char *file,
			   const char *value)
{
	static const struct {
		const char *file, *name;
		void (*add)(struct systemd_words *p, const char *name,
			    const char *value);
	} known[] = {
		{ "memory.max", "MemoryMax", limits_add_number },
		{ "memory.high", "MemoryHigh", limits_add_number },
		{ "memory.low", "MemoryLow", limits_add_number },
		{ "memory.min", "MemoryMin", limits_add_number },
		{ "memory.swap.max", "MemorySwapMax", limits_add_number },
		{ "cpu.weight", "CPUWeight", limits_add_number },
		{ "cpuset.cpus", "AllowedCPUs", limits_add_list },
		{ "cpuset.mems", "AllowedMemoryNodes", limits_add_list },
		{ "pids.max", "TasksMax", limits_add_number },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(file, known[i].file) == 0)
			known[i].add(p, known[i].name, value);
	if (strcmp(file, "cpu.max") == 0)
		limits_add_quota(p, value);
	if (strcmp(file, "io.max") == 0)
		limits_add_rates(p, value);
	if (strcmp(file, "io.weight") == 0)
		limits_add_weight(p, value);
}

void systemd_words_add_limits(struct systemd_words *p,
			      const struct limits *resources)
{
	for (size_t i = 0; i < resources->count; i++)
		limits_add_one(p, resources->settings[i].file,
			       resources->settings[i].value);
}

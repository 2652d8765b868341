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

#include "05-cgroups/beyond/lists.h"

#define PERIOD     100000 /* of a quota, if none is given, in microseconds */
#define PERCENT    10000  /* of a second, in microseconds */
#define LIST_BYTES (LISTS_MAX / 8)

/* Without memory the list is marked as incomplete, and not used. */
__attribute__((format(printf, 2, 0))) static void
systemd_words_take(struct systemd_words *p, const char *format, va_list list)
{
	char **words = realloc(p->words, (p->count + 2) * sizeof(char *));
	char *word = NULL;

	if (words)
		p->words = words;
	if (!words || vasprintf(&word, format, list) < 0) {
		p->is_incomplete = true;
		return;
	}
	p->words[p->count++] = word;
	p->words[p->count] = NULL;
}

void systemd_words_word(struct systemd_words *p, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	systemd_words_take(p, format, list);
	va_end(list);
}

/* Of an array the value is its length, and its items follow as words. */
void systemd_words_add(struct systemd_words *p, const char *name,
		       const char *type, const char *format, ...)
{
	va_list list;

	systemd_words_word(p, "%s", name);
	systemd_words_word(p, "%s", type);
	va_start(list, format);
	systemd_words_take(p, format, list);
	va_end(list);
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
static void systemd_add_number(struct systemd_words *p, const char *name,
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
static void systemd_add_quota(struct systemd_words *p, const char *name,
			      const char *value)
{
	char *end;
	uint64_t quota = strtoull(value, &end, 10), period = PERIOD, share;
	bool has_period = *end == ' ';

	if (strncmp(value, "max", 3) == 0) {
		systemd_add_number(p, name, "max");
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
	systemd_words_add(p, name, "t", "%" PRIu64, share);
}

/* "0-3,8" as an array of bytes, a bit for each cpu or memory node. */
static void systemd_add_list(struct systemd_words *p, const char *name,
			     const char *list)
{
	unsigned char bits[LIST_BYTES] = { 0 };
	size_t size = 0;
	long first, last;
	int found;

	while ((found = lists_range(&list, &first, &last)) > 0) {
		for (; first <= last; first++)
			bits[first / 8] |= (unsigned char)(1 << first % 8);
		if ((size_t)last / 8 + 1 > size)
			size = (size_t)last / 8 + 1;
	}
	if (found < 0)
		return; /* the file, and its error, tells */
	systemd_words_add(p, name, "ay", "%zu", size);
	for (size_t i = 0; i < size; i++)
		systemd_words_word(p, "%u", bits[i]);
}

/* A property with one pair in it: a disk, and a number. */
static void systemd_add_disk(struct systemd_words *p, const char *name,
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
static void systemd_add_rates(struct systemd_words *p, const char *value)
{
	char *rest = strdupa(value), *disk = strsep(&rest, " "), *word;

	while (rest && (word = cgroup_next_word(&rest, " "))) {
		const char *key = strsep(&word, "=");

		for (const struct limit *row = limits_table; row->file; row++)
			if (word && row->kind == LIMIT_RATE &&
			    strcmp(strchr(row->file, ' ') + 1, key) == 0)
				systemd_add_disk(p, row->systemd, disk, word);
	}
}

/* "default N" or "MAJOR:MINOR N". */
static void systemd_add_weight(struct systemd_words *p, const char *name,
			       const char *value)
{
	char *rest = strdupa(value), *disk = strsep(&rest, " ");

	if (!rest)
		systemd_add_number(p, name, disk);
	else if (strcmp(disk, "default") == 0)
		systemd_add_number(p, name, rest);
	else
		systemd_add_disk(p, "IODeviceWeight", disk, rest);
}

/* By the file of cgroup v2 that it would be: systemd has v2's ideas, too. */
static void systemd_add_one(struct systemd_words *p,
			    const struct cgroup_limit *setting)
{
	const struct limit *row = limit_of_file(setting->file);
	const char *name = row ? row->systemd : NULL, *value = setting->value;

	if (!name)
		return;
	if (row->kind == LIMIT_LIST)
		systemd_add_list(p, name, value);
	else if (row->kind == LIMIT_QUOTA)
		systemd_add_quota(p, name, value);
	else if (row->kind == LIMIT_RATE)
		systemd_add_rates(p, value);
	else if (row->kind == LIMIT_WEIGHT)
		systemd_add_weight(p, name, value);
	else
		systemd_add_number(p, name, value);
}

void systemd_words_add_limits(struct systemd_words *p,
			      const struct limits *resources)
{
	for (size_t i = 0; i < resources->count; i++)
		systemd_add_one(p, &resources->settings[i]);
}

/*
 * The switch, which somebody else may have turned on before, or need after us:
 * so the old value is noted when the first container comes.
 */
#include "08-netns/beyond/router.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "habits/look.h"
#include "habits/whole.h"
#include "08-netns/beyond/lease_files.h"

#define ROUTER_SWITCH "/proc/sys/net/ipv4/ip_forward"
#define ROUTER_CONF   "/proc/sys/net/ipv4/conf"
#define ROUTER_LINK   "forwarding." /* begins the note of one link */

static const struct hint switch_hints[] = {
	{ EROFS, "/proc/sys is read-only here, as in most containers: use "
		 "--net none" },
	{ EACCES, "only root may change it: use sudo, or --net none" },
	{ 0, NULL },
};

/*
 * Whenever the first is written, the kernel sets the second to the opposite:
 * a router takes no advice.  Hence this order.
 */
static const struct {
	const char *note, *path;
} switches[] = {
	{ "ip_forward", ROUTER_SWITCH },
	{ "accept_redirects", "/proc/sys/net/ipv4/conf/all/accept_redirects" },
};
#define SWITCHES COUNT(switches)

/* A sysctl is a file, and writing it is the whole interface: see sysctl(8). */
static int router_write(const char *path, const char *value)
{
	CLEANUP_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || whole_tell(fd, value) < 0)
		return error_call(switch_hints, "write %s to %s", value, path);
	return 0;
}

/* One character is the value; a switch that is not there is off. */
static int router_read(const char *path, char value[2])
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(AT_FDCWD, path, O_RDONLY, &fd);

	memcpy(value, "0", 2);
	if (answer < 0 || (answer > 0 && read(fd, value, 1) != 1))
		return error_call(NULL, "read %s", path);
	return 0;
}

int router_is_noted(int dir)
{
	char noted[LEASE_NOTE];

	return lease_read_note(dir, "ip_forward", noted);
}

int router_was_off(int dir)
{
	char noted[LEASE_NOTE];
	int answer = lease_read_note(dir, "ip_forward", noted);

	return answer > 0 ? noted[0] == '0' : answer;
}

static void router_link_path(const char *link, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, ROUTER_CONF "/%s/forwarding", link);
}

/*
 * A host can be a router on some of its links only.  The switch is for all, and
 * when it goes off again, it takes those along.
 */
static int router_note_links(int dir)
{
	DIR *list;
	char path[PATH_MAX], note[NAME_MAX + 16], now[2];
	int more = look_list(AT_FDCWD, ROUTER_CONF, &list), result = 0;
	struct dirent *link;

	while (result == 0 && more > 0 && (more = look_next(list, &link)) > 0) {
		if (link->d_name[0] == '.')
			continue;
		router_link_path(link->d_name, path);
		snprintf(note, sizeof(note), ROUTER_LINK "%s", link->d_name);
		result = router_read(path, now);
		if (result == 0 && now[0] == '1')
			result = lease_write_note(dir, note, now);
	}
	if (more < 0)
		result = error_call(NULL, "read " ROUTER_CONF);
	if (list)
		closedir(list);
	return result;
}

/* A link that has gone needs nothing. */
static int router_restore_links(int dir)
{
	DIR *list;
	size_t begin = strlen(ROUTER_LINK);
	int more = look_list(dir, ".", &list), result = 0;
	struct dirent *note;
	char path[PATH_MAX];

	while (more > 0 && (more = look_next(list, &note)) > 0) {
		if (strncmp(note->d_name, ROUTER_LINK, begin) != 0)
			continue;
		router_link_path(note->d_name + begin, path);
		if (look_for(AT_FDCWD, path) != 0 &&
		    router_write(path, "1") < 0)
			result = -1;
	}
	if (more < 0)
		result = error_call(NULL, "read %s", LEASE_DIRECTORY);
	if (list)
		closedir(list);
	return result;
}

/*
 * Before anything is changed: a program that is killed in between has left a
 * note that is true.
 */
static int router_note(int dir)
{
	int was_off;

	for (size_t i = 0; i < SWITCHES; i++) {
		char now[2];

		if (router_read(switches[i].path, now) < 0 ||
		    lease_write_note(dir, switches[i].note, now) < 0)
			return -1;
	}
	was_off = router_was_off(dir);
	return was_off > 0 ? router_note_links(dir) : was_off;
}

/*
 * If the switch is on already, somebody else needs it too, and it stays as it
 * is: also when the last container ends.
 */
int router_enable(int dir)
{
	int is_noted = router_is_noted(dir);
	char now[2];

	if (is_noted < 0 || (!is_noted && router_note(dir) < 0) ||
	    router_read(ROUTER_SWITCH, now) < 0)
		return -1;
	return now[0] == '1' ? 0 : router_write(ROUTER_SWITCH, "1");
}

/* What has not changed is left alone: a write has effects of its own. */
int router_restore(int dir)
{
	char noted[LEASE_NOTE], now[2];

	for (size_t i = 0; i < SWITCHES; i++) {
		int is_noted = lease_read_note(dir, switches[i].note, noted);

		if (is_noted < 0 || router_read(switches[i].path, now) < 0)
			return -1;
		if (is_noted && strcmp(noted, now) != 0 &&
		    router_write(switches[i].path, noted) < 0)
			return -1;
	}
	return router_restore_links(dir);
}

void router_forget(int dir)
{
	unlinkat(dir, switches[0].note, 0);
}

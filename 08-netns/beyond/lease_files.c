/*
 * A directory as a small database: a file is a row, its name the key, and
 * the kernel sees to it that of two who make the same name one gets EEXIST.
 */
#include "08-netns/beyond/lease_files.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/look.h"
#include "habits/whole.h"
#include "05-cgroups/beyond/owner.h"
#include "07-caps/caps_sets.h"

#define LEASE_TOP  "/run/ten-steps"
#define LEASE_LAST 254 /* .0 is the network, .255 everybody in it */

static const struct hint lease_hints[] = {
	{ EACCES, "addresses of a bridge are given out by root only: use sudo, "
		  "or --net none" },
	{ EROFS, "/run is read-only here: mount a tmpfs there" },
	{ ENOENT, "there is no /run here: make one" },
	{ 0, NULL },
};

/* Whatever the umask: with --userns the child is nobody special in there. */
static int lease_make_directory(const char *path)
{
	if (mkdir(path, 0711) == 0)
		return chmod(path, 0711);
	return errno == EEXIST ? 0 : -1;
}

/* Who may make no bridge is told so before there is anything of it. */
static int lease_check_rights(void)
{
	if (caps_has(CAP_NET_ADMIN))
		return 0;
	return error_input(geteuid() == 0
				   ? "this root has it not, as in most "
				     "containers: use --net none"
				   : "run as root (sudo), or use --net none",
			   "a bridge on this host needs CAP_NET_ADMIN");
}

/* Blocks until the other one is done: leases are taken within milliseconds. */
int lease_lock(bool create)
{
	int dir = -1;

	if (create && lease_check_rights() < 0)
		return -1;
	do { /* the last container may just have removed what is above it */
		if (create && lease_make_directory(LEASE_TOP) < 0)
			break;
		dir = owner_lock(AT_FDCWD, LEASE_DIRECTORY, 0711, create);
	} while (create && dir < 0 && errno == ENOENT);
	if (dir >= 0 && (!create || fchmod(dir, 0711) == 0))
		return dir;
	if ((!create && errno == ENOENT) || errno == ETIMEDOUT)
		return -1;
	return error_call(lease_hints, "make and lock %s", LEASE_DIRECTORY);
}

/*
 * The dead count as well: their address is not free before it has been swept.
 */
static int lease_count_one(int dir, const struct lease_entry *entry,
			   void *argument)
{
	(void)dir;
	(void)entry;
	(void)argument;
	return 1;
}

int lease_count(int dir)
{
	return lease_each(dir, lease_count_one, NULL);
}

void lease_clear(int dir)
{
	DIR *list = fdopendir(openat(dir, ".", O_RDONLY | O_CLOEXEC));
	const struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (entry->d_name[0] != '.')
			unlinkat(dir, entry->d_name, 0);
	if (list)
		closedir(list);
}

/*
 * To be called with the directory's lock held: it ends with `dir`.  As long as
 * the old value of the switch is noted, it has not been put back.
 */
void lease_unlock(int dir)
{
	char noted[LEASE_NOTE];

	if (lease_count(dir) == 0 &&
	    lease_read_note(dir, "ip_forward", noted) == 0) {
		lease_clear(dir);
		rmdir(LEASE_DIRECTORY);
		rmdir(LEASE_TOP); /* only if nothing else is in it */
	}
	close(dir);
}

/* The network's byte order is the big one, the code's is the machine's. */
static void lease_name(uint32_t address, char name[INET_ADDRSTRLEN])
{
	struct in_addr bytes = { htonl(address) };

	inet_ntop(AF_INET, &bytes, name, INET_ADDRSTRLEN);
}

/*
 * The lowest number that is free: O_EXCL fails where there is a file.  The
 * lock comes before anyone can look, since the directory is locked, too.
 */
int lease_make(int dir, uint32_t network, const char *text, uint32_t *address)
{
	char name[INET_ADDRSTRLEN];
	uint32_t host;
	int fd = -1;

	for (host = 2; fd < 0 && host <= LEASE_LAST; host++) {
		lease_name(network + host, name);
		fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			    0600);
		if (fd < 0 && errno != EEXIST)
			return error_call(lease_hints, "make %s/%s",
					  LEASE_DIRECTORY, name);
	}
	if (fd < 0)
		return error_input("end some of the containers",
				   "all %d addresses are in use",
				   LEASE_LAST - 1);
	*address = network + host - 1;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    whole_write(fd, text, strlen(text)) == 0)
		return fd;
	error_call(NULL, "lock and write %s/%s", LEASE_DIRECTORY, name);
	unlinkat(dir, name, 0);
	close(fd);
	return -1;
}

/* unlink(2) does not touch the lock: that is on the open file. */
void lease_forget(int dir, uint32_t address)
{
	char name[INET_ADDRSTRLEN];

	lease_name(address, name);
	unlinkat(dir, name, 0);
}

/* The text of a file, and whether nobody has locked it.  See look.h. */
static int lease_read(int dir, const char *name, struct lease_entry *entry)
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(dir, name, O_RDONLY | O_NOFOLLOW, &fd);
	ssize_t length;

	if (answer <= 0)
		return answer;
	length = read(fd, entry->text, sizeof(entry->text) - 1);
	if (length < 0)
		return -1;
	entry->text[length] = '\0';
	entry->is_dead = flock(fd, LOCK_EX | LOCK_NB) == 0;
	return entry->is_dead || errno == EWOULDBLOCK ? 1 : -1;
}

/*
 * A new descriptor for the directory: dup(2) would share the position in it,
 * and the second visit would find nothing.
 */
int lease_each(int dir, lease_visit *each, void *argument)
{
	DIR *list;
	int more = look_list(dir, ".", &list), answer, sum = 0;
	struct dirent *file;
	struct lease_entry entry;
	struct in_addr bytes;

	while (more > 0 && (more = look_next(list, &file)) > 0) {
		if (inet_pton(AF_INET, file->d_name, &bytes) != 1)
			continue;
		answer = lease_read(dir, file->d_name, &entry);
		if (answer < 0)
			more = -1;
		if (answer <= 0)
			continue;
		entry.address = ntohl(bytes.s_addr);
		sum += each(dir, &entry, argument);
	}
	if (more < 0)
		sum = error_call(NULL, "read who has an address in %s",
				 LEASE_DIRECTORY);
	if (list)
		closedir(list);
	return sum;
}

/*
 * Notes are files, too; their names are no addresses, so no visit meets them.
 */
int lease_write_note(int dir, const char *name, const char *value)
{
	CLEANUP_CLOSE int fd = openat(
		dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || whole_write(fd, value, strlen(value)) < 0)
		return error_call(lease_hints, "write %s/%s", LEASE_DIRECTORY,
				  name);
	return 0;
}

/* Cut to LEASE_NOTE - 1 characters; none is longer. */
int lease_read_note(int dir, const char *name, char value[LEASE_NOTE])
{
	CLEANUP_CLOSE int fd = -1;
	int answer = look_open(dir, name, O_RDONLY, &fd);
	ssize_t length = answer > 0 ? read(fd, value, LEASE_NOTE - 1) : 0;

	value[length < 0 ? 0 : length] = '\0';
	if (answer < 0 || length < 0)
		return error_call(lease_hints, "read %s/%s", LEASE_DIRECTORY,
				  name);
	return answer;
}

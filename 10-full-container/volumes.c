#include "10-full-container/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "03-mount/syscalls.h"
#include "10-full-container/cgroup_mount.h"
#include "10-full-container/path.h"

static const struct hint bind_hints[] = {
	{ ENOENT, "the source of a bind mount must exist on the host" },
	{ EINVAL, "the source is on an unbindable mount, or not in this mount "
		  "namespace" },
	{ 0, NULL },
};

static const struct hint change_hints[] = {
	{ EPERM, "in a user namespace what was locked outside stays so: ro, "
		 "nosuid, nodev, noexec cannot be cleared" },
	{ EINVAL, "not every filesystem knows this attribute" },
	{ 0, NULL },
};

static bool volume_is_directory(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

static int volume_bind(struct mount *mount, bool is_recursive)
{
	unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;

	mount->fd = open_tree(AT_FDCWD, mount->source,
			      flags | (is_recursive ? AT_RECURSIVE : 0));
	if (mount->fd < 0)
		return error_call(bind_hints, "bind %s for %s", mount->source,
				  mount->target);
	return 0;
}

/* The attributes that go with a new filesystem need no call of their own. */
static int volume_create(struct volume *volume)
{
	struct mount table[2] = { volume->mount };

	table[0].attributes =
		volume->one.attr_set & ~(uint64_t)MOUNT_ATTR_NOSYMFOLLOW;
	volume->one.attr_set &= MOUNT_ATTR_NOSYMFOLLOW;
	volume->one.attr_clr = 0;
	if (mounts_open(table) < 0)
		return -1;
	volume->mount.fd = table[0].fd;
	return 0;
}

static bool volume_changes(const struct mount_attr *attr)
{
	return attr->attr_set || attr->attr_clr || attr->propagation;
}

static int volume_change(const struct volume *volume)
{
	struct mount_attr one = volume->one, all = volume->all;

	if (volume_changes(&one) &&
	    mount_setattr(volume->mount.fd, "", AT_EMPTY_PATH, &one,
			  sizeof(one)) < 0)
		return error_call(change_hints, "set the options of %s",
				  volume->mount.target);
	if (volume_changes(&all) &&
	    mount_setattr(volume->mount.fd, "", AT_EMPTY_PATH | AT_RECURSIVE,
			  &all, sizeof(all)) < 0)
		return error_call(change_hints,
				  "set the recursive options of %s",
				  volume->mount.target);
	return 0;
}

int volume_place(int mount, int target, const char *name)
{
	if (move_mount(mount, "", target, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return error_call(NULL, "mount on %s", name);
	return 0;
}

static int volume_attach(struct volume *volume, int root)
{
	CLEANUP_CLOSE int target = -1;
	struct mount *mount = &volume->mount;
	int result = -1;

	mount->fd = -1;
	if ((volume->is_bind ? volume_bind(mount, volume->is_recursive)
			     : volume_create(volume)) < 0)
		return -1;
	if (volume_change(volume) == 0)
		target = path_make(root, mount->target,
				   volume_is_directory(mount->fd));
	if (target >= 0)
		result = volume_place(mount->fd, target, mount->target);
	close(mount->fd);
	return result;
}

int volumes_attach(struct volume *volumes, int root, const struct cgroup *cg,
		   bool has_cgroup_namespace)
{
	for (struct volume *v = volumes; v && v->mount.target; v++) {
		if (v->is_cgroup ? cgroup_mount_attach(v, root, cg,
						       has_cgroup_namespace) < 0
				 : volume_attach(v, root) < 0)
			return -1;
	}
	return 0;
}

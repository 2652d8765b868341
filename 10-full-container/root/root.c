/*
 * The container's tree of mounts, built while it is still below the host's.
 *
 *     root_build      bind the directory to itself, mount all in it
 *     root_protect    read-only and masked paths, over what is there by then
 *     root_enter      pivot_root(".", "."): the host's tree is gone
 */
#include "10-full-container/root/root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/surroundings.h"
#include "03-mount/syscalls.h"
#include "07-caps/beyond/userns_checks.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/hide_host.h"
#include "10-full-container/root/kept.h"
#include "10-full-container/root/place.h"

static const struct hint root_hints[] = {
	{ ENOENT, "root.path is a directory on the host, or in the bundle if "
		  "it does not start with /" },
	{ ENOTDIR, "a root file system is a directory" },
	{ 0, NULL },
};

static const struct hint separate_hints[] = {
	{ EINVAL, SURROUNDINGS_CHROOT },
	{ 0, NULL },
};

/*
 * How the container's mounts are cut off from the host's.  A new mount
 * namespace is a copy, and what is shared stays connected in both directions:
 * on a host with systemd that is all, and what is mounted inside would appear
 * outside (chapter 03, mount_namespaces(7)).  Only who wants to see the host's
 * later mounts (slave, shared) stays connected, and in one direction.
 */
static uint64_t root_separation(const struct root *config)
{
	bool is_connected = config->propagation == MS_SLAVE ||
			    config->propagation == MS_SHARED;

	for (struct oci_mount *v = config->mounts; v && v->mount.target; v++) {
		uint64_t wanted = v->one.propagation | v->all.propagation;

		is_connected |= (wanted & (MS_SLAVE | MS_SHARED)) != 0;
	}
	return is_connected ? MS_SLAVE : MS_PRIVATE;
}

static int root_separate(const struct root *config)
{
	struct mount_attr attr = { .propagation = root_separation(config) };

	if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr)) < 0)
		return error_call(separate_hints,
				  "separate the mounts from the host's");
	return 0;
}

static int root_clone(int directory, const char *path)
{
	return open_tree(directory, path,
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE |
				 (path[0] ? 0 : AT_EMPTY_PATH));
}

/* Its path in the root if an earlier mount is on the way, or NULL. */
static const char *root_finds_inside(const struct root *config,
				     const struct oci_mount *v)
{
	size_t length = strlen(config->path);
	const char *inside = v->mount.source + length;

	if (strncmp(v->mount.source, config->path, length) != 0)
		return NULL;
	for (const struct oci_mount *u = config->mounts; u < v; u++) {
		length = strlen(u->mount.target);
		if (strncmp(inside, u->mount.target, length) == 0 &&
		    strchr("/", inside[length]))
			return inside;
	}
	return NULL;
}

/*
 * Of a bind mount that stays the host's peer the child takes care, and of what
 * is not there before the child mounts something.
 */
static int root_open_sources(const struct root *config, struct mount_attr *attr)
{
	for (struct oci_mount *v = config->mounts; v && v->mount.target; v++) {
		uint64_t wanted = v->one.propagation | v->all.propagation;

		if (!v->is_bind || v->mount.fd >= 0 || wanted & MS_SHARED)
			continue;
		v->inside = root_finds_inside(config, v);
		if (v->inside)
			continue;
		if (oci_mount_bind(v) < 0)
			return -1;
		if (mount_setattr(v->mount.fd, "", AT_EMPTY_PATH | AT_RECURSIVE,
				  attr, sizeof(*attr)) < 0)
			return error_call(NULL,
					  "separate %s from the host's "
					  "mounts",
					  v->mount.source);
	}
	return 0;
}

int root_open(const struct root *config, bool in_user_namespace, int *tree)
{
	struct mount_attr attr = { .propagation = root_separation(config) };

	*tree = -1;
	if (!in_user_namespace || !caps_has(CAP_SYS_ADMIN))
		return 0;
	*tree = root_clone(AT_FDCWD, config->path);
	if (*tree < 0)
		return error_call(root_hints, "open the root directory %s",
				  config->path);
	if (mount_setattr(*tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr,
			  sizeof(attr)) == 0)
		return root_open_sources(config, &attr);
	error_call(NULL, "separate the root's mounts from the host's");
	return -1;
}

/*
 * pivot_root(2) wants a mount; so the directory is bound over itself.  It is
 * looked up once: what is bound is what is bound over, and it is returned.
 * A tree that the parent opened goes over /, the one place that is there for
 * sure: nothing is looked up from there any more.
 */
static int root_bind(const struct root *config, int tree)
{
	struct mount_attr attr = { .propagation = MS_PRIVATE };
	const char *path = config->path;
	CLEANUP_CLOSE int place =
		open(tree < 0 ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int root = place < 0 ? -1 : tree < 0 ? root_clone(place, "") : tree;

	if (root < 0)
		return error_call(root_hints, "open the root directory %s",
				  path);
	if ((config->propagation == MS_SLAVE ||
	     mount_setattr(root, "", AT_EMPTY_PATH, &attr, sizeof(attr)) ==
		     0) &&
	    move_mount(root, "", place, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0)
		return root;
	error_call(root_hints, "bind %s to itself", path);
	close(root);
	return -1;
}

/*
 * A /dev that is bound from the host is left as it is.  Of several mounts there
 * the last one is on top: devices in a volume would be everybody's who has it.
 */
static const struct oci_mount *root_dev(const struct root *config)
{
	const struct oci_mount *last = NULL;

	for (struct oci_mount *v = config->mounts; v && v->mount.target; v++)
		if (place_is_dev(v->mount.target))
			last = v;
	return last;
}

/* Without device rules no device file of the image opens: in it, bind. */
static int root_make_devices(const struct root *config, int root, bool is_root)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NODEV };
	const struct oci_mount *dev = root_dev(config);

	if (config->is_nodev &&
	    mount_setattr(root, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "forbid devices in the root");
	if (dev && dev->is_bind)
		return 0;
	if (kept_check(config->mounts, root) < 0)
		return -1;
	return devices_make(&(struct devices_place){
		.devices = config->devices,
		.mounts = config->mounts,
		.root = root,
		.can_make = is_root && (dev || !config->is_nodev),
	});
}

/*
 * In the child.  What is to stay connected is bound before the rest is cut off;
 * devices are made when /dev is mounted, before it may become read-only.
 */
int root_build(struct root *config, int tree, const struct cgroup *cg,
	       bool has_cgroup_namespace)
{
	int is_root = userns_is_host_root(), root;

	if (is_root < 0 ||
	    (config->propagation == MS_SHARED &&
	     oci_mounts_bind_shared(config->mounts) < 0) ||
	    root_separate(config) < 0)
		return -1;
	root = root_bind(config, tree);
	if (root < 0)
		return -1;
	if (oci_mounts_attach(config->mounts, &root, cg,
			      has_cgroup_namespace) == 0 &&
	    root_make_devices(config, root, is_root) == 0)
		return root;
	close(root);
	return -1;
}

/*
 * Only now: pivot_root(2) takes no shared mount.  What is mounted below the
 * root has a propagation of its own.
 */
static int root_propagate(const struct root *config)
{
	struct mount_attr attr = { .propagation = config->propagation };

	if (config->propagation &&
	    mount_setattr(AT_FDCWD, "/", 0, &attr, sizeof(attr)) < 0)
		return error_call(NULL, "linux.rootfsPropagation: set the "
					"propagation of the root");
	return 0;
}

/*
 * --no-pivot, for a system that runs from its initramfs, which cannot be moved
 * away: the new root is moved over the old one, and chroot(2) makes it the
 * top.  What was there before is still mounted, below it; no path leads there.
 * ELOOP: it is over the old one already, see root_bind().
 */
static int root_cover(const struct root *config, int root)
{
	if (hide_host(root) < 0)
		return -1;
	if (fchdir(root) < 0 ||
	    (mount(".", "/", NULL, MS_MOVE, NULL) < 0 && errno != ELOOP) ||
	    chroot(".") < 0 || chdir("/") < 0)
		return error_call(NULL, "move %s over the root (--no-pivot)",
				  config->path);
	return 0;
}

/*
 * By fchdir(2) to the descriptor: the directory's path may lead elsewhere by
 * now.
 */
int root_enter(const struct root *config, int root, bool pivots)
{
	if (!pivots)
		return root_cover(config, root);
	if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return error_call(NULL, "make %s the root (pivot_root)",
				  config->path);
	/* No shared mount is left (root_separate), so this stays in here. */
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return error_call(NULL, "leave the old root");
	return root_propagate(config);
}

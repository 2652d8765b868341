/*
 * Delegation: who owns a group's directory may make groups in it, and who
 * owns its cgroup.procs may move processes there.  The limits stay with the
 * one above: memory.max is never given away.  An init system inside, which
 * makes groups for its services, needs this.  See cgroups(7).
 */
#include "10-full-container/life/delegate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/error.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/files.h"
#include "10-full-container/process/provide.h"

/* Where the kernel does not say which files: those of Linux 4.13. */
static const char delegate_files[] =
	"cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n";

static const struct hint delegate_hints[] = {
	{ EPERM, "to change an owner takes CAP_CHOWN" },
	{ 0, NULL },
};

/* Outside of the map, as for a joined user namespace: the id is not known. */
static bool delegate_find_id(const struct id_maps *maps, uint32_t inside,
			     uid_t *outside)
{
	for (const struct id_map *map = maps->table; map->count > 0; map++)
		if (inside >= map->inside &&
		    inside - map->inside < map->count) {
			*outside = map->outside + (inside - map->inside);
			return true;
		}
	return false;
}

bool delegate_outside(const struct spec *spec, uint32_t inside, uid_t *outside)
{
	*outside = inside;
	if (spec->userns.enabled)
		return delegate_find_id(&spec->userns.uids, inside, outside);
	return !namespaces_joins(&spec->namespaces, CLONE_NEWUSER);
}

/*
 * Only root can give away.  An ordinary user owns their group as it is, and
 * the other ids that are mapped for them do without.  Of a v1 group nothing is
 * given away: there the limits would go with it.  A hybrid machine's v2 group
 * has none.
 */
static bool delegate_is_wanted(const struct spec *spec, const struct cgroup *cg)
{
	bool is_wanted = false;

	if (!(spec->namespaces.own & CLONE_NEWCGROUP) || !cg->path ||
	    geteuid() != 0)
		return false;
	for (const struct oci_mount *v = spec->root.mounts;
	     v && v->mount.target; v++)
		if (v->is_cgroup &&
		    strcmp(v->mount.target, "/sys/fs/cgroup") == 0)
			is_wanted = !(v->one.attr_set & MOUNT_ATTR_RDONLY);
	return is_wanted;
}

/* The files that go with the group, a line each. */
static void delegate_list(char text[CGROUP_TEXT])
{
	if (cgroup_read_text(AT_FDCWD, "/sys/kernel/cgroup/delegate", text) < 0)
		snprintf(text, CGROUP_TEXT, "%s", delegate_files);
}

int delegate_group(const struct spec *spec, const struct cgroup *cg)
{
	char text[CGROUP_TEXT], *rest = text, *file;
	uid_t owner;

	if (!delegate_is_wanted(spec, cg) ||
	    !delegate_outside(spec, spec->process.user.uid, &owner) ||
	    owner == geteuid())
		return 0;
	delegate_list(text);
	if (fchown(cg->dir, owner, (gid_t)-1) < 0)
		return error_call(delegate_hints,
				  "give the group %s to user %u", cg->path,
				  owner);
	while ((file = cgroup_next_word(&rest, "\n")))
		if (fchownat(cg->dir, file, owner, (gid_t)-1, 0) < 0 &&
		    errno != ENOENT)
			return error_call(delegate_hints,
					  "give %s in %s to user %u", file,
					  cg->path, owner);
	return 0;
}

static int delegate_note_one(json_t *owners, int dir, const char *file)
{
	struct stat status;

	if (fstatat(dir, file, &status, 0) < 0)
		return errno == ENOENT ? 0 : -1;
	return json_object_set_new(owners, file, json_integer(status.st_uid));
}

int delegate_note(const struct spec *spec, const struct cgroup *cg,
		  struct state *state)
{
	char text[CGROUP_TEXT], *rest = text, *file;
	json_t *owners;
	int result;

	if (!delegate_is_wanted(spec, cg) ||
	    !trees_with(cg, "cgroup.procs")->existed)
		return 0;
	owners = json_object();
	delegate_list(text);
	result = delegate_note_one(owners, cg->dir, ".");
	while (result == 0 && (file = cgroup_next_word(&rest, "\n")))
		result = delegate_note_one(owners, cg->dir, file);
	if (json_object_set_new(state->json, "cgroupOwners", owners) < 0 ||
	    result < 0)
		return error_call(NULL, "note whose the group %s is", cg->path);
	return 0;
}

int delegate_take_back(const struct state *state, const struct cgroup *cg)
{
	json_t *owners = json_object_get(state->json, "cgroupOwners"), *owner;
	const char *file;

	if (!owners || !cg->path)
		return 0;
	json_object_foreach(owners, file, owner)
	{
		if (fchownat(cg->dir, file, (uid_t)json_integer_value(owner),
			     (gid_t)-1, AT_SYMLINK_NOFOLLOW) < 0 &&
		    errno != ENOENT)
			return error_call(delegate_hints,
					  "give back %s in the group %s", file,
					  cg->path);
	}
	return 0;
}

/* Where the child is nobody special: see provide_pipes(). */
int delegate_own_pipes(const struct spec *spec, const struct process *process)
{
	uid_t owner;

	if (!spec->userns.enabled || !process->args || process->terminal ||
	    !delegate_outside(spec, process->user.uid, &owner))
		return 0;
	return provide_pipes(owner);
}

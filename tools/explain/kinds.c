/*
 * The heart of it: three tables.  A new step is a row here, and the function
 * in one of the tell_*.c that finds out that a call is such a step.
 */
#include "tools/explain/kinds.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>

#include "habits/count.h"
#include "habits/error.h"

const struct space spaces[] = {
	{ CLONE_NEWUSER, "NEWUSER", "user", "07", "users" },
	{ CLONE_NEWPID, "NEWPID", "pid", "02", "processes" },
	{ CLONE_NEWNS, "NEWNS", "mnt", "03", "mounts" },
	{ CLONE_NEWUTS, "NEWUTS", "uts", "01", "names" },
	{ CLONE_NEWIPC, "NEWIPC", "ipc", "10", "IPC" },
	{ CLONE_NEWNET, "NEWNET", "net", "08", "a network" },
	{ CLONE_NEWCGROUP, "NEWCGROUP", "cgroup", "05", "a view of groups" },
	{ CLONE_NEWTIME, "NEWTIME", "time", "10", "clocks" },
	{ 0 },
};

static const struct kind kinds[] = {
	/* processes */
	{ "exec", "", "from here on it is this program", NULL },
	{ "exec.path", "", "from here on it is this program", NULL },
	{ "fork", "", "a child", "%u children" },
	{ "pid.end", "02", "number 1 ends: so does all in its PID namespace",
	  NULL },
	{ "exit", "", "it says that something went wrong", NULL },
	{ "killed", "", "ended by this signal", NULL },
	{ "pid.parent_death", "02", "if its parent dies, it dies as well",
	  NULL },
	{ "ptrace", "", "it looks into another process, and stops it", NULL },
	{ "ptrace.ours", "", "it looks into another process, and stops it",
	  NULL },
	{ "subreaper", "10", "orphans below it become its children", NULL },
	/* names */
	{ "hostname", "01", "a host name, in this namespace alone", NULL },
	{ "domainname", "01", "a NIS domain name, in this namespace alone",
	  NULL },
	/* mounts */
	{ "mount.private", "03", "what is mounted here stays here, both ways",
	  "what is mounted here stays here, both ways (%u times)" },
	{ "mount.slave", "03", "what is mounted here does not reach the host",
	  "what is mounted here does not reach the host (%u times)" },
	{ "mount.shared", "03", "what is mounted here appears in its peers",
	  "what is mounted here appears in its peers (%u times)" },
	{ "mount.unbindable", "03", "nobody can bind this elsewhere", NULL },
	{ "mount.proc", "03", "/proc shows the processes of this namespace",
	  NULL },
	{ "mount.tmpfs", "03", "an empty file system in memory",
	  "%u empty file systems in memory" },
	{ "mount.bind", "03", "a file or directory appears a second time",
	  "%u files or directories appear a second time" },
	{ "mount.attributes", "03", "what may be done through this mount",
	  "what may be done through %u mounts" },
	{ "mount.idmap", "07", "owners are translated in this mount", NULL },
	{ "mount.other", "03", "another file system",
	  "%u mounts of other file systems" },
	{ "mount.sysfs", "08", "/sys shows the devices of this network", NULL },
	{ "mount.cgroup", "05", "the groups, as files",
	  "the groups, as files: %u mounts" },
	{ "mount.overlay", "06", "layers become one directory", NULL },
	{ "mount.mqueue", "10", "message queues of this IPC namespace", NULL },
	{ "mount.devpts", "04", "terminals of its own", NULL },
	{ "mount.device", "04", "a harmless device of the host",
	  "%u mounts of devices" },
	{ "mount.itself", "04", "a mount point, bound on itself",
	  "%u mount points, bound on themselves" },
	{ "mount.program", "10", "the runtime's own file, soon read-only",
	  NULL },
	{ "mount.move", "04", "a mount goes to another place", NULL },
	{ "mount.hide", "09", "what the kernel shows there is hidden",
	  "%u files and directories of the kernel are hidden" },
	{ "mount.namespace", "08", "keeps a namespace where no process is",
	  "keeps %u namespaces where no process is" },
	{ "mount.prepare", "03", "a file system is prepared", NULL },
	{ "umount", "03", "a mount is taken away", "%u mounts are taken away" },
	{ "umount.old_root", "04", "the old root is taken away", NULL },
	/* the root */
	{ "pivot_root", "04", "another root, and no way back", NULL },
	{ "chroot", "04", "paths begin here; the old root is still there",
	  NULL },
	{ "device", "04", "a device is made", "%u devices are made" },
	/* groups */
	{ "cgroup.make", "05", "a group", "%u groups" },
	{ "cgroup.remove", "05", "a group is removed",
	  "%u groups are removed" },
	{ "cgroup.enter", "05", "a process becomes a member",
	  "%u times a process becomes a member" },
	{ "cgroup.born", "05", "born as a member of this group", NULL },
	{ "cgroup.controllers", "05", "which resources groups below count",
	  "which resources groups below count (%u writes)" },
	{ "cgroup.memory", "05", "how much memory",
	  "how much memory (%u settings)" },
	{ "cgroup.pids", "05", "how many processes", NULL },
	{ "cgroup.cpu", "05", "how much of the processors",
	  "how much of the processors (%u settings)" },
	{ "cgroup.cpuset", "05", "which processors, which memory",
	  "which processors, which memory (%u settings)" },
	{ "cgroup.io", "05", "how much of the disks",
	  "how much of the disks (%u settings)" },
	{ "cgroup.freeze", "10", "the group stands still, or goes on",
	  "the group stands still, or goes on (%u times)" },
	{ "cgroup.events", "05", "to be told when memory runs out", NULL },
	{ "cgroup.trigger", "05",
	  "to be told when processes have to wait for this", NULL },
	{ "cgroup.reclaim", "05", "memory is taken back at once", NULL },
	{ "cgroup.oom", "05", "when memory runs out, all of them end or one",
	  NULL },
	{ "cgroup.kill", "10", "all in the group are killed", NULL },
	{ "cgroup.devices", "10", "which devices may be used",
	  "which devices may be used (%u rules)" },
	{ "cgroup.setting", "05", "a setting of a group",
	  "%u settings of groups" },
	{ "bpf.devices", "10", "a program that says which devices may be used",
	  "programs that say which devices may be used (%u)" },
	{ "bpf.attach", "10", "... is attached to a group", NULL },
	/* rights */
	{ "capset.drop", "07", "given up: only exec could give any back",
	  NULL },
	{ "capset", "07", "which capabilities it has in use",
	  "which capabilities it has in use (%u times)" },
	{ "caps.bounding", "07", "no program that it becomes gets this back",
	  "%u capabilities that no program gets back" },
	{ "caps.ambient", "07", "a capability that exec keeps",
	  "capabilities that exec keeps (%u steps)" },
	{ "caps.keep", "07", "another user, with the same capabilities", NULL },
	{ "caps.securebits", "07", "whether user 0 is anything special", NULL },
	{ "no_new_privs", "07", "exec never gives rights: setuid is void",
	  NULL },
	{ "setuid", "07", "which user it is", NULL },
	{ "setuid.effective", "07", "whose rights it has for the moment",
	  NULL },
	{ "setuid.same", "07", "-1 is \"as it is\": nothing changes", NULL },
	{ "setgid", "07", "which group it has", NULL },
	{ "setgid.effective", "07",
	  "which group's rights it has for the moment", NULL },
	{ "setgid.same", "07", "-1 is \"as it is\": nothing changes", NULL },
	{ "setgroups", "07", "which other groups it has", NULL },
	{ "map.uid", "07", "users: inside, outside, how many", NULL },
	{ "map.gid", "07", "groups: inside, outside, how many", NULL },
	{ "map.setgroups", "07", "so that nobody leaves a group", NULL },
	{ "map.setgroups.allow", "07", "so that groups may be left", NULL },
	{ "dumpable", "10", "who may look into it", NULL },
	{ "keyring", "10", "keys of its own", NULL },
	{ "key", "10", "the kernel's keys", NULL },
	/* the network */
	{ "netlink.route", "08", "a socket that talks of the network",
	  "%u sockets that talk of the network" },
	{ "netlink.netfilter", "08", "a socket that talks of packet rules",
	  "%u sockets that talk of packet rules" },
	{ "netlink.audit", "", "a socket to the audit log", NULL },
	{ "netlink.uevent", "", "a socket that hears of devices", NULL },
	{ "netlink.other", "", "a netlink socket", "%u netlink sockets" },
	{ "net.link", "08", "a network interface: made, moved or switched on",
	  "network interfaces: made, moved or switched on (%u messages)" },
	{ "net.link.remove", "08", "a network interface is removed", NULL },
	{ "net.address", "08", "an address", "%u addresses" },
	{ "net.route", "08", "a route", "%u routes" },
	{ "net.rules", "08", "rules for packets",
	  "rules for packets (%u messages)" },
	/* the filter, and the rest that stage 10 has */
	{ "seccomp", "09", "a filter for system calls",
	  "%u filters for system calls" },
	{ "label", "09", "what AppArmor or SELinux lets the program do", NULL },
	{ "rlimit", "10", "a limit of this process",
	  "%u limits of this process" },
	{ "sysctl", "10", "a setting of the kernel",
	  "%u settings of the kernel" },
	{ "oom", "10", "whom the kernel ends when memory is short", NULL },
	{ "clocks", "10", "how far its clocks are off the host's", NULL },
	{ "personality", "10", "it sees another kind of machine", NULL },
	{ "personality.flags", "10", "how its memory and its calls behave",
	  NULL },
	{ "memfd", "10", "a file in memory, such as a copy of the runtime",
	  "%u files in memory" },
	{ "io_uring", "09", "calls by a queue, which nobody filters", NULL },
};

static const struct excuse excuses[] = {
	{ "exec.path", EACCES, "no program, or no right to" },
	{ "exec.path", ENOENT, "no such file, or no such interpreter" },
	{ "exec", ENOENT, "not there: the next directory of PATH" },
	{ "cgroup.make", EEXIST, "it is there already" },
	{ "cgroup.remove", ENOENT, "it is gone already" },
	{ "cgroup.remove", EBUSY, "it is not empty" },
	{ "cgroup.remove", ENOTDIR, "a file, not a group" },
	{ "device", EEXIST, "it is there already" },
	{ "caps.bounding", EINVAL, "this kernel has no such capability" },
	{ "caps.ambient", EINVAL, "what it does not have it cannot keep" },
	{ "caps.ambient", EPERM, "what it does not have it cannot keep" },
	{ "umount", EINVAL, "no mount, or one that is locked here" },
	{ "umount", ENOENT, "there is no such directory" },
	{ "mount.itself", ENOENT, "this kernel shows no such file" },
	{ "mount.hide", ENOENT, "this kernel shows no such file" },
	{ "mount.hide", ENOTDIR, "a file: it is covered another way" },
	{ "mount.private", EINVAL, "no mount point: one above it counts" },
	{ "mount.shared", EINVAL, "no mount point, or not yet" },
	{ "mount.attributes", ENOSYS, "an older kernel: mount(2) follows" },
	{ "clone", ENOSYS, "refused or unknown: the older call follows" },
	{ "clone", EINVAL, "a probe: this kernel has no such namespace" },
	{ "setns NEWUSER", EINVAL, "it is in that one, or has threads" },
	{ "setns", EINVAL, "no namespace of this kind, or a probe" },
	{ "unshare NEWUSER", EINVAL, "who has threads may not" },
	{ "mount.prepare", EPERM, "only a network of its own allows it" },
	{ "mount.sysfs", EPERM, "only a network of its own allows it" },
	{ "bpf.attach", EBADF, "a probe: does the kernel know this?" },
	{ "exec", EACCES, "no right to: the next directory of PATH" },
	{ "ptrace.ours", EPERM, "explain traces it already" },
	{ "rlimit", EPERM, "to raise it takes CAP_SYS_RESOURCE" },
	{ "keyring", ENOSYS, "a kernel without keys" },
	{ "net.link", EEXIST, "it is there already" },
	{ "net.route", EEXIST, "it is there already" },
	{ "seccomp", EFAULT, "a probe: does the kernel know this?" },
	{ "seccomp", EINVAL, "a probe: does the kernel know this?" },
	{ "label", ENOENT, "no such module is active" },
	{ "label", EINVAL, "no such module is active" },
};

static const char *const chapters[] = { "uts",           "pid",     "mount",
					"chroot",        "cgroups", "overlay",
					"caps",          "netns",   "seccomp",
					"full-container" };

const struct kind *kind_find(const char *key)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].key, key) == 0)
			return &kinds[i];
	return NULL;
}

const char *kind_excuse(const char *key, int error)
{
	for (size_t i = 0; i < COUNT(excuses); i++)
		if (excuses[i].error == error &&
		    strncmp(key, excuses[i].key, strlen(excuses[i].key)) == 0)
			return excuses[i].words;
	return NULL;
}

int chapter_number(const char *word)
{
	const char *name = word + strspn(word, "0123456789");
	long number = strtol(word, NULL, 10);

	name += *name == '-';
	if (number >= 1 && number <= (long)COUNT(chapters) &&
	    (!*name || strcmp(name, chapters[number - 1]) == 0))
		return (int)number;
	for (size_t i = 0; name == word && i < COUNT(chapters); i++)
		if (strcmp(name, chapters[i]) == 0)
			return (int)i + 1;
	error_input("they are 01 to 10, or uts, pid, mount, chroot, cgroups, "
		    "overlay, caps, netns, seccomp, full-container",
		    "there is no chapter %s", word);
	return 0;
}

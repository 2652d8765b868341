/*
 * The config.json that `spec` writes when it is told nothing.
 *
 * Word for word that of runc and crun, which people and their scripts know:
 * three capabilities, a read-only root, a limit on open files, no filter.  But
 * the cgroup namespace is always there, and not only on pure version 2.  What
 * is masked and read-only is said in spec_write.c.
 */
#include "10-full-container/config/spec_write.h"

#include "habits/error.h"
#include "10-full-container/talk/state.h"

static const char usual_config[] =
	"{'ociVersion': '',"
	"'process': {'terminal': true, 'user': {'uid': 0, 'gid': 0},"
	"'args': ['sh'], 'cwd': '/', 'env': ["
	"'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',"
	"'TERM=xterm'],"
	"'capabilities': {"
	"'bounding': ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],"
	"'effective': ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],"
	"'permitted': ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE']},"
	"'rlimits': [{'type': 'RLIMIT_NOFILE', 'hard': 1024, 'soft': 1024}],"
	"'noNewPrivileges': true},"
	"'root': {'path': 'rootfs', 'readonly': true},"
	"'hostname': 'ten-steps',"
	"'mounts': ["
	"{'destination': '/proc', 'type': 'proc', 'source': 'proc'},"
	"{'destination': '/dev', 'type': 'tmpfs', 'source': 'tmpfs',"
	"'options': ['nosuid', 'strictatime', 'mode=755', 'size=65536k']},"
	"{'destination': '/dev/pts', 'type': 'devpts', 'source': 'devpts',"
	"'options': ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666',"
	"'mode=0620', 'gid=5']},"
	"{'destination': '/dev/shm', 'type': 'tmpfs', 'source': 'shm',"
	"'options': ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k']},"
	"{'destination': '/dev/mqueue', 'type': 'mqueue', 'source': 'mqueue',"
	"'options': ['nosuid', 'noexec', 'nodev']},"
	"{'destination': '/sys', 'type': 'sysfs', 'source': 'sysfs',"
	"'options': ['nosuid', 'noexec', 'nodev', 'ro']},"
	"{'destination': '/sys/fs/cgroup', 'type': 'cgroup', 'source': "
	"'cgroup',"
	"'options': ['nosuid', 'noexec', 'nodev', 'relatime', 'ro']}],"
	"'linux': {"
	"'resources': {'devices': [{'allow': false, 'access': 'rwm'}]},"
	"'namespaces': [{'type': 'pid'}, {'type': 'network'}, {'type': 'ipc'},"
	"{'type': 'uts'}, {'type': 'mount'}, {'type': 'cgroup'}]}}";

/* JSON has no single quotes; nothing above needs one. */
json_t *spec_write_usual(void)
{
	char text[sizeof(usual_config)];
	json_t *document, *node;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = usual_config[i] == '\'' ? '"' : usual_config[i];
	document = json_loads(text, 0, NULL);
	node = json_object_get(document, "linux");
	if (json_object_set_new(document, "ociVersion",
				json_string(OCI_VERSION)) < 0 ||
	    spec_write_paths(node) < 0) {
		error_input(NULL, "make a config.json");
		json_decref(document);
		return NULL;
	}
	return document;
}

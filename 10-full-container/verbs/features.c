/*
 * features: what this runtime can do.
 *
 * For an engine that wants to know before it asks for it.  It is about this
 * program, not about the machine: what the kernel lacks is found out when a
 * container is made.  See features.md of the specification.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/count.h"
#include "habits/error.h"
#include "07-caps/beyond/caps_names.h"
#include "10-full-container/group/systemd_words.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/life/container.h"

/* From the very tables that the readers use: so it cannot be out of date. */
static json_t *features_words(const struct word *words)
{
	json_t *array = json_array();

	for (; words->name; words++)
		json_array_append_new(array, json_string(words->name));
	return array;
}

static json_t *features_hooks(void)
{
	json_t *array = json_array();

	for (int kind = 0; kind < HOOK_KINDS; kind++)
		json_array_append_new(array, json_string(hook_names[kind]));
	return array;
}

/* Kinds that this program knows, not those that this kernel has. */
static json_t *features_namespaces(void)
{
	json_t *array = json_array();

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		json_array_append_new(array,
				      json_string(namespace_kinds[i].name));
	return array;
}

/* All that the kernel's headers had when this was compiled. */
static json_t *features_capabilities(void)
{
	json_t *array = json_array();
	char name[CAPS_NAME_SIZE];

	for (int number = 0; number <= CAP_LAST_CAP; number++) {
		caps_to_name(number, name);
		for (char *c = name; *c; c++)
			if (*c >= 'a' && *c <= 'z')
				*c = (char)(*c - 'a' + 'A');
		if (caps_from_name(name) == number)
			json_array_append_new(array, json_string(name));
	}
	return array;
}

/*
 * Without a filter the kernel gets no further than the flags: EFAULT says that
 * they are fine, EINVAL that it lacks one.
 */
static bool features_has_flags(uint64_t flags)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) < 0 &&
	       errno == EFAULT;
}

/* Those that this kernel has, too.  One is only for filters that notify. */
static json_t *features_supported_flags(void)
{
	json_t *array = json_array();

	for (const struct word *flag = filter_flags; flag->name; flag++)
		if (features_has_flags(flag->number) ||
		    features_has_flags(flag->number |
				       SECCOMP_FILTER_FLAG_NEW_LISTENER))
			json_array_append_new(array, json_string(flag->name));
	return array;
}

/* The linked library's own version: it decides which calls have a name. */
static json_t *features_annotations(void)
{
	const struct scmp_version *version = seccomp_version();
	json_t *annotations = json_object();
	char text[64];

	snprintf(text, sizeof(text), "%u.%u.%u", version->major, version->minor,
		 version->micro);
	json_object_set_new(annotations, "io.github.seccomp.libseccomp.version",
			    json_string(text));
	return annotations;
}

/* A name that ends with a dot stands for all that begin so. */
static json_t *features_unsafe(void)
{
	static const struct word words[] = { { ANNOTATION_PROPERTY, 0 },
					     { 0 } };

	return features_words(words);
}

/* Is there a row for it in the table of those who read config.json? */
static void features_add_members(json_t *f)
{
	const struct {
		const char *feature;
		const struct member *table;
		const char *key;
	} members[] = {
		{ "linux.seccomp.enabled", spec_linux_members, "seccomp" },
		{ "linux.apparmor.enabled", spec_process_members,
		  "apparmorProfile" },
		{ "linux.selinux.enabled", spec_process_members,
		  "selinuxLabel" },
		{ "linux.intelRdt.enabled", spec_linux_members, "intelRdt" },
		{ "linux.intelRdt.schemata", rdt_members, "schemata" },
		{ "linux.intelRdt.monitoring", rdt_members,
		  "enableMonitoring" },
		{ "linux.mountExtensions.idmap.enabled", spec_owner_members,
		  "uidMappings" },
		{ "linux.netDevices.enabled", spec_linux_members,
		  "netDevices" },
	};

	for (size_t i = 0; i < COUNT(members); i++)
		json_set_path(f, members[i].feature,
			      json_boolean(members_know(members[i].table,
							members[i].key)));
}

static void features_add_linux(json_t *f)
{
	json_set_path(f, "linux.namespaces", features_namespaces());
	json_set_path(f, "linux.capabilities", features_capabilities());
	/* These are which files there are: of stage 05, and in group/. */
	json_set_path(f, "linux.cgroup.v1", json_true());
	json_set_path(f, "linux.cgroup.v2", json_true());
	json_set_path(f, "linux.cgroup.systemd", json_true());
	json_set_path(f, "linux.cgroup.systemdUser", json_true());
	json_set_path(f, "linux.cgroup.rdma", json_true());
	features_add_members(f);
	json_set_path(f, "linux.seccomp.actions",
		      features_words(filter_actions));
	json_set_path(f, "linux.seccomp.operators",
		      features_words(filter_compares));
	json_set_path(f, "linux.seccomp.archs", features_words(filter_archs));
	json_set_path(f, "linux.seccomp.knownFlags",
		      features_words(filter_flags));
	json_set_path(f, "linux.seccomp.supportedFlags",
		      features_supported_flags());
	json_set_path(f, "linux.memoryPolicy.modes",
		      features_words(memory_policy_modes));
	json_set_path(f, "linux.memoryPolicy.flags",
		      features_words(memory_policy_flags));
}

/* Needs no right, no state and no container: engines ask at their start. */
int command_features(struct request *request)
{
	json_t *features = json_object();
	int result = -1;

	(void)request;
	if (!features)
		return EXIT_OCI;
	json_set_path(features, "ociVersionMin", json_string(OCI_VERSION_MIN));
	json_set_path(features, "ociVersionMax", json_string(OCI_VERSION));
	json_set_path(features, "hooks", features_hooks());
	json_set_path(features, "mountOptions", oci_mount_options_list());
	features_add_linux(features);
	json_set_path(features, "annotations", features_annotations());
	json_set_path(features, "potentiallyUnsafeConfigAnnotations",
		      features_unsafe());
	result = json_dumpf(features, stdout,
			    JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(features);
	return result < 0 ? EXIT_OCI : 0;
}

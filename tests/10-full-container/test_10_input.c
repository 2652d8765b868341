/* Stage 10: what is wrong in config.json is said, and where. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define RUN_BOX \
	WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE, OCI_ID)

/* These pieces of a config.json must be refused with that in the message. */
static void refused(const struct config *config, const char *piece)
{
	oci_write(config);
	oci_refuses(RUN_BOX, piece);
}

static const struct {
	struct config config;
	const char *where;
} wrong_types[] = {
	{ { .version = "\"ociVersion\": 1," }, "ociVersion" },
	{ { .user = "{\"uid\": \"root\"}" }, "process.user.uid" },
	{ { .user = "{\"uid\": -1}" }, "process.user.uid" },
	{ { .user = "{\"uid\": 4294967295}" }, "process.user.uid" },
	{ { .user = "{\"gid\": 1.5}" }, "process.user.gid" },
	{ { .user = "[]" }, "process.user" },
	{ { .user = "{\"additionalGids\": [1, \"x\"]}" },
	  "process.user.additionalGids[1]" },
	{ { .user = "{\"umask\": 512}" }, "process.user.umask" },
	{ { .env = ", 5" }, "process.env[1]" },
	{ { .cwd = "tmp" }, "process.cwd" },
	{ { .process = ", \"noNewPrivileges\": \"yes\"" },
	  "process.noNewPrivileges" },
	{ { .process = ", \"terminal\": 1" }, "process.terminal" },
	{ { .process = ", \"capabilities\": []" }, "process.capabilities" },
	{ { .process = ", \"capabilities\": {\"bounding\": [7]}" },
	  "process.capabilities.bounding[0]" },
	{ { .process = ", \"rlimits\": [{\"type\": \"RLIMIT_FROB\", "
		       "\"soft\": 1, \"hard\": 1}]" },
	  "process.rlimits[0].type" },
	{ { .process = ", \"rlimits\": [{\"type\": "
		       "\"RLIMIT_CORE\", \"soft\": -1, \"hard\": 1}]" },
	  "process.rlimits[0].soft" },
	{ { .process = ", \"rlimits\": [{\"type\": "
		       "\"RLIMIT_CORE\", \"soft\": 1}]" },
	  "process.rlimits[0].hard" },
	{ { .process = ", \"oomScoreAdj\": 1001" }, "process.oomScoreAdj" },
	{ { .root = "\"/\"" }, "root" },
	{ { .root = "{\"path\": 7}" }, "root.path" },
	{ { .root = "{\"readonly\": true}" }, "root.path" },
	{ { .root = "{\"path\": \"/\", \"readonly\": 1}" }, "root.readonly" },
	{ { .mounts = ", 7" }, "mounts[3]" },
	{ { .mounts = ", {\"type\": \"tmpfs\"}" }, "mounts[3].destination" },
	{ { .mounts = ", {\"destination\": \"/tmp\"}" }, "mounts[3].type" },
	{ { .mounts = ", {\"destination\": \"/\", \"type\": "
		      "\"proc\"}" },
	  "mounts[3].destination" },
	{ { .mounts = ", {\"destination\": \"/tmp\", \"type\": "
		      "\"tmpfs\", \"options\": [1]}" },
	  "mounts[3].options[0]" },
	{ { .namespaces = "{}" }, "linux.namespaces" },
	{ { .namespaces = "[{\"type\": \"frob\"}]" },
	  "linux.namespaces[0].type" },
	{ { .namespaces = "[{\"type\": \"pid\"}, {\"type\": "
			  "\"pid\"}]" },
	  "linux.namespaces[1]" },
	{ { .namespaces = "[{\"type\": \"pid\"}]" },
	  "without a mount namespace there is no root file system" },
	{ { .namespaces = "[{\"type\": \"mount\", \"path\": "
			  "\"proc\"}]" },
	  "linux.namespaces[0].path" },
	{ { .linux_ = ", \"maskedPaths\": [1]" }, "linux.maskedPaths[0]" },
	{ { .linux_ = ", \"cgroupsPath\": []" }, "linux.cgroupsPath" },
	{ { .linux_ = ", \"cgroupsPath\": \"/../x\"" }, "linux.cgroupsPath" },
	{ { .linux_ = ", \"sysctl\": {\"kernel.shmmax\": 5}" },
	  "linux.sysctl.kernel.shmmax" },
	{ { .linux_ = ", \"resources\": {\"memory\": {\"limit\": "
		      "\"much\"}}" },
	  "linux.resources.memory.limit" },
	{ { .linux_ = ", \"resources\": {\"pids\": {\"limit\": "
		      "1.5}}" },
	  "linux.resources.pids.limit" },
	{ { .linux_ = ", \"devices\": [{\"path\": \"/dev/x\", "
		      "\"type\": \"z\"}]" },
	  "linux.devices[0].type" },
	{ { .linux_ = ", \"rootfsPropagation\": \"upward\"" },
	  "linux.rootfsPropagation" },
	{ { .linux_ = ", \"timeOffsets\": {\"boottime\": {\"secs\": "
		      "1}}" },
	  "linux.timeOffsets" },
	{ { .linux_ = ", \"seccomp\": {\"defaultAction\": "
		      "\"SCMP_ACT_FROB\"}" },
	  "linux.seccomp.defaultAction" },
	{ { .linux_ = ", \"seccomp\": {\"defaultAction\": "
		      "\"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": "
		      "[\"mkdir\"], \"action\": \"FROB\"}]}" },
	  "linux.seccomp.syscalls[0].action" },
	{ { .top = ", \"hooks\": {\"poststart\": [{\"path\": "
		   "\"x\"}]}" },
	  "hooks.poststart[0].path" },
	{ { .top = ", \"hostname\": 7" }, "hostname" },
};

START_TEST(a_wrong_type_is_named_by_its_path)
{
	oci_begin(&wrong_types[0].config);
	for (size_t i = 0; i < COUNT(wrong_types); i++)
		refused(&wrong_types[i].config, wrong_types[i].where);
	oci_end();
}
END_TEST

START_TEST(what_is_missing_is_named)
{
	static const struct config whole = { 0 };
	static const char *const pieces[][2] = {
		{ "{}", "ociVersion" },
		{ "{\"ociVersion\": \"1.0.2\"}", "root" },
		{ "{\"ociVersion\": \"2.0.0\", \"root\": {\"path\": \"/\"}}",
		  "ociVersion" },
		{ "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"x\"}, "
		  "\"process\": {\"args\": [\"sh\"]}}",
		  "process.cwd" },
		{ "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"x\"}, "
		  "\"process\": {\"cwd\": \"/\"}}",
		  "process.args" },
		{ "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"x\"}, "
		  "\"process\": {\"cwd\": \"/\", \"args\": []}}",
		  "process.args" },
		{ "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"x\"}}",
		  "linux.namespaces" },
	};

	oci_begin(&whole);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		shell("echo '%s' > " OCI_BUNDLE "/config.json", pieces[i][0]);
		oci_refuses(RUN_BOX, pieces[i][1]);
	}
	oci_end();
}
END_TEST

START_TEST(what_is_no_json_is_said_with_its_line)
{
	static const char *const scripts[][2] = {
		{ ": >", "config.json" },
		{ "echo '{' >", "line" },
		{ "echo '[]' >", "object" },
		{ "echo '{\"a\": 1, \"a\": 2}' >", "duplicate" },
		{ "printf '{\"a\": \"\\377\"}' >", "byte 0xff" },
		{ "printf '{\"a\": \"b\\000c\"}' >", "zero byte" },
		{ "echo '{\"a\": 99999999999999999999}' >", "line 1" },
		{ "yes '[' | head -n 100000 | tr -d '\\n' >", "nested" },
		{ "head -c 100000000 /dev/zero | tr '\\0' ' ' >",
		  "config.json" },
		{ "rm", "config.json" },
		{ "mkdir", "config.json" },
	};
	static const struct config whole = { 0 };

	oci_begin(&whole);
	for (size_t i = 0; i < COUNT(scripts); i++) {
		shell("%s " OCI_BUNDLE "/config.json", scripts[i][0]);
		oci_refuses(RUN_BOX, scripts[i][1]);
	}
	oci_end();
}
END_TEST

START_TEST(what_cannot_be_made_is_explained)
{
	oci_begin(&(struct config){ 0 });
	refused(&(struct config){ .root = "{\"path\": \"/not/there\"}" },
		"/not/there");
	refused(&(struct config){ .mounts = ", {\"destination\": \"/tmp\", "
					    "\"source\": \"/not/there\", "
					    "\"options\": [\"bind\"]}" },
		"/not/there");
	refused(&(struct config){ .mounts = ", {\"destination\": \"/tmp\", "
					    "\"type\": \"frobfs\"}" },
		"frobfs");
	refused(&(struct config){ .mounts = ", {\"destination\": \"/tmp\", "
					    "\"type\": \"tmpfs\", "
					    "\"options\": [\"frob=1\"]}" },
		"frob");
	refused(&(struct config){ .namespaces = "[{\"type\": \"mount\"}, "
						"{\"type\": \"ipc\", \"path\": "
						"\"/not/there\"}]" },
		"/not/there");
	refused(&(struct config){ .namespaces = "[{\"type\": \"mount\"}, "
						"{\"type\": \"ipc\", \"path\": "
						"\"/proc/self/ns/uts\"}]" },
		"ipc namespace");
	refused(&(struct config){ .linux_ = ", \"sysctl\": {\"no.such\": "
					    "\"1\"}" },
		"no.such");
	refused(
		&(struct config){
			.top = ", \"hooks\": {\"createRuntime\": [{\"path\": "
			       "\"/bin/false\"}]}" },
		"/bin/false");
	oci_end();
}
END_TEST

START_TEST(a_program_that_is_not_there_fails_the_start)
{
	oci_begin(&(struct config){ 0 });
	shell("sed -i 's/\"sh\", \"-c\"/\"no-such-program\"/' " OCI_BUNDLE
	      "/config.json");
	oci_refuses(RUN_BOX, "no-such-program");
	oci_end();
}
END_TEST

START_TEST(what_a_newer_specification_adds_is_no_error)
{
	oci_begin(&(struct config){
		.version = "\"ociVersion\": \"1.99.0\", \"frob\": {},",
		.script = "exit 0",
		.linux_ = ", \"frob\": 7" });
	ck_assert_int_eq(OCI_RUN()->status, 0);
	oci_end();
}
END_TEST

START_TEST(a_bundle_without_a_config_is_named_and_spec_too)
{
	struct result *r;

	oci_begin(&(struct config){ 0 });
	shell("rm " OCI_BUNDLE "/config.json");
	r = OCI_RUN();
	ck_assert_msg(
		r->status == 1 &&
			has(r->err, "config.json in the bundle " OCI_BUNDLE) &&
			has(r->err, "`spec --bundle DIR` writes one"),
		"%s", r->err);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "input", &a_wrong_type_is_named_by_its_path },
	{ "input", &what_is_missing_is_named },
	{ "input", &what_is_no_json_is_said_with_its_line },
	{ "input", &what_cannot_be_made_is_explained },
	{ "input", &a_program_that_is_not_there_fails_the_start },
	{ "input", &what_a_newer_specification_adds_is_no_error },
	{ "input", &a_bundle_without_a_config_is_named_and_spec_too },
	{ 0 },
};

/* Stage 10: what it says of itself is well-formed, and true. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

static char *features(void)
{
	struct result *r = RUN("features");

	ck_assert_msg(r->status == 0 && !r->err[0], "features: %s", r->err);
	return r->out;
}

/* The words of a list, one after the other: cut out of `*list`. */
static char *next_word(char **list)
{
	char *word = strchr(*list, '"'), *end = strchr(*list, ']');

	if (!word || (end && end < word))
		return NULL;
	*list = strchr(word + 1, '"') + 1;
	return text("%.*s", (int)(*list - word - 2), word + 1);
}

static char *list_of(char *json, const char *key)
{
	char *list = strstr(json, text("\"%s\": [", key));

	ck_assert_msg(list, "no list %s", key);
	return list + strlen(key) + 4;
}

START_TEST(features_fit_the_schema_of_the_specification)
{
	char *tool = shell("ls tests/oci/validate.py %s/../tests/oci/"
			   "validate.py 2> /dev/null | head -n 1",
			   bin());
	char *said;

	if (!*tool)
		skip("the schema is not where this program is");
	if (strcmp(shell("python3 -c 'import jsonschema; print(1)' 2>&1"),
		   "1") != 0)
		skip("python3-jsonschema is not installed");
	shell("%s features > /run/features", program_under_test());
	said = shell("python3 -W ignore %s features-schema.json /run/features "
		     "2>&1; echo $?; rm /run/features",
		     tool);
	ck_assert_str_eq(said, "0");
}
END_TEST

START_TEST(features_have_what_must_be_there)
{
	static const char *const pieces[] = { "\"ociVersionMin\": \"1.0.0\"",
					      "\"ociVersionMax\": \"1.",
					      "\"createRuntime\"",
					      "\"rnosymfollow\"",
					      "\"CAP_CHECKPOINT_RESTORE\"",
					      "\"SCMP_ACT_NOTIFY\"",
					      "\"MPOL_INTERLEAVE\"",
					      "\"org.systemd.property.\"" };
	char *json = features();

	for (size_t i = 0; i < COUNT(pieces); i++)
		ck_assert_msg(has(json, pieces[i]), "no %s in %s", pieces[i],
			      json);
	oci_refuses(WORDS("features", "more"), "there is a word too many");
}
END_TEST

/* The versions at both ends are accepted, and one beyond is a 1.x, too. */
START_TEST(the_versions_are_accepted)
{
	char *json = features();
	char *most = shell("echo '%s' | sed -n 's/.*ociVersionMax\": "
			   "\"\\(.*\\)\",/\\1/p'",
			   json);
	const char *const versions[] = { "1.0.0", most, "1.99.0-rc.1" };

	for (size_t i = 0; i < 3; i++) {
		oci_begin(&(struct config){
			.version = text("\"ociVersion\": \"%s\",", versions[i]),
			.script = "true" });
		ck_assert_msg(OCI_RUN()->status == 0, "%s", versions[i]);
		oci_end();
	}
}
END_TEST

/* Run a container whose config has the word.  NULL: fine; or the message. */
static char *tried(const struct config *config)
{
	struct config with_script = *config;
	struct result *r;

	with_script.script = "true";
	oci_write(&with_script);
	r = OCI_RUN();
	return r->status == 0 ? NULL : r->err;
}

static void mount_option(const char *word)
{
	bool is_bind = !has("remount tmpcopyup idmap ridmap", word);
	char *err = tried(&(struct config){
		.mounts = text(", {\"destination\": \"/tmp\", \"type\": "
			       "\"%s\", \"source\": \"%s\", \"options\": "
			       "[\"%s\"]}",
			       is_bind ? "bind" : "tmpfs",
			       is_bind ? OCI_SHARED : "tmpfs", word) });

	/* These two ask for more, which is another matter. */
	if (strcmp(word, "idmap") == 0 || strcmp(word, "ridmap") == 0)
		ck_assert_msg(!err || !has(err, "all for a bind mount"), "%s",
			      err);
	else if (strcmp(word, "remount") != 0)
		ck_assert_msg(!err, "%s: %s", word, err);
}

static void namespace_kind(const char *word)
{
	char *err;

	if (strcmp(word, "mount") == 0)
		return;
	err = tried(&(struct config){
		.namespaces = text(
			"[{\"type\": \"mount\"}, %s{\"type\": "
			"\"%s\"}]",
			strcmp(word, "user") ? "" : "{\"type\": \"pid\"}, ",
			word),
		.linux_ = strcmp(word, "user") ? NULL
					       : ", \"uidMappings\": "
						 "[{\"containerID\": 0, "
						 "\"hostID\": 0, \"size\": "
						 "65536}], \"gidMappings\": "
						 "[{\"containerID\": 0, "
						 "\"hostID\": 0, \"size\": "
						 "65536}]" });
	ck_assert_msg(!err, "%s: %s", word, err);
}

static void capability(const char *word)
{
	char *err = tried(&(struct config){
		.process = text(", \"capabilities\": {\"bounding\": [\"%s\"]}",
				word) });

	ck_assert_msg(!err, "%s: %s", word, err);
}

static void hook(const char *word)
{
	char *err = tried(&(struct config){
		.top = text(", \"hooks\": {\"%s\": [{\"path\": "
			    "\"/none/%s\"}]}",
			    word, word) });

	/* After the end nobody is left to fail. */
	if (strcmp(word, "poststop") != 0)
		ck_assert_msg(err && has(err, word), "%s: %s", word,
			      err ? err : "is passed over");
}

static const struct {
	const char *list;
	void (*try)(const char *word);
} lists[] = {
	{ "mountOptions", mount_option },
	{ "namespaces", namespace_kind },
	{ "capabilities", capability },
	{ "hooks", hook },
};

START_TEST(each_word_that_is_listed_is_understood)
{
	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(lists); i++) {
		char *list = list_of(features(), lists[i].list), *word;
		int count = 0;

		for (; (word = next_word(&list)); count++)
			lists[i].try(word);
		ck_assert_int_gt(count, 5);
	}
	/* ... and one that is not listed is refused, so this can fail. */
	ck_assert_ptr_nonnull(tried(&(struct config){
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"bind\", "
			  "\"source\": \"/\", \"options\": [\"frob\"]}" }));
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &features_fit_the_schema_of_the_specification },
	{ "safety", &features_have_what_must_be_there },
	{ "safety", &the_versions_are_accepted },
	{ "safety", &each_word_that_is_listed_is_understood },
	{ 0 },
};

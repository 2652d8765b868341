/*
 * From the text of --cap-add, --cap-drop and --user to struct caps.
 *
 * Only what was asked for is noted; caps_plan() makes the five sets of it, in
 * the child, when it is known what there is to give.
 */
#include "07-caps/caps.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>

#include "habits/error.h"
#include "07-caps/beyond/caps_names.h"
#include "07-caps/beyond/id.h"
#include "07-caps/caps_sets.h"

static const char user_hint[] =
	"give numbers, UID or UID:GID: names are in the container's "
	"/etc/passwd, which the kernel does not read";

/* The kernel would not say that a name is wrong: it knows numbers only. */
static int caps_complain_unknown(const char *option, const char *word)
{
	char near[2048];

	caps_list_near(word, near, sizeof(near));
	return error_input(near[0] ? near
				   : "capabilities(7) lists them; ALL is each "
				     "of them",
			   "option --%s: no capability is called \"%s\"",
			   option, word);
}

/* The mask that a word stands for; 0 after a message. */
static uint64_t caps_parse_name(const char *option, const char *word)
{
	int cap;

	if (strcasecmp(word, "ALL") == 0)
		return UINT64_MAX;
	cap = caps_from_name(word);
	if (cap < 0)
		caps_complain_unknown(option, word);
	return cap < 0 ? 0 : CAPS_BIT(cap);
}

/* Both may be repeated; of what contradicts, the later one counts. */
static int caps_parse_add(void *field, const char *name, const char *value)
{
	struct caps *caps = field;
	uint64_t mask = caps_parse_name(name, value);

	caps->added |= mask;
	caps->named |= mask == UINT64_MAX ? 0 : mask;
	caps->dropped &= ~mask;
	return mask ? 0 : -1;
}

/* `--cap-drop ALL --cap-add CHOWN` leaves one, in this order. */
static int caps_parse_drop(void *field, const char *name, const char *value)
{
	struct caps *caps = field;
	uint64_t mask = caps_parse_name(name, value);

	caps->added &= ~mask;
	caps->named &= ~mask;
	caps->dropped |= mask;
	return mask ? 0 : -1;
}

/* The group is not 0 by default, as in Docker: root's group is a privilege. */
static int caps_parse_user(void *field, const char *name, const char *value)
{
	struct caps *caps = field;
	uint32_t uid = 0, gid = 0;

	if (id_parse_user(value, &uid, &gid) < 0)
		return error_input(user_hint,
				   "option --%s: \"%s\" is not a user; ids go "
				   "from 0 to %u",
				   name, value, ID_MAX);
	caps->uid = uid;
	caps->gid = strchr(value, ':') ? gid : uid;
	return 0;
}

const struct option_entry caps_options[] = {
	{ 0, "cap-add", "NAME", "give this capability as well, or ALL",
	  caps_parse_add, 0 },
	{ 0, "cap-drop", "NAME", "take this capability away, or ALL",
	  caps_parse_drop, 0 },
	{ 'u', "user", "UID[:GID]", "who the command runs as (GID: as UID)",
	  caps_parse_user, 0 },
	{ 0, "allow-new-privs", NULL, "setuid programs may gain privileges",
	  option_flag, offsetof(struct caps, allow_new_privs) },
	{ 0 },
};

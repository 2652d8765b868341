/*
 * The execution domain: which kind of system a process believes to be on.
 *
 * LINUX32 makes uname(2) say i686, for 32-bit programs that ask.  See
 * personality(2); it is inherited by exec and children.
 */
#include "10-full-container/process/personality.h"

#include <errno.h>
#include <sys/personality.h>

#include "habits/error.h"

static const char *const personality_names[] = { "LINUX", "LINUX32", NULL };
static const unsigned long personality_numbers[] = { PER_LINUX, PER_LINUX32 };

int personality_read(struct personality *persona,
		     const struct value *linux_node)
{
	struct value node, flags;
	size_t domain = 0;

	if (value_object(linux_node, "personality", &node) < 0 || !node.value)
		return node.value ? -1 : 0;
	if (value_require(&node, "domain") < 0 ||
	    value_word(&node, "domain", personality_names, &domain) < 0 ||
	    value_array(&node, "flags", &flags) < 0)
		return -1;
	if (value_count(&flags) > 0)
		return value_complain(&flags,
				      "an empty list: specification 1.3 "
				      "has no flag for it");
	persona->name = personality_names[domain];
	persona->number = personality_numbers[domain];
	return 0;
}

int personality_apply(const struct personality *persona)
{
	if (persona->name && personality(persona->number) < 0)
		return error_call(NULL, "linux.personality: become %s",
				  persona->name);
	return 0;
}

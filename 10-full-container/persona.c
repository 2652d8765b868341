/*
 * The execution domain: which kind of system a process believes to be on.
 *
 * LINUX32 makes uname(2) say i686, for 32-bit programs that ask.  See
 * personality(2); it is inherited by exec and children.
 */
#include "10-full-container/persona.h"

#include <errno.h>
#include <sys/personality.h>

#include "01-uts/error.h"

static const char *const persona_names[] = { "LINUX", "LINUX32", NULL };
static const unsigned long persona_numbers[] = { PER_LINUX, PER_LINUX32 };

int persona_read(struct persona *persona, const struct node *linux_node)
{
	struct node node, flags;
	size_t domain = 0;

	if (node_object(linux_node, "personality", &node) < 0 || !node.value)
		return node.value ? -1 : 0;
	if (node_require(&node, "domain") < 0 ||
	    node_word(&node, "domain", persona_names, &domain) < 0 ||
	    node_array(&node, "flags", &flags) < 0)
		return -1;
	if (node_count(&flags) > 0)
		return node_complain(&flags, "an empty list: specification 1.3 "
					     "has no flag for it");
	persona->name = persona_names[domain];
	persona->number = persona_numbers[domain];
	return 0;
}

int persona_apply(const struct persona *persona)
{
	if (persona->name && personality(persona->number) < 0)
		return error_call(NULL, "linux.personality: become %s",
				  persona->name);
	return 0;
}

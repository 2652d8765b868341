/* personality(2): inherited by exec and by children. */
#include "10-full-container/process/personality.h"

#include <errno.h>
#include <sys/personality.h>

#include "habits/error.h"

static const struct word domains[] = {
	{ "LINUX", PER_LINUX },
	{ "LINUX32", PER_LINUX32 },
	{ 0 },
};

static int personality_read_flags(const struct value *flags, void *field)
{
	(void)field;
	if (value_item_array(flags) < 0)
		return -1;
	if (value_count(flags) == 0)
		return 0;
	return value_complain(flags, "an empty list: specification 1.3 has no "
				     "flag for it");
}

const struct member personality_members[] = {
	{ "domain", member_choice,
	  .offset = offsetof(struct personality, domain), .presence = REQUIRED,
	  .more = domains },
	{ "flags", .read = personality_read_flags },
	{ 0 },
};

int personality_apply(const struct personality *persona)
{
	if (persona->domain &&
	    personality((unsigned long)persona->domain->number) < 0)
		return error_call(NULL, "linux.personality: become %s",
				  persona->domain->name);
	return 0;
}

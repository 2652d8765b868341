/* One reader of ids for all who take them from a text. */
#include "07-caps/beyond/id.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

/* strtoull(3) alone would take blanks, signs, and "-1" as the highest. */
const char *id_parse(const char *text, uint32_t *id)
{
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return NULL;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || number > ID_MAX)
		return NULL;
	*id = (uint32_t)number;
	return end;
}

int id_parse_user(const char *text, uid_t *uid, gid_t *gid)
{
	uint32_t user, group = *gid;
	const char *rest = id_parse(text, &user);

	if (rest && *rest == ':')
		rest = id_parse(rest + 1, &group);
	if (!rest || *rest)
		return -1;
	*uid = user;
	*gid = group;
	return 0;
}

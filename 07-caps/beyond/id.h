/*
 * Ids of users and groups, as people write them: 0 to 4294967294.
 *
 * The highest number that fits, 4294967295 or (uid_t)-1, is nobody's: to
 * setresuid(2) and chown(2) it means "no change", so who asks to become that
 * user stays who he is, and that is root.  What does not fit is cut off by
 * who reads it carelessly: 4294967296 becomes 0.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#define ID_MAX (UINT32_MAX - 1)

/* Read one: digits and nothing before them.  What follows it, or NULL. */
const char *id_parse(const char *text, uint32_t *id);

/*
 * "UID" or "UID:GID".  Without a GID *gid stays as it is.  Returns 0, or -1
 * without a message; then neither is changed.
 */
int id_parse_user(const char *text, uid_t *uid, gid_t *gid);

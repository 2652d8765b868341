/*
 * Talks to a daemon of the host through an abstract unix socket, which has a
 * name (the argument) but no file, so no root directory hides it:
 * CVE-2020-15257.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t length;

	if (argc != 2 || fd < 0)
		return 1;
	length = strlen(argv[1]);
	memcpy(address.sun_path + 1, argv[1], length);
	length += offsetof(struct sockaddr_un, sun_path) + 1;
	if (connect(fd, (struct sockaddr *)&address, (socklen_t)length) == 0)
		return 0;
	perror("abstract: connect");
	return 1;
}

/* A daemon of the host: listens on an abstract unix socket (the argument). */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t length;

	if (argc != 2 || fd < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return 1;
	length = strlen(argv[1]);
	memcpy(address.sun_path + 1, argv[1], length);
	length += offsetof(struct sockaddr_un, sun_path) + 1;
	if (bind(fd, (struct sockaddr *)&address, (socklen_t)length) < 0 ||
	    listen(fd, 1000) < 0) {
		perror("listen");
		return 1;
	}
	pause();
	return 0;
}

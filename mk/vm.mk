# Virtual machines: ./kit installs what they need, so it is asked.

#: vm                  a virtual machine with the kit in it (./kit vm --help)
#: check-vm            every test in guests as users have them (./kit check-vm --list)
.PHONY: vm check-vm
vm check-vm:
	@./kit $@

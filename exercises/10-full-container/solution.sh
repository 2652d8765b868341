#!/bin/sh
# 10: a bundle of one's own.
#
#   sh solution.sh DIR [ROOTFS]
#
# Makes DIR with a root file system (a copy of ROOTFS, build/rootfs), a program
# in it, and config.json.  Nothing is fetched, and root is not needed: whose the
# files are does not matter, for the program only reads them.
set -eu
bundle=$1
mkdir "$bundle"
cp -a "${2:-build/rootfs}" "$bundle/rootfs"
mkdir "$bundle/rootfs/app"

# Process 1 takes no signal that it does not ask for.  The server goes on in the
# background once it listens; who ends process 1 ends it, too.
cat > "$bundle/rootfs/app/serve" << 'END'
#!/bin/sh
trap 'exit 0' TERM
httpd -p 80 -h /app
echo ready
tail -f /dev/null &
wait
END
echo hello > "$bundle/rootfs/app/index.html"
chmod 755 "$bundle/rootfs/app/serve"

cat > "$bundle/config.json" << 'END'
{
    "ociVersion": "1.0.2",
    "hostname": "shop",
    "root": { "path": "rootfs", "readonly": true },
    "process": {
        "args": [ "/app/serve" ],
        "cwd": "/",
        "env": [ "PATH=/bin" ],
        "user": { "uid": 1000, "gid": 1000 },
        "noNewPrivileges": true,
        "capabilities": {
            "bounding": [ "CAP_NET_BIND_SERVICE" ],
            "permitted": [ "CAP_NET_BIND_SERVICE" ],
            "effective": [ "CAP_NET_BIND_SERVICE" ],
            "inheritable": [ "CAP_NET_BIND_SERVICE" ],
            "ambient": [ "CAP_NET_BIND_SERVICE" ]
        }
    },
    "mounts": [
        { "destination": "/proc", "type": "proc", "source": "proc", "options": [ "nosuid", "noexec", "nodev" ] },
        { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": [ "nosuid", "mode=755", "size=64k" ] },
        { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
          "options": [ "nosuid", "noexec", "nodev", "mode=1777", "size=16m" ] }
    ],
    "linux": {
        "namespaces": [
            { "type": "pid" }, { "type": "mount" }, { "type": "uts" },
            { "type": "ipc" }, { "type": "network" }, { "type": "cgroup" }
        ],
        "resources": {
            "memory": { "limit": 67108864, "swap": 67108864 },
            "pids": { "limit": 20 }
        },
        "seccomp": {
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [ { "names": [ "unshare" ], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 } ]
        },
        "maskedPaths": [ "/proc/kcore", "/proc/keys", "/proc/sysrq-trigger", "/proc/timer_list", "/sys/firmware" ],
        "readonlyPaths": [ "/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs" ]
    }
}
END

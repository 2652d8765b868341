"""Before the engine is started anew."""
import os

from kubelet import Pod, work


def a_pod_is_left_to_run():
    pod = Pod("left")
    path = f"{work}/volumes/left"
    os.makedirs(path)
    os.mkfifo(f"{path}/fifo")
    command = "echo before; while read x; do echo $x; done </data/fifo; exit 3"
    box = pod.start(command, mounts=[{"container_path": "/data", "host_path": path}])
    box.says("before")

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What it costs to know the implicit devices of machine types.  For people: decides no test.

  bench-implicit.py QRISER QEMU

Prints "name<TAB>value unit": "implicit", one machine type from the data, beside
"version", qriser's own version, taken in turns; and "probe", all machine types
asked of QEMU twice each, beside "bare", the same QEMUs started at the same
parallelism and asked for nothing but to quit.
"""

import concurrent.futures
import os
import statistics
import subprocess
import sys
import tempfile
import time

PAIRS = 200
MACHINE = "q35"
QUIT = b'{"execute":"qmp_capabilities"}{"execute":"quit"}'
WORDS = ["-no-user-config", "-S", "-display", "none", "-qmp", "stdio"]


def milliseconds(*words):
    """What one run of the words takes."""
    begun = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - begun) * 1e3


def machines_of(qemu):
    """The machine types of QEMU, without aliases."""
    lines = subprocess.run([qemu, "-machine", "help"], capture_output=True, text=True, check=True)
    return [line.split()[0] for line in lines.stdout.splitlines()[1:] if "(alias of" not in line]


def start(words):
    """One QEMU, to its end."""
    subprocess.run(words, input=QUIT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def bare(qemu, machines):
    """Milliseconds that all QEMUs take that a probe starts."""
    lines = [[qemu, "-machine", machine] + more + WORDS
             for machine in machines for more in ([], ["-nodefaults"])]
    begun = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(start, lines))
    return (time.perf_counter() - begun) * 1e3


def main():
    qriser, qemu = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as directory:
        os.environ["XDG_CACHE_HOME"] = directory
        pairs = [(milliseconds(qriser, "--version"), milliseconds(qriser, "implicit", MACHINE))
                 for _ in range(PAIRS)]
        print(f"version\t{statistics.median(pair[0] for pair in pairs):.2f} ms")
        print(f"implicit\t{statistics.median(pair[1] for pair in pairs):.2f} ms")
        print(f"implicit.added\t{statistics.median(b - a for a, b in pairs):.2f} ms")
        machines = machines_of(qemu)
        start([qemu, "-machine", "none"] + WORDS)  # what is read for the first time counts for nobody
        alone = bare(qemu, machines)
        probe = milliseconds(qriser, "implicit", "--probe", "--qemu=" + qemu)
        print(f"bare\t{alone / 1e3:.2f} s\nprobe\t{probe / 1e3:.2f} s\nprobe.to-bare\t{probe / alone:.2f} times")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that answers as a QEMU with machine types of its own would.

"novel" has a function behind a bridge, "circle" bridges behind each other
without end, "sick" dies, "shy" stays silent.  It has options of its own, and device
types: "fake-quick" can be made anywhere, "fake-slow" on the root bus and with a
back end only, "fake-never" not at all, "fake-expander" makes a PCI bus.
"""

import json
import os
import sys
import time

TYPES = {"pci-device": ["fake-bridge"], "PCI": ["fake-bus"], "bus": ["fake-bus", "fake-wire", "SCSI"],
         "pci-express-device": ["fake-quick", "fake-slow", "fake-port"],
         "conventional-pci-device": ["fake-slow", "fake-never"]}
FUNCTIONS = ["fake-quick", "fake-slow", "fake-never", "fake-expander", "fake-port"]
PARENTS = {"fake-quick": "pci-device", "fake-slow": "fake-base", "fake-base": "virtio-pci", "virtio-pci": "pci-device",
           "fake-never": "pci-device", "fake-expander": "pci-device", "fake-port": "pcie-root-port-base",
           "pcie-root-port-base": "pcie-slot", "pcie-slot": "pci-device", "fake-wire": "bus", "fake-probe": "device"}
LIST = """Display devices:\r
name "fake-never", bus PCI, desc "Never, alias \\"no\\""\r
\r
Misc devices:\r
name "fake-quick", bus PCI, alias "quick"\r
name "fake-slow", bus PCI\r
name "fake-expander", bus PCI\r
name "fake-port", bus PCI\r
name "fake-probe", bus fake-wire\r
name "fake-hidden", bus PCI, no-user\r
name "edu", bus PCI\r
"""
HELP = """fake-qemu
usage: fake-qemu [options]

-h or -help     display this help and exit
-fake-flag      a flag
-fake-value v   takes a value
-fake-words or -other-words
                prints words and ends
-machine [type=]name
-not=an.option
"""


def machine_tree(machine):
    """The functions of the machine as the monitor prints them: a bridge behind a bridge, or very many."""
    lines = ["bus: root.0", "  type fake-bus"]
    for depth in range(40 if machine == "circle" else 2):
        indent = "  " * (2 * depth + 1)
        lines += [f'{indent}dev: fake-bridge, id ""', f"{indent}  class PCI bridge, addr 00:0{3 - 2 * min(depth, 1)}.{min(depth, 1)}, pci id 0:0",
                  f"{indent}  bus: below", f"{indent}    type fake-bus"]
    return "\r\n".join(lines)


def made():
    """The functions on the line: (type, id, bus)."""
    words = [word for option, word in zip(sys.argv, sys.argv[1:]) if option == "-device"]
    parts = [word.split(",") for word in words]
    return [(part[0], part[1].split("=")[1], part[2].split("=")[1], part[3:]) for part in parts]


def refused():
    """Why the line is refused, or None."""
    for kind, _, bus, more in made():
        if kind == "fake-never" or (kind == "fake-slow" and (bus != "pcie.0" or not more)):
            return f"fake-qemu: {kind} cannot be here"
    return None


def tree():
    """The functions as the monitor prints them."""
    lines = ["bus: pcie.0", "  type PCIE"]
    for kind, name, bus, _ in made():
        lines += [f'  dev: {kind}, id "{name}"']
        if kind == "fake-quick" and bus == "pcie.0":
            lines += ["    bar 0: i/o at 0xffffffffffffffff [0x1e]"]
        if kind == "fake-quick":
            lines += [f"    bus: {name}.{n}\r\n      type SCSI" for n in (1, 0)]
        if kind in ("fake-expander", "fake-port"):
            lines += [f"    bus: {name}\r\n      type PCIE"]
    return "\r\n".join(lines)


def answer(machine, command, arguments):
    """What the command returns, or None for an error."""
    if command == "human-monitor-command":
        if arguments["command-line"] == "info qdm":
            return LIST
        return tree() if made() else machine_tree(machine)
    if command == "query-pci":
        return [{"bus": 0, "devices": [{"qdev_id": name, "class_info": {"class": 0x0604 if "port" in kind else 0x0b40}}
                                       for kind, name, bus, _ in made() if bus == "pcie.0"]}]
    if command == "device-list-properties":
        return [{"name": name} for name in ("chardev", "vectors")]
    if command == "qom-list-types" and "abstract" in arguments:
        return [{"name": name, "parent": parent} for name, parent in PARENTS.items()]
    if command == "qom-list-types" and arguments["implements"] == "pci-device":
        return [{"name": name} for name in TYPES["pci-device"] + FUNCTIONS]
    if command == "qom-get" and arguments["property"] == "hotpluggable":
        return False
    if command == "query-machines":
        return [{"name": name} for name in ("none", "novel", "sick")]
    if command == "qom-list-types":
        return [{"name": name} for name in TYPES.get(arguments["implements"], [])]
    if command == "qom-get":
        return "/machine/host"
    return {} if command == "qmp_capabilities" else None


def main():
    if "-help" in sys.argv:
        print(HELP)
        return
    if "-fake-value" in sys.argv:
        sys.exit("fake-qemu: -fake-value: requires an argument")
    if "-fake-words" in sys.argv or "-other-words" in sys.argv:
        print("words")
        return
    if refused():
        sys.exit(refused())
    machine = sys.argv[sys.argv.index("-machine") + 1]
    if machine == "sick":
        print("fake-qemu: no such luck", file=sys.stderr)
        os.abort()
    if machine == "shy":
        time.sleep(3600)
    version = {"qemu": {"major": 9, "minor": 9, "micro": 9}}
    print(json.dumps({"QMP": {"version": version, "capabilities": []}}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        result = answer(machine, asked["execute"], asked.get("arguments"))
        error = {"error": {"class": "GenericError", "desc": "does not support hotplugging"}}
        print(json.dumps(error if result is None else {"return": result}), flush=True)


if __name__ == "__main__":
    main()

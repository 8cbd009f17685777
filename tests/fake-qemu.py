#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that answers as a QEMU with machine types of its own would.

"novel" has a function behind a bridge, "circle" two bridges each behind the
other, "sick" dies, "shy" stays silent.
"""

import json
import os
import sys
import time

TREES = {
    "/machine": [("host", "child<fake-host>"), ("type", "string"), ("link", "link<fake-bridge>")],
    "/machine/host": [("root.0", "child<fake-bus>"), ("a", "child<fake-bridge>"),
                      ("b", "child<fake-bridge>"), ("irq", "child<fake-line>")],
    "/machine/host/a": [("below", "child<fake-bus>")],
    "/machine/host/b": [("below", "child<fake-bus>")],
}
TYPES = {"pci-device": ["fake-bridge"], "PCI": ["fake-bus"], "device": ["fake-host", "fake-bridge"],
         "bus": ["fake-bus"], "container": ["container"]}


def bus_of(machine, name):
    """The bus that bridge NAME is on."""
    if machine == "circle":
        return "/machine/host/b/below" if name == "a" else "/machine/host/a/below"
    return "/machine/host/root.0" if name == "a" else "/machine/host/a/below"


def answer(machine, command, arguments):
    """What the command returns, or None for an error."""
    if command == "query-machines":
        return [{"name": name} for name in ("none", "novel", "sick")]
    if command == "qom-list-types":
        return [{"name": name} for name in TYPES.get(arguments["implements"], [])]
    if command == "qom-list":
        return [{"name": name, "type": kind} for name, kind in TREES.get(arguments["path"], [])]
    if command == "qom-get" and arguments["property"] == "addr":
        return 24 if arguments["path"].endswith("a") else 9
    if command == "qom-get" and arguments["property"] == "parent_bus":
        return bus_of(machine, arguments["path"][-1])
    if command == "qom-get":
        return "/machine/host"
    return {} if command == "qmp_capabilities" else None


def main():
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

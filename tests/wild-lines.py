#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""wild-lines.py SHARED DIRECTORY: command lines as people write them, for test-parity --json.

Prints a JSON array of {"name", "argv", "skip"}: the lines of SHARED/data/wild-lines.json as
SHARED/tools/wild.py makes them startable with the files that it prepares in DIRECTORY.  A line
that needs firmware which this machine does not have says so in "skip".
"""
import importlib.util
import json
import os
import re
import sys


def load_wild(shared):
    spec = importlib.util.spec_from_file_location("wild", os.path.join(shared, "tools", "wild.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def needs_firmware(argv, directory):
    names = {name for word in argv for name in re.findall(r"OVMF[A-Za-z0-9_.]*", word)
             if directory in word}
    return any(not os.path.exists(os.path.join(directory, name)) for name in names)


def main():
    sys.dont_write_bytecode = True
    shared, directory = sys.argv[1:]
    wild = load_wild(shared)
    wild.prepare(directory)
    with open(os.path.join(shared, "data", "wild-lines.json"), encoding="utf-8") as file:
        lines = json.load(file)
    out = []
    for line in lines:
        argv = wild.startable(line["argv"], directory)
        row = {"name": f'{line["name"]} (machine {line["machine"]})', "argv": argv}
        if needs_firmware(argv, directory):
            row["skip"] = "no OVMF (package ovmf)"
        out.append(row)
    json.dump(out[::int(os.environ.get("QRISER_TEST_SHARE") or 1)], sys.stdout)


main()

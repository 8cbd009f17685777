#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The policy libvirt@1 beside libvirt's answers, for test-libvirt-policy.sh.

libvirt-policy.py --qriser=FILE --profiles=DIRECTORY COMMAND...

  itself           whether the comparison finds what differs
  corpus DIRECTORY the stored answers in DIRECTORY
  fresh DIRECTORY  domains drawn from --seed, put to libvirt, whose files are in DIRECTORY

Prints a line for each case: ok, "not ok", todo, skip or missing, a tab and what was looked at;
for the last three a tab and why.  Lines with "#" are for people.  --only=NAME looks at one case
and shows it.
"""
import argparse
import copy
import glob
import json
import os
import shlex
import subprocess

import libvirt_domains
import libvirt_mixed
from libvirt_library import Library, NoLibrary, Refused, Unclear
from libvirt_plan import Line, differences, play_back

COMMAND = ["plan", "--format=json", "--policy=libvirt@1"]
SHOWN = 8  # differences of one case


class Refusal(Exception):
    """qriser does not plan a line."""


def other_names(profiles):
    """The other names of drivers, from the records of devices."""
    names = {}
    for path in glob.glob(os.path.join(profiles, "devices", "*.json")):
        with open(path, encoding="utf-8") as file:
            for record in json.load(file).get("devices", []):
                names.update({name: record["driver"] for name in record.get("aliases", [])})
    return names


def say(verdict, name, reason="", lines=()):
    print(verdict, name, *([reason] if reason else []), sep="\t")
    for line in lines[:SHOWN]:
        print("#  ", line)
    if len(lines) > SHOWN:
        print(f"#   and {len(lines) - SHOWN} more")


def verdict(wrong):
    return "not ok" if wrong else "ok"


class Looker:
    """Puts lines to qriser, and counts."""

    def __init__(self, options):
        self.options = options
        self.aliases = other_names(options.profiles)
        self.same = 0
        self.all = 0

    def wants(self, name):
        return self.options.only in (None, name)

    def plan(self, line, sysfs):
        """The plan, and the number that it gives the line's first word."""
        command = [self.options.qriser, *COMMAND, f"--sysfs={sysfs}", "--", *line.argv]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise Refusal(f"status {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout), len(command) - len(line.argv)

    def look(self, name, line, answer, sysfs):
        """What differs; prints the line and the answer if they were asked for."""
        if self.options.only is not None:
            print("#", shlex.join([self.options.qriser, *COMMAND, "--", *line.argv]))
            for key, row in answer.items():
                print("#", key, json.dumps(row))
        try:
            plan, first = self.plan(line, sysfs)
            found = list(differences(answer, plan, line, self.aliases, first))
        except Refusal as refusal:
            found = str(refusal).splitlines()
        self.all += 1
        self.same += not found
        return found

    def judge(self, name, line, answer, sysfs):
        """Looks at a case that must be the same."""
        found = self.look(name, line, answer, sysfs)
        say(verdict(found), f"{name}: {len(answer)} functions", lines=found)
        if found:
            seed = f"QRISER_TEST_SEED={self.options.seed} " if self.options.seed else ""
            tests = os.path.dirname(os.path.abspath(__file__))
            print(f"#   again: {seed}QRISER_TEST_CASE={name} QRISER={self.options.qriser}"
                  f" bash {tests}/test-libvirt-policy.sh")


def corpora(directory):
    """(name, line, answer) of each stored case in which libvirt chose all places."""
    for index in sorted(glob.glob(os.path.join(directory, "libvirt-*cases", "INDEX.json"))):
        def load(name, base=os.path.dirname(index)):
            with open(os.path.join(base, name), encoding="utf-8") as file:
                return json.load(file)
        for case in load("INDEX.json"):
            if case["tier"] == "auto":
                line = Line(load(f'{case["name"]}.stripped.json')[1:])
                line.order_controllers(case["nonpci_controller_xml_order"])
                yield case["name"], line, load(f'{case["name"]}.expected.json')


# --- the comparison itself -------------------------------------------------------------------

SAMPLE = (
    ["-device", "virtio-net-pci,id=net0", "-device", "ich9-usb-ehci1,id=usb",
     "-device", "ich9-usb-uhci1,masterbus=usb.0,firstport=0",
     "-device", '{"driver":"lsi","id":"scsi0"}'],
    {"pci.1": {"path": "pcie.0/01.0", "bus": "pcie.0", "driver": "pcie-root-port",
               "multifunction": True, "chassis": 1, "port": 8},
     "pci.2": {"path": "pcie.0/01.0/00.0", "bus": "pci.1", "driver": "pcie-pci-bridge"},
     "pci.3": {"path": "pcie.0/01.1", "bus": "pcie.0", "driver": "pcie-root-port",
               "chassis": 3, "port": 9},
     "net0": {"path": "pcie.0/01.1/00.0", "bus": "pci.3", "driver": "virtio-net-pci"},
     "usb": {"path": "pcie.0/1d.7", "bus": "pcie.0", "driver": "ich9-usb-ehci1"},
     "#2": {"path": "pcie.0/1d.0", "bus": "pcie.0", "driver": "ich9-usb-uhci1",
            "multifunction": True},
     "scsi0": {"path": "pcie.0/01.0/00.0/01.0", "bus": "pci.2", "driver": "lsi"}})


def changed(answer):
    """(what, answer) for each way in which one thing can be different."""
    for key, row in answer.items():
        bus, addr = row["path"].rsplit("/", 1)
        moved = "03.0" if addr != "03.0" else "04.0"
        for what, name, value in (("address", "path", f"{bus}/{moved}"), ("bus", "bus", "pci.9"),
                                  ("driver", "driver", "edu"),
                                  ("multifunction", "multifunction", not row.get("multifunction"))):
            other = copy.deepcopy(answer)
            other[key][name] = value
            yield f"another {what} of {key}", other
        for name in sorted({"chassis", "port"} & row.keys()):
            other = copy.deepcopy(answer)
            other[key][name] += 1
            yield f"another {name} of {key}", other
            del other[key][name]
            yield f"no {name} of {key}", other
        other = copy.deepcopy(answer)
        del other[key]
        yield f"no {key}", other
    other = copy.deepcopy(answer)
    other["pci.9"] = {"path": "pcie.0/09.0", "bus": "pcie.0", "driver": "pcie-root-port"}
    yield "a port more", other
    other = copy.deepcopy(answer)
    for key, row in other.items():
        if row["driver"] == "pcie-root-port":
            other[key] = dict(row, slot=5)
            break
    yield "a number that libvirt does not give", other


def look_at_itself():
    words, answer = SAMPLE
    line = Line(words)
    aliases = {"lsi": "lsi53c895a"}

    def found(other):
        return list(differences(answer, play_back(other, line, aliases), line, aliases))
    wrong = found(answer)
    say(verdict(wrong), "an answer played back is the same", lines=wrong)
    missed = [what for what, other in changed(answer) if not found(other)]
    say(verdict(missed), "what is different is found", lines=missed)
    swapped = Line(words)
    swapped.order_controllers(["scsi0", "usb", "usb"])
    order = [swapped.keys[at] for at in sorted(swapped.keys)]
    wrong = order if order != ["net0", "scsi0", "usb", "#2"] else []
    say(verdict(wrong), "controllers change places, and keep their keys", lines=wrong)


def look_at_playback(cases, aliases):
    """Every stored answer is the same played back, and is not with one address changed."""
    wrong = []
    for name, line, answer in cases:
        wrong += [f"{name}: {text}" for text in differences(
            answer, play_back(answer, line, aliases), line, aliases)]
        for key, row in list(answer.items())[:12]:
            bus = row["path"].rsplit("/", 1)[0]
            other = {**answer, key: dict(row, path=f"{bus}/13.5")}
            if not list(differences(answer, play_back(other, line, aliases), line, aliases)):
                wrong.append(f"{name}: {key} elsewhere is not found")
    say(verdict(wrong), "stored answers played back are the same", lines=wrong)


# --- the cases ---------------------------------------------------------------------------------

def look_at_corpora(looker, directory):
    cases = list(corpora(directory))
    look_at_playback(cases, looker.aliases)
    for name, line, answer in cases:
        if looker.wants(name):
            looker.judge(name, line, answer, os.devnull)
    print(f"# libvirt parity: {looker.same} of {looker.all}")


def taken_kinds(library):
    """The kinds that this libvirt takes with this QEMU."""
    kinds = libvirt_domains.kinds(library.displays())
    answers = library.answers(libvirt_domains.trials(kinds, library.emulator)).values()
    refused = [kind for kind, answer in zip(kinds, answers) if isinstance(answer, Refused)]
    print(f"# libvirt does not take: {', '.join(refused) or 'nothing'}")
    least = {"nic virtio", "nic e1000", "disks virtio", "usb2 sets", "display vga"} & set(refused)
    if least:
        say("missing", "kinds of devices", f"libvirt does not take {', '.join(sorted(least))}")
    return {kind: add for kind, add in kinds.items() if kind not in refused}


def look_at_fresh(looker, directory):
    options = looker.options
    library = Library(directory, options.emulator)
    try:
        kinds = taken_kinds(library)
    except NoLibrary as reason:
        say("missing", "fresh domains", f"libvirt's QEMU driver does not work here: {reason}")
        return

    def answered(domains):
        wanted = [domain for domain in domains if looker.wants(domain.name)]
        for name, answer in library.answers(wanted).items():
            if isinstance(answer, Refused):
                say("skip", name, f"libvirt refuses it: {answer}")
            elif isinstance(answer, Unclear):
                say("not ok", name, lines=[str(answer)])
            else:
                yield name, *answer

    for case in answered(libvirt_domains.domains(kinds, options.seed, 40, options.emulator)):
        looker.judge(*case, "/sys")
    print(f"# libvirt parity, fresh: {looker.same} of {looker.all}")
    if options.only is None and looker.all < 30:
        say("not ok", "libvirt takes most of the domains", lines=[f"{looker.all} of 40"])

    looker.same = looker.all = 0
    for case in answered(libvirt_mixed.domains(kinds, options.seed, 15, options.emulator)):
        found = looker.look(*case, "/sys")
        say("todo" if found else "skip", case[0], "the user has places: not required", found)
    print(f"# mixed: {looker.same} of {looker.all}")


def main():
    parser = argparse.ArgumentParser()
    for name in ("--qriser", "--profiles"):
        parser.add_argument(name, required=True)
    for name in ("--emulator", "--seed", "--only"):
        parser.add_argument(name)
    parser.add_argument("command", choices=("itself", "corpus", "fresh"))
    parser.add_argument("directory", nargs="?")
    options = parser.parse_args()
    if options.command == "itself":
        look_at_itself()
    elif options.command == "corpus":
        look_at_corpora(Looker(options), options.directory)
    else:
        look_at_fresh(Looker(options), options.directory)


main()

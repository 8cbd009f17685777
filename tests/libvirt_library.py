# SPDX-License-Identifier: GPL-2.0-or-later
"""libvirt as the judge: what its QEMU driver, running inside virsh, makes of a definition.

A definition is answered by two commands.  dumpxml has the places of all devices, and the
controllers in the order in which they get them; domxml-to-native has the words for QEMU.
"""
import os
import re
import shlex
import subprocess
import xml.etree.ElementTree as tree

from libvirt_plan import Line, device_positions, place, properties, strip


class Refused(Exception):
    """libvirt does not take a definition."""


class Unclear(Exception):
    """What libvirt says of a domain does not fit together."""


class NoLibrary(Exception):
    """libvirt's QEMU driver does not work here."""


class Library:
    """libvirt with all its files in one directory, whose name must be short."""

    def __init__(self, directory, emulator):
        self.directory = directory
        self.emulator = emulator
        os.makedirs(os.path.join(directory, "etc"), exist_ok=True)
        with open(os.path.join(directory, "etc", "qemu.conf"), "w", encoding="utf-8") as file:
            file.write('security_driver = "none"\nstdio_handler = "file"\n')
        # A user of its own: as root it would look for one that comes with its daemon.  A network
        # of its own: to tell QEMU's words it opens a tap device.
        self.virsh = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--keep-caps",
                      "--net", "virsh", "-q", "-c"]

    def say(self, commands):
        """What virsh prints for each of COMMANDS, errors included."""
        script = ";".join(f"{command};echo =answer-{number}="
                          for number, command in enumerate(commands))
        log = os.path.join(self.directory, "log.txt")
        done = subprocess.run(
            self.virsh + [f"qemu:///embed?root={self.directory}", script], check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=dict(os.environ, HOME=self.directory, LIBVIRT_LOG_OUTPUTS=f"4:file:{log}"))
        said = []
        rest = done.stdout
        for number in range(len(commands)):
            text, mark, rest = rest.partition(f"=answer-{number}=")
            if not mark:
                raise NoLibrary(f"virsh ended early: {' '.join(text[-300:].split())}")
            said.append(text)
        return said

    def displays(self):
        """The models of display that it takes."""
        text = self.say([f"domcapabilities --virttype qemu --arch x86_64 --machine q35 "
                         f"--emulatorbin {self.emulator}"])[0]
        if not text.startswith("<"):
            raise NoLibrary(" ".join(text.split()))
        return [value.text for value in tree.fromstring(text).findall(
            "devices/video/enum[@name='modelType']/value")]

    def answers(self, domains):
        """For each of the DOMAINS: (line, answer), or the exception that says why there is none."""
        commands = []
        for domain in domains:
            path = os.path.join(self.directory, f"{domain.name}.xml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(domain.xml)
            commands += [f"define {path}", f"dumpxml --inactive {domain.name}",
                         f"domxml-to-native qemu-argv --xml {path}", f"undefine {domain.name}"]
        said = self.say(commands)
        out = {}
        for number, domain in enumerate(domains):
            try:
                out[domain.name] = answer_of(domain, *said[4 * number:4 * number + 3])
            except (Refused, Unclear) as reason:
                out[domain.name] = reason
        return out


def answer_of(domain, defined, dump, native):
    """(line, answer) for a domain, out of what virsh said."""
    errors = re.findall(r"^error: (.*)", "\n".join((native, dump, defined)), re.MULTILINE)
    if errors:
        raise Refused(errors[-1])
    words = shlex.split(native)
    argv = words[next(at for at, word in enumerate(words) if "=" not in word) + 1:]
    root = tree.fromstring(dump)
    rows = rows_of(root)
    line = Line(strip(argv, domain.listed, domain.placed))
    keys = keys_of_companions(line)
    answer = {}
    for at in device_positions(argv):
        device = properties(argv[at])
        if "addr" not in device:
            continue
        name = device.get("id") or f'{device.get("masterbus")}/{device.get("firstport")}'
        row = rows.pop(name, None)
        if row is None:
            raise Unclear(f"libvirt's XML has no place for {argv[at]}")
        if (row["bus"], *place(row["path"].rsplit("/", 1)[1])) != (
                device["bus"], *place(device["addr"])):
            raise Unclear(f"libvirt has two places for {argv[at]}")
        row["driver"] = device["driver"]
        answer[keys.get(name, name)] = row
    if rows:
        raise Unclear(f"not among the words for QEMU: {sorted(rows)}")
    line.order_controllers(controller_names(root))
    return line, answer


def keys_of_companions(line):
    """The keys of the devices that only their master's name and port tell apart."""
    out = {}
    for at, key in line.keys.items():
        device = properties(line.argv[at])
        if key.startswith("#") and "masterbus" in device:
            out[f'{device["masterbus"]}/{device["firstport"]}'] = key
    return out


def controller_name(element):
    kind = element.get("type")
    index = int(element.get("index"))
    if kind == "usb":
        return f"usb{index}" if index else "usb"
    return f"{kind}{index}"


def controller_names(root):
    return [controller_name(element) for element in root.findall("devices/controller")
            if element.get("type") != "pci"]


def letters_to_number(letters):
    """vda is 0, vdz 25, vdaa 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("a") + 1
    return number - 1


def device_names(root):
    """(name, element) of all devices, the name being the id that libvirt gives on the line."""
    counts = {}
    words = {"interface": "net", "filesystem": "fs", "memballoon": "balloon"}
    for element in root.find("devices"):
        kind = words.get(element.tag, element.tag)
        if element.tag == "memory":
            kind = element.get("model").replace("-", "")
        number = counts.setdefault(kind, 0)
        counts[kind] += 1
        name = f"{kind}{number}"
        if element.tag == "disk":
            target = element.find("target")
            name = f'{target.get("bus")}-disk{letters_to_number(target.get("dev")[2:])}'
        elif element.tag == "controller" and element.get("type") == "pci":
            index = int(element.get("index"))
            name = f"pci.{index}" if index else "pcie.0"
        elif element.tag == "controller":
            name = controller_name(element)
            master = element.find("master")
            if master is not None:
                name = f'{name}.0/{master.get("startport")}'
        yield name, element


def rows_of(root):
    """The rows of an answer, as far as the XML has them, by the device's name."""
    spots = {}
    buses = {0: ("pcie.0", None)}
    elements = dict(device_names(root))
    for name, element in elements.items():
        address = element.find("address[@type='pci']")
        if address is None:
            continue
        bus, slot, function = (int(address.get(key), 0) for key in ("bus", "slot", "function"))
        spots[name] = bus, f"{slot:02x}.{function:x}", address.get("multifunction") == "on"
        if element.tag == "controller" and element.get("type") == "pci":
            buses[int(element.get("index"))] = (name, name)
    spots.pop("sata0")  # the machine's

    def path(name):
        bus, addr, _ = spots[name]
        above = buses[bus][1]
        return f"{path(above) if above else 'pcie.0'}/{addr}"

    rows = {}
    for name, (bus, _, is_multifunction) in spots.items():
        rows[name] = {"path": path(name), "bus": buses[bus][0]}
        if is_multifunction:
            rows[name]["multifunction"] = True
        target = elements[name].find("target")
        if elements[name].tag == "controller" and target is not None:
            for attribute, key in (("chassis", "chassis"), ("port", "port"),
                                   ("chassisNr", "chassis_nr"), ("busNr", "bus_nr")):
                if target.get(attribute) is not None:
                    rows[name][key] = int(target.get(attribute), 0)
    return rows

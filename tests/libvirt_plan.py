# SPDX-License-Identifier: GPL-2.0-or-later
"""An answer of libvirt beside a plan of qriser.

An answer has a row for each PCI device that libvirt knows of: {"path": "pcie.0/02.0/00.0",
"bus": "pci.1", "driver": ...}, "multifunction" where that is on, and what numbers a port or
bridge has.  The key of a row is the device's id; "#3" is the fourth -device of the line, which
has none.  This module knows no XML and starts nothing.
"""
import json
import re

NUMBERS = ("chassis", "port", "slot", "chassis_nr", "bus_nr", "numa_node")
PORTS_AND_BRIDGES = {"pcie-root-port", "ioh3420", "x3130-upstream", "xio3130-downstream",
                     "pcie-pci-bridge", "pci-bridge", "i82801b11-bridge", "pxb-pcie"}
# What libvirt has as <controller> of USB, SCSI, serial or SATA type.
CONTROLLERS = re.compile(r"(nec-usb|qemu)-xhci|ich9-usb-.*|piix[34]-usb-uhci|usb-ehci|pci-ohci|"
                         r"virtio-(scsi|serial)-pci.*|lsi.*|mptsas1068|megasas.*|pvscsi|am53c974|"
                         r"dc-?390|(ich9-)?ahci")


def properties(word):
    """Of one value of -device, in either syntax; switches are "on" and "off"."""
    if word.startswith("{"):
        switch = {True: "on", False: "off"}
        return {key: switch[value] if isinstance(value, bool) else str(value)
                for key, value in json.loads(word).items()}
    parts = [part.replace("\0", ",") for part in word.replace(",,", "\0").split(",")]
    pairs = [part.split("=", 1) if "=" in part else [part, "on"] for part in parts]
    if "=" not in parts[0]:
        pairs[0] = ["driver", parts[0]]
    return dict(pairs)


def device_positions(argv):
    """Where in ARGV the values of -device are."""
    return [at + 1 for at, word in enumerate(argv) if word == "-device"]


def place(addr):
    """(slot, function) of "0x2.0x1" or "02.1"."""
    slot, _, function = addr.partition(".")
    return int(slot, 16), int(function or "0", 16)


class Line:
    """The words after QEMU's name, and the key that each -device has in an answer."""

    def __init__(self, argv):
        self.argv = list(argv)
        self.keys = {}
        for number, at in enumerate(device_positions(argv)):
            self.keys[at] = properties(argv[at]).get("id", f"#{number}")

    def order_controllers(self, order):
        """Lets the controllers change places until they come as ORDER, a list of ids, has them.

        A USB companion goes by the id of its master, and controllers that are not in ORDER come
        last, as those do that libvirt adds.
        """
        places = []
        waiting = []
        for at in device_positions(self.argv):
            device = properties(self.argv[at])
            if CONTROLLERS.fullmatch(device["driver"]):
                name = device.get("id") or device.get("masterbus", "").split(".")[0]
                places.append(at)
                waiting.append((name, self.argv[at], self.keys[at]))
        ordered = []
        for name in order:
            found = next((row for row in waiting if row[0] == name), None)
            if found is not None:
                waiting.remove(found)
                ordered.append(found)
        for at, (_, word, key) in zip(places, ordered + waiting):
            self.argv[at] = word
            self.keys[at] = key


def strip(argv, listed=(), placed=()):
    """The line as one writes it who leaves places to libvirt.

    LISTED are the ids of the ports and bridges that the user has, which keep their numbers, and
    PLACED those of the devices that he gave an address.
    """
    out = []
    for at, word in enumerate(argv):
        if at == 0 or argv[at - 1] != "-device" or '"addr"' not in word:
            out.append(word)
            continue
        device = json.loads(word)
        if device["driver"] in PORTS_AND_BRIDGES and device["id"] not in listed:
            out.pop()
            continue
        if device.get("id") not in placed:
            for key in ("bus", "addr", "multifunction"):
                device.pop(key, None)
        out.append(json.dumps(device, separators=(",", ":")))
    return out


def emitted(argv):
    """The devices with an address, by their place on their bus."""
    words = (properties(argv[at]) for at in device_positions(argv))
    return {(word.get("bus"), *place(word["addr"])): word for word in words if "addr" in word}


def numbers_of(key, row, word, is_added):
    """How the numbers, and multifunction, of an emitted WORD differ from a ROW."""
    if word.get("multifunction", "off") != ("on" if row.get("multifunction") else "off"):
        yield f'{key}: multifunction={word.get("multifunction", "off")} is not as libvirt has it'
    for name in NUMBERS:
        if name in row and name not in word:
            yield f"{key}: no {name}=, libvirt has {row[name]}"
        elif name in row and int(word[name], 0) != int(str(row[name]), 0):
            yield f"{key}: {name}={word[name]}, libvirt has {row[name]}"
    if is_added:
        for name in sorted(set(word) - {"driver", "id", "bus", "addr", "multifunction"} - set(row)):
            yield f"{key}: {name}={word[name]}, which libvirt does not say"


def differences(answer, plan, line, aliases, first=0):
    """What differs, as sentences.  FIRST is the number that the plan gives the line's first
    word; ALIASES are the other names of drivers."""
    words = emitted(plan["argv"])
    found = {}
    for function in plan["functions"]:
        if function["origin"] == "machine":
            continue
        at = function["source"]["argument"] - first if function["source"] else None
        key = line.keys.get(at) or function["id"] or f'({function["key"]})'
        if key in found:
            yield f"{key}: is in the plan twice"
        found[key] = function
    for key in found.keys() - answer.keys():
        yield f'{key}: {found[key]["driver"]} at {found[key]["path"]}, which libvirt does not have'
    for key, row in answer.items():
        if key not in found:
            yield f'{key}: {row["driver"]} is not in the plan, libvirt has it at {row["path"]}'
            continue
        function = found[key]
        if function["path"] != row["path"].replace("pcie.0/", "00:", 1):
            yield f'{key}: at {function["path"]}, libvirt has it at {row["path"]}'
        if function["bus"] != row["bus"]:
            yield f'{key}: on bus {function["bus"]}, libvirt has it on {row["bus"]}'
        if function["driver"] != aliases.get(row["driver"], row["driver"]):
            yield f'{key}: is a {function["driver"]}, libvirt has a {row["driver"]}'
        word = words.get((function["bus"], function["slot"], function["function"]))
        if word is None:
            yield f'{key}: nothing at {function["path"]} in the words for QEMU'
        else:
            yield from numbers_of(key, row, word, function["origin"] in ("added", "spare"))


def play_back(answer, line, aliases):
    """The plan that qriser prints when all is as in ANSWER."""
    functions = []
    argv = []
    places = {key: at for at, key in line.keys.items()}
    for key, row in answer.items():
        bus, addr = row["path"].rsplit("/", 1)
        slot, function = place(addr)
        is_own = key in places
        functions.append({
            "key": key, "id": None if key.startswith("#") else key,
            "driver": aliases.get(row["driver"], row["driver"]),
            "origin": "user" if is_own else "added",
            "source": {"argument": places[key]} if is_own else None,
            "bus": row["bus"], "slot": slot, "function": function,
            "path": f"{bus}/{addr}".replace("pcie.0/", "00:", 1)})
        word = {"driver": row["driver"], "bus": row["bus"], "addr": addr}
        word.update({name: row[name] for name in NUMBERS if name in row})
        if row.get("multifunction"):
            word["multifunction"] = True
        argv += ["-device", json.dumps(word)]
    return {"functions": functions, "argv": argv}

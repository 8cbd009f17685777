# SPDX-License-Identifier: GPL-2.0-or-later
"""Definitions in which the user says where some devices are, or lists PCI controllers.

They are made of the kinds of libvirt_domains.  NICs get no address here: domxml-to-native
forgets those.
"""
import random

from libvirt_domains import Guest


def address(bus, slot, function=0):
    return f"<address type='pci' bus='{bus}' slot='{slot}' function='{function}'/>"


def pci_controller(guest, index, model, where=""):
    guest.listed.append(f"pci.{index}")
    if where:
        guest.placed.append(f"pci.{index}")
    guest.add(f"<controller type='pci' index='{index}' model='{model}'>{where}</controller>")


def list_ports(guest):
    for index in range(1, guest.dice.randint(2, 12)):
        pci_controller(guest, index, "pcie-root-port")


def list_placed_ports(guest):
    for index in range(1, guest.dice.randint(2, 8)):
        pci_controller(guest, index, "pcie-root-port", address(0, 0x1c, index - 1))


def list_dmi_bridge(guest):
    pci_controller(guest, 1, "dmi-to-pci-bridge")
    pci_controller(guest, 2, "pci-bridge")


def list_express_bridge(guest):
    pci_controller(guest, 1, "pcie-root-port")
    pci_controller(guest, 2, "pcie-to-pci-bridge")


def list_switch(guest):
    pci_controller(guest, 1, "pcie-root-port")
    pci_controller(guest, 2, "pcie-switch-upstream-port")
    for index in range(3, guest.dice.randint(4, 9)):
        pci_controller(guest, index, "pcie-switch-downstream-port")


def list_expander(guest):
    pci_controller(guest, 1, "pcie-expander-bus")
    pci_controller(guest, 2, "pcie-root-port", address(1, 0))


def place_disks(guest):
    for slot in guest.dice.sample(range(2, 0x1a), guest.dice.randint(1, 4)):
        guest.placed.append(f"virtio-disk{guest.disk(address=address(0, slot))}")


def place_display(guest):
    if guest.takes("display"):
        guest.placed.append("video0")
        where = address(0, guest.dice.choice((1, 2, 9)))
        guest.add(f"<video><model type='vga' primary='yes'/>{where}</video>")


def domains(table, seed, number, emulator):
    """NUMBER domains that say where some of their devices are, or list PCI controllers."""
    out = []
    lists = (list_ports, list_placed_ports, list_dmi_bridge, list_express_bridge, list_switch,
             list_expander, None, None)
    for at in range(number):
        guest = Guest(random.Random(f"{seed}/mixed/{at}"))
        add = lists[at % len(lists)]
        if add is not None:
            guest.add("<controller type='pci' index='0' model='pcie-root'/>")
            add(guest)
        if add is None or guest.dice.random() < 0.3:
            guest.dice.choice((place_disks, place_display))(guest)
        for kind in guest.dice.sample(list(table), guest.dice.choice((2, 4, 6))):
            if not kind.startswith(("many", "nics")):
                table[kind](guest)
        out.append(guest.finish(f"mixed-{at + 1:02}", emulator))
    return out

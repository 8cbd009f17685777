# SPDX-License-Identifier: GPL-2.0-or-later
"""Definitions of domains for libvirt's QEMU driver, drawn from a seed.

A kind is one thing that a domain can have.  What a libvirt or a QEMU lacks is found by asking:
trials() has one domain for each kind, and domains() mixes those that were taken.  Nothing here
says where anything goes.
"""
import random

SKELETON = """\
<domain type='qemu'>
  <name>{name}</name><memory unit='MiB'>256</memory><vcpu>1</vcpu>{memory}
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model>{numa}</cpu>
  <devices><emulator>{emulator}</emulator>
{devices}
  </devices>
</domain>
"""
MEMORY = "<maxMemory slots='16' unit='MiB'>8192</maxMemory>"
SHARED = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>"
NUMA = "<numa><cell id='0' cpus='0' memory='256' unit='MiB'/></numa>"

VIRTIO = ("virtio", "virtio-transitional", "virtio-non-transitional")
# dc390 is left out: libvirt writes it as dc-390, which no QEMU has.
SCSI = VIRTIO[1:] + ("virtio-scsi", "lsilogic", "lsisas1068", "lsisas1078", "vmpvscsi", "am53c974")
USB = ("qemu-xhci", "nec-xhci", "piix3-uhci", "piix4-uhci", "ehci", "pci-ohci")
# The models that libvirt knows by name, and some that it hands to QEMU as they are.
NICS = VIRTIO + ("e1000", "e1000e", "igb", "rtl8139", "vmxnet3", "ne2k_pci", "pcnet", "tulip",
                 "rocker", "i82551", "i82557b", "i82559er", "i82801", "e1000-82545em")
SOUNDS = ("ich6", "ich9", "ac97", "es1370", "virtio", "sb16", "usb")


class Domain:
    """A definition: its name, its XML, the PCI controllers that it lists and the devices whose
    address it has."""

    def __init__(self, name, xml, listed=(), placed=()):
        self.name = name
        self.xml = xml
        self.listed = frozenset(listed)
        self.placed = frozenset(placed)


class Guest:
    """A definition in the making."""

    def __init__(self, dice):
        self.dice = dice
        self.devices = []
        self.taken = set()
        self.count = {}
        self.indexes = {}
        self.memory = set()
        self.listed = []
        self.placed = []

    def add(self, *elements):
        self.devices.extend(elements)

    def number(self, what):
        self.count[what] = self.count.get(what, -1) + 1
        return self.count[what]

    def index(self, kind, start=0):
        """For a controller: mostly the next, and sometimes one out of order."""
        used = self.indexes.setdefault(kind, set())
        free = [index for index in range(start, 12) if index not in used]
        index = free[0] if self.dice.random() < 0.6 else self.dice.choice(free)
        used.add(index)
        return index

    def takes(self, group):
        """Whether a group that a domain has one of is free, which it then is no more."""
        if group in self.taken:
            return False
        self.taken.add(group)
        return True

    def disk(self, bus="virtio", model="virtio", kind="file", address=""):
        number = self.number(f"disk-{bus}")
        letters = chr(ord("a") + number % 26)
        if number >= 26:
            letters = chr(ord("a") + number // 26 - 1) + letters
        source = "type='unix' path" if kind == "vhostuser" else "file"
        attribute = f" model='{model}'" if model != "virtio" else ""
        target = {"virtio": "vd", "sata": "sd", "scsi": "sd", "usb": "sd"}[bus]
        self.add(f"<disk type='{kind}' device='disk'{attribute}>"
                 f"<driver name='qemu' type='raw'/><source {source}='/nonexistent/{bus}-{number}'/>"
                 f"<target dev='{target}{letters}' bus='{bus}'/>{address}</disk>")
        return number

    def finish(self, name, emulator):
        self.dice.shuffle(self.devices)
        memory = "".join((MEMORY if "hotplug" in self.memory else "",
                          SHARED if "shared" in self.memory else ""))
        xml = SKELETON.format(name=name, emulator=emulator, memory=memory,
                              numa=NUMA if "hotplug" in self.memory else "",
                              devices="\n".join("    " + device for device in self.devices))
        return Domain(name, xml, self.listed, self.placed)


# --- kinds: each adds to a guest, and says whether it could --------------------------------

def plain(text, group=None):
    """A kind that is one element; of a GROUP a domain has one."""
    def add(guest):
        if group is not None and not guest.takes(group):
            return False
        guest.add(text)
        return True
    return add


def display(model):
    def add(guest):
        if model == "none" and "second display" in guest.taken or not guest.takes("display"):
            return False
        if model == "none":
            guest.takes("second display")
        guest.add(f"<video><model type='{model}' primary='yes'/></video>")
        return True
    return add


def second_displays(model):
    def add(guest):
        if not guest.takes("second display"):
            return False
        if guest.takes("display"):
            guest.add("<video><model type='vga' primary='yes'/></video>")
        for _ in range(guest.dice.randint(1, 3)):
            guest.add(f"<video><model type='{model}'/></video>")
        return True
    return add


def usb(model):
    def add(guest):
        if "no usb" in guest.taken or len(guest.indexes.get("usb", ())) > 5:
            return False
        guest.takes("usb")
        for _ in range(guest.dice.choice((1, 1, 2))):
            guest.add(f"<controller type='usb' index='{guest.index('usb')}' model='{model}'/>")
        return True
    return add


def usb2_sets(companions, most):
    """Sets of an EHCI and its companions, in any order."""
    def add(guest):
        if "no usb" in guest.taken or len(guest.indexes.get("usb", ())) > 5:
            return False
        guest.takes("usb")
        for _ in range(guest.dice.randint(1, most)):
            index = guest.index("usb")
            guest.add(f"<controller type='usb' index='{index}' model='ich9-ehci1'/>")
            for number in companions:
                guest.add(f"<controller type='usb' index='{index}' model='ich9-uhci{number}'>"
                          f"<master startport='{2 * number - 2}'/></controller>")
        return True
    return add


def sets_on_a_full_bridge(guest):
    """A set on the bridge counts as four devices while libvirt counts what bridges it needs."""
    if "usb" in guest.taken or not guest.takes("usb"):
        return False
    for _ in range(3):
        usb2_sets((1, 2, 3), 1)(guest)
    return nics("e1000", 25, 28)(guest)


def no_usb(guest):
    if "usb" in guest.taken or not guest.takes("no usb"):
        return False
    guest.takes("usb")
    guest.add("<controller type='usb' index='0' model='none'/>")
    return True


def usb_device(text):
    def add(guest):
        if "no usb" in guest.taken:
            return False
        guest.takes("usb")
        guest.add(text)
        return True
    return add


def controller(kind, model, start=0):
    def add(guest):
        if len(guest.indexes.get(kind, ())) > 5:
            return False
        attribute = f" model='{model}'" if model else ""
        guest.add(f"<controller type='{kind}' index='{guest.index(kind, start)}'{attribute}/>")
        return True
    return add


def disks(model, least, most, bus="virtio", kind="file"):
    def add(guest):
        number = guest.dice.randint(least, most)
        if bus == "virtio" and guest.count.get("disk-virtio", 0) + number > 230:
            return False
        if bus != "virtio" and not guest.takes("sd"):
            return False
        if kind == "vhostuser":
            guest.memory.add("shared")
        for _ in range(number):
            guest.disk(bus, model, kind)
        return True
    return add


def nics(model, least=1, most=2):
    def add(guest):
        for _ in range(guest.dice.randint(least, most)):
            mac = f"52:54:00:00:00:{guest.number('mac'):02x}"
            guest.add(f"<interface type='user'><mac address='{mac}'/>"
                      f"<model type='{model}'/></interface>")
        return True
    return add


def filesystem(model, driver):
    def add(guest):
        number = guest.number("fs")
        attribute = f" model='{model}'" if model != "virtio" else ""
        if driver == "virtiofs":
            guest.memory.add("shared")
        guest.add(f"<filesystem type='mount'{attribute}><driver type='{driver}'/>"
                  f"<source dir='/nonexistent'/><target dir='fs{number}'/></filesystem>")
        return True
    return add


def numbered(what, text, limit=4):
    """A kind of several alike; NUMBER in the text is a number of their own."""
    def add(guest):
        if guest.count.get(what, 0) + 1 >= limit:
            return False
        for _ in range(guest.dice.choice((1, 1, 2))):
            guest.add(text.replace("NUMBER", f"{guest.number(what)}"))
        return True
    return add


def memory(text, needs="hotplug"):
    def add(guest):
        if guest.number("memory") > 2:
            return False
        guest.memory.add(needs)
        guest.add(text)
        return True
    return add


def kinds(displays):
    """All kinds, by name; DISPLAYS are the models that libvirt says it takes."""
    table = {}
    for model in displays:
        table[f"display {model}"] = display(model)
        table[f"second display {model}"] = second_displays(model)
    table["graphics without display"] = plain("<graphics type='vnc'/>", "display")
    for model in NICS:
        table[f"nic {model}"] = nics(model)
    # One bridge is added for the 32nd, and one for the 63rd; libvirt itself fails at 62.
    table["nics for two bridges"] = nics("e1000", 20, 36)
    table["nics for three bridges"] = nics("e1000", 64, 68)
    for model in SOUNDS:
        add = usb_device if model == "usb" else plain
        table[f"sound {model}"] = add(f"<sound model='{model}'/>")
    for model in USB:
        table[f"usb {model}"] = usb(model)
    table["usb2 sets"] = usb2_sets((1, 2, 3), 3)
    table["usb2 sets, written from the end"] = usb2_sets((3, 2, 1), 2)
    table["usb2 sets, and a full bridge"] = sets_on_a_full_bridge
    table["usb2 set in part"] = usb2_sets((1,), 1)
    table["usb2 without function 0"] = usb2_sets((2, 3), 1)
    table["usb2 ehci alone"] = usb2_sets((), 1)
    table["no usb"] = no_usb
    table["usb tablet"] = usb_device("<input type='tablet' bus='usb'/>")
    for model in SCSI:
        table[f"scsi {model}"] = controller("scsi", model)
    table["scsi disks, no controller"] = disks("virtio", 1, 9, "scsi")
    table["sata disks"] = disks("virtio", 1, 15, "sata")
    table["sata controller"] = controller("sata", None, 1)
    for model in (None,) + VIRTIO[1:]:
        table[f"virtio-serial {model or 'virtio'}"] = controller("virtio-serial", model)
    table["channel"] = numbered(
        "channel", "<channel type='null'><target type='virtio' name='cNUMBER'/></channel>")
    table["ccid"] = usb_device("<controller type='ccid'/>")
    for model in VIRTIO:
        table[f"disks {model}"] = disks(model, 1, 6)
        table[f"9p {model}"] = filesystem(model, "path")
        table[f"rng {model}"] = plain(
            f"<rng model='{model}'><backend model='random'>/dev/urandom</backend></rng>")
        table[f"balloon {model}"] = plain(f"<memballoon model='{model}'/>", "balloon")
        # QEMU has dropped the transitional one, which libvirt does not notice.
        if model != "virtio-transitional":
            table[f"vsock {model}"] = plain(
                f"<vsock model='{model}'><cid auto='no' address='4'/></vsock>", "vsock")
        table[f"vhost-scsi {model}"] = plain(
            f"<hostdev mode='subsystem' type='scsi_host' model='{model}'>"
            "<source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>", "vhost-scsi")
    table["many disks"] = disks("virtio", 20, 60)
    table["vhost-user disks"] = disks("virtio", 1, 2, kind="vhostuser")
    table["virtiofs"] = filesystem("virtio", "virtiofs")
    table["no balloon"] = plain("<memballoon model='none'/>", "balloon")
    for model in ("i6300esb", "ib700"):
        table[f"watchdog {model}"] = plain(f"<watchdog model='{model}'/>", "watchdog")
    table["shmem"] = numbered(
        "shmem", "<shmem name='sNUMBER'><model type='ivshmem-plain'/>"
        "<size unit='M'>4</size></shmem>")
    table["shmem with a server"] = numbered(
        "shmem", "<shmem name='sNUMBER'><model type='ivshmem-doorbell'/>"
        "<server path='/nonexistent'/></shmem>")
    for model in ("keyboard", "mouse", "tablet"):
        table[f"virtio {model}"] = plain(f"<input type='{model}' bus='virtio'/>")
    table["virtio passthrough"] = plain(
        "<input type='passthrough' bus='virtio'><source evdev='/dev/input/event0'/></input>")
    for model in ("pci-serial", "isa-serial"):
        table[model] = numbered("serial", f"<serial type='null'><target type='{model}'/></serial>")
    for model in ("intel", "virtio"):
        table[f"iommu {model}"] = plain(f"<iommu model='{model}'/>", "iommu")
    table["virtio-mem"] = memory(
        "<memory model='virtio-mem'><target><size unit='MiB'>512</size><node>0</node>"
        "<block unit='KiB'>2048</block><requested unit='MiB'>256</requested></target></memory>")
    table["virtio-pmem"] = memory(
        "<memory model='virtio-pmem' access='shared'><source><path>/nonexistent</path></source>"
        "<target><size unit='MiB'>512</size></target></memory>")
    table["crypto"] = plain(
        "<crypto model='virtio' type='qemu'><backend model='builtin'/></crypto>", "crypto")
    for model in ("isa", "pvpanic"):
        table[f"panic {model}"] = plain(f"<panic model='{model}'/>", "panic")
    table["pstore"] = plain(
        "<pstore backend='acpi-erst'><path>/nonexistent</path><size unit='KiB'>64</size></pstore>",
        "pstore")
    table["absent host devices"] = numbered(
        "hostdev", "<hostdev mode='subsystem' type='pci' managed='no'><driver name='vfio'/>"
        "<source><address domain='0xfffe' bus='0x4NUMBER' slot='0x00' function='0x0'/></source>"
        "</hostdev>", 8)
    table["absent mediated device"] = plain(
        "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>"
        "<address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>", "mdev")
    return table


# --- domains --------------------------------------------------------------------------------

def trials(table, emulator):
    """One domain for each kind, in the order of the table."""
    out = []
    for number, add in enumerate(table.values()):
        guest = Guest(random.Random(number))
        add(guest)
        out.append(guest.finish(f"trial-{number}", emulator))
    return out


def domains(table, seed, number, emulator):
    """NUMBER domains, in which each kind is at least once as far as others leave it room."""
    dice = random.Random(f"{seed}/auto")
    guests = [Guest(random.Random(f"{seed}/auto/{at}")) for at in range(number)]
    order = list(table)
    dice.shuffle(order)
    for at, kind in enumerate(order):
        any(table[kind](guests[(at + step) % number]) for step in range(number))
    for guest in guests:
        for kind in guest.dice.sample(order, guest.dice.choice((0, 0, 2, 4, 8, 16))):
            table[kind](guest)
    return [guest.finish(f"auto-{at:02}", emulator) for at, guest in enumerate(guests, 1)]

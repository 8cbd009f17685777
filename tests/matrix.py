# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs scenarios on each QEMU without a sandbox and in each, and compares what came of them.

matrix.py DIRECTORY QEMU...: the scenarios of DIRECTORY/*.txt, whose README says how they are
written.  For the environment see test-matrix.sh.  Prints TAP.
"""
import concurrent.futures
import ctypes
import difflib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from matrix_wire import Guest

DEADLINE = 30  # seconds, for all that is waited for
CALL = 5       # seconds in which a client of QEMU's calls, if it does, or a server answers
WORK = os.environ["work"]
QRISER = os.path.abspath(os.environ["QRISER"])
# All of it takes minutes: one run sees what is common under each profile, and of the rest one in
# eight; two QEMUs different ones. The share makes the rest less, and what is common from 4 on.
SHARE = int(os.environ.get("QRISER_TEST_SHARE") or 1)
SHARE_OF_COMMON = SHARE // 2 if SHARE >= 4 else 1
SHARE_OF_REST = SHARE * (8 if "CI" in os.environ else 1)

# How qriser is called: by its own name, or by QEMU's with "qriser" options.
PLAIN = ["run", "--policy=qemu@1", "--seccomp=off", "--landlock=off"]
MODES = {
    "strict": ["run", "--policy=qemu@1", "--seccomp=strict", "--landlock=off"],
    "default": ["run", "--policy=qemu@1", "--seccomp=default", "--landlock=off"],
    "desktop": ["run", "--policy=qemu@1", "--seccomp=desktop", "--landlock=off"],
    "legacy-spawn": ["run", "--policy=qemu@1", "--seccomp=legacy-spawn", "--landlock=off"],
    "auto": ["run", "--policy=qemu@1"],
    "landlock": ["run", "--policy=qemu@1", "--seccomp=off", "--landlock=require", "--allow-path=rw:DIR/later"],
    "drop-in": None,
}


class Lacking(Exception):
    """What a scenario requires is not here."""


class Vain(Exception):
    """Something was waited for in vain."""


# --- scenarios ---------------------------------------------------------------------------

class Scenario:
    def __init__(self, name, place):
        self.name = name
        self.place = place
        self.requires, self.makes, self.beside, self.under = [], [], [], []
        self.line, self.allow, self.steps, self.differs = [], [], [], []
        self.majors = range(0, 1000)
        self.optional = self.errs = self.common = False
        self.status = 0

    def add(self, word, rest):
        if word in ("make", "image", "dir", "boot", "initrd"):
            self.makes.append([word, *shlex.split(rest)])
        elif word in ("beside", "listen"):
            self.beside.append((word, rest))
        elif word == "from":
            self.majors = range(int(rest), self.majors.stop)
        elif word == "until-release":
            self.majors = range(self.majors.start, int(rest))
        elif word in ("requires", "under", "line", "allow"):
            getattr(self, word).extend(shlex.split(rest))
        elif word in ("optional", "errs", "common"):
            setattr(self, word, True)
        elif word == "status":
            self.status = int(rest)
        elif word == "refused":
            modes, status, text = rest.split(None, 2)
            self.differs.append((modes, "refused", f"{status} {text}"))
        elif word == "differs":
            modes, text = rest.split(None, 1)
            self.differs.append((modes, "differs", text))
        elif word in STEPS:
            self.steps.append((word, rest))
        else:
            sys.exit(f"{self.place}: unknown word {word}")

    def listed(self, mode, release):
        """The status and text of a refusal, or the lines that differ."""
        refusal, lines = None, []
        for modes, kind, text in self.differs:
            names, _, only = modes.partition("@")
            names = names.split(",")
            if (mode in names or "all" in names) and (not only or release.startswith(only)):
                if kind == "refused":
                    refusal = text
                else:
                    lines.append(text)
        return refusal, lines


def read_scenarios(directory):
    scenarios, names = [], set()
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".txt"):
            continue
        with open(os.path.join(directory, name), encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                word, _, rest = line.partition(" ")
                if word == "scenario":
                    if rest in names:
                        sys.exit(f"{name}:{number}: {rest} is there twice")
                    names.add(rest)
                    scenarios.append(Scenario(rest, f"{name}:{number}"))
                else:
                    scenarios[-1].add(word, rest.strip())
    return scenarios


# --- what a scenario requires ------------------------------------------------------------

# What QEMU's users run beside it, where it is not in PATH.
EXTRA_PATH = ":/usr/sbin:/sbin:/usr/lib/qemu:/usr/libexec:/usr/lib/virtiofsd"
display_lock = threading.Lock()


def start_display():
    """An X server of our own, for all scenarios that want one."""
    with display_lock:
        if "DISPLAY" in os.environ:
            return
        reading, writing = os.pipe()
        spawn(["Xvfb", "-noreset", "-displayfd", str(writing), "-screen", "0", "800x600x24",
               "-nolisten", "tcp"], WORK, subprocess.DEVNULL, fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        if not number:
            raise Lacking("Xvfb does not start")
        os.environ["DISPLAY"] = ":" + number


def find_lacking(scenario):
    for name in scenario.requires:
        if name == "root":
            if os.getuid() != 0:
                raise Lacking("needs root")
        elif name == "user":
            if os.getuid() == 0:
                raise Lacking("root may do all of it")
        elif name == "display":
            if not shutil.which("Xvfb"):
                raise Lacking("no Xvfb")
            start_display()
        elif name == "LINUX":
            if not os.path.exists(os.environ.get("QRISER_TEST_LINUX", "")):
                raise Lacking("no Linux kernel for the guest")
            if not os.path.exists(os.path.join(os.environ["BUILDDIR"], "tests", "linux-init")):
                raise Lacking("no static C library for the guest")
        elif name == "EYE":
            if not os.path.exists(os.environ.get("QRISER_TEST_EYE", "")):
                raise Lacking("no guest-eye")
        elif name.startswith("/"):
            if not os.path.exists(name):
                raise Lacking(f"no {name}")
        elif not shutil.which(name):
            raise Lacking(f"no {name}")


# Reads sector 1 of each disk, adds to its first byte and writes it to sector 2; prints "w" for
# each, then "." and leaves by isa-debug-exit with status 3.
BOOT = bytes.fromhex(
    "fa31c08ed88ed0bc007c"          # cli; segments 0; stack below
    "b280"                          # the first disk
    "be407cc606487c01b442cd13721b"  # next: sector 1, read; to the end where it fails
    "00160080"                      # add the disk's number
    "c606487c02be407cb80043cd137208"  # sector 2, write; to the end where it fails
    "b077e6e9fec2ebd7"              # "w"; the next disk
    "b02ee6e9b001e6f4f4ebfd"        # "."; leave
    "100001000080000001000000000000" "00")


def make_initrd(path):
    """An archive as cpio(5) has it, "newc", of one program."""
    with open(os.path.join(os.environ["BUILDDIR"], "tests", "linux-init"), "rb") as file:
        program = file.read()
    with open(path, "wb") as out:
        for name, mode, content in ((b"init", 0o100755, program), (b"TRAILER!!!", 0, b"")):
            fields = (0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
            out.write(b"070701" + b"".join(b"%08X" % field for field in fields) + name + b"\0")
            out.write(b"\0" * (-out.tell() % 4) + content)
            out.write(b"\0" * (-out.tell() % 4))


def make_files(scenario, directory):
    for word, name, *rest in scenario.makes:
        path = os.path.join(directory, name)
        if word == "dir":
            os.mkdir(path)
        elif word == "initrd":
            make_initrd(path)
        elif word == "image":
            size = [rest.pop()] if re.fullmatch(r"\d+M", rest[-1]) else []
            subprocess.run(["qemu-img", "create", "-q", "-f", *rest, name, *size], cwd=directory, check=True)
        else:
            with open(path, "wb") as file:
                file.truncate(int(rest[0].rstrip("M")) << (20 if rest[0].endswith("M") else 0))
                if word == "boot":
                    file.write(BOOT.ljust(510, b"\0") + b"\x55\xaa")


# --- processes ----------------------------------------------------------------------------

ending = False


def spawn(words, directory, output, errors=None, fds=(), environment=None):
    if ending:
        raise Vain
    return subprocess.Popen(words, cwd=directory, stdin=subprocess.DEVNULL, stdout=output,
                            stderr=output if errors is None else errors, pass_fds=fds, env=environment,
                            start_new_session=True)


def end_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def remove(directory):
    """What has left for the background may be removing its own files there."""
    for _ in range(100):
        try:
            shutil.rmtree(directory)
            return
        except FileNotFoundError:
            pass


def find_children():
    """Of all threads."""
    children = []
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/children", encoding="ascii") as file:
                children += map(int, file.read().split())
        except OSError:  # the thread has ended
            pass
    return children


def end_all():
    """Ends all that is left; what lost its parent has become ours."""
    deadline = time.monotonic() + DEADLINE
    while (children := find_children()) and time.monotonic() < deadline:
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            except (ProcessLookupError, ChildProcessError):  # a thread was faster
                pass


def wait_for(what, process=None):
    """Until it is true, for as long as the process lives and there is time."""
    deadline = time.monotonic() + DEADLINE
    while True:
        ended = process is not None and process.poll() is not None
        answer = what()
        if answer:
            return answer
        if ended or time.monotonic() > deadline:
            raise Vain
        time.sleep(0.005)


# --- what came of it ----------------------------------------------------------------------

def plainly(text, run):
    """Without what differs from one run to the next."""
    text = text.replace(run.directory, "DIR")
    text = re.sub(r"\d\d\.\d\d sec \([^)]*\)", "T sec", text)
    text = re.sub(r"0x[0-9a-f]+", "X", text)
    text = re.sub(r"#block\d+", "#blockN", text)
    return re.sub(r"\d{4,}", "N", text)


class Run:
    """A QEMU and what is beside it."""

    def __init__(self, scenario, qemu, directory):
        self.scenario, self.qemu, self.directory = scenario, qemu, directory
        self.outcome, self.processes, self.listening = [], [], {}
        self.program = self.stream = self.guest = None
        self.pending, self.events = b"", []
        self.ports = {}

    # - starting -

    def fill(self, text):
        def port(match):
            if match[0] not in self.ports:
                with socket.socket() as free:
                    free.bind(("127.0.0.1", 0))
                    self.ports[match[0]] = str(free.getsockname()[1])
            return self.ports[match[0]]
        text = text.replace("DIR", self.directory).replace("QEMU", self.qemu.path)
        text = text.replace("EYE", os.environ.get("QRISER_TEST_EYE", ""))
        text = text.replace("LINUX", os.environ.get("QRISER_TEST_LINUX", ""))
        return re.sub(r"\bPORT\d", port, text)

    def address(self, text):
        kind, _, where = self.fill(text).partition(":")
        if kind == "tcp":
            return socket.AF_INET, ("127.0.0.1", int(where))
        return socket.AF_UNIX, os.path.join(self.directory, where)

    def start_beside(self):
        for word, text in self.scenario.beside:
            if word == "listen":
                name, address = text.split()
                family, where = self.address(address)
                server = socket.socket(family)
                server.bind(where)
                server.listen()
                self.listening[name] = server
                continue
            path, *words = shlex.split(self.fill(text))
            with open(os.path.join(self.directory, "beside"), "ab") as log:
                process = spawn(words, self.directory, log)
            self.processes.append(process)
            try:
                wait_for(lambda p=path: os.path.exists(os.path.join(self.directory, p)), process)
            except Vain:
                with open(os.path.join(self.directory, "beside"), encoding="utf-8") as log:
                    raise Lacking(f"{words[0]}: {log.read().strip()[-200:]}") from None

    def words(self, mode, options, fd):
        line = [self.fill(word) for word in self.scenario.line]
        if "-machine" not in line and "-M" not in line:
            line = ["-machine", "q35", *line]
        if not any(word in line for word in ("-display", "-vnc", "-spice", "-nographic")):
            line = ["-display", "none", *line]
        line = ["-nodefaults", *line, "-chardev", f"socket,id=qmp,fd={fd},server=on,wait=off",
                "-mon", "chardev=qmp,mode=control"]
        if mode == "drop-in":
            return [os.path.join(WORK, "qemu-system-x86_64"), *line, "-qriser", f"qemu={self.qemu.path}"]
        if mode == "landlock":
            options = options + ["--allow-path=" + path for path in self.scenario.allow]
        options = [self.fill(option) for option in options]
        return [QRISER, *options, f"--qemu={self.qemu.path}", "--", *line]

    def start(self, mode, options):
        path = os.path.join(self.directory, "qmp")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path)
            server.listen()
            words = [self.fill(word) for word in self.scenario.under]
            words += self.words(mode, options, server.fileno())
            with open(os.path.join(self.directory, "out"), "wb") as out, \
                    open(os.path.join(self.directory, "err"), "wb") as err:
                self.program = spawn(words, self.directory, out, err, [server.fileno()], {**os.environ, **self.qemu.modules})
        self.processes.append(self.program)
        self.stream = socket.socket(socket.AF_UNIX)
        self.stream.settimeout(DEADLINE)
        try:
            self.stream.connect(path)
        except OSError:  # it has ended
            pass

    # - QMP -

    def receive(self):
        """The next object, or None where QEMU has closed."""
        while b"\n" not in self.pending:
            try:
                block = self.stream.recv(65536)
            except (ConnectionError, OSError) as fault:
                if isinstance(fault, TimeoutError):
                    raise Vain from None
                return None
            if not block:
                return None
            self.pending += block
        line, _, self.pending = self.pending.partition(b"\n")
        return json.loads(line)

    def execute(self, command):
        try:
            self.stream.sendall(json.dumps(command).encode() + b"\n")
        except OSError:
            return None
        while (answer := self.receive()) is not None and "event" in answer:
            self.events.append(answer["event"])
        return answer

    def say(self, step, answer):
        self.outcome.append(f"{step}: {plainly(answer, self)}")

    def say_answer(self, step, answer):
        if answer is None:
            self.say(step, "no answer")
        elif "error" in answer:
            self.say(step, f"error {answer['error']['class']}: {answer['error']['desc']}")
        elif isinstance(answer["return"], str):
            self.say(step, answer["return"].strip().replace("\r\n", " / "))
        else:
            self.say(step, json.dumps(answer["return"], sort_keys=True))

    def end(self):
        if self.program.poll() is None or "-daemonize" in self.scenario.line:
            self.execute({"execute": "quit"})
            while self.receive() is not None:
                pass
        try:
            status = self.program.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            raise Vain from None
        return status

    def finish(self):
        try:
            status = str(self.end())
        except Vain:
            status = "none, it does not end"
        self.outcome.append(f"status: {status}")
        for name in ("out", "err"):
            with open(os.path.join(self.directory, name), encoding="utf-8", errors="replace") as file:
                for line in file.read().splitlines():
                    said = f"{name}: {plainly(line.strip(), self)}"
                    if line.strip() and said != self.outcome[-1]:
                        self.outcome.append(said)

    def clean(self):
        for process in reversed(self.processes):
            end_group(process)
        for server in self.listening.values():
            server.close()
        if self.stream is not None:
            self.stream.close()
        if self.guest is not None:
            self.guest.close()
        remove(self.directory)


# --- steps --------------------------------------------------------------------------------

def step_qmp(run, rest):
    name, _, arguments = rest.partition(" ")
    command = {"execute": name}
    if arguments:
        command["arguments"] = json.loads(run.fill(arguments))
    run.say_answer(f"qmp {name}", run.execute(command))


def step_hmp(run, rest):
    answer = run.execute({"execute": "human-monitor-command",
                          "arguments": {"command-line": run.fill(rest)}})
    run.say_answer(f"hmp {rest}", answer)


def step_event(run, rest):
    """Events between commands come when the next object does."""
    while rest not in run.events:
        answer = run.receive()
        if answer is None:
            run.say(f"event {rest}", "QEMU has ended")
            return
        if "event" in answer:
            run.events.append(answer["event"])
    del run.events[:run.events.index(rest) + 1]
    run.say(f"event {rest}", "came")


def step_until(run, rest):
    """until REGEX COMMAND: the answer has it."""
    regex, command = rest.split(None, 1)

    def asked():
        answer = run.execute({"execute": command})
        if answer is None:
            raise Vain
        return re.search(regex, json.dumps(answer, sort_keys=True))
    run.say(f"until {command}", wait_for(asked)[0])


def step_file(run, rest):
    """file NAME: how long it is."""
    try:
        run.say(f"file {rest}", "%d bytes" % os.stat(os.path.join(run.directory, rest)).st_size)
    except FileNotFoundError:
        run.say(f"file {rest}", "absent")


def step_guest(run, rest):
    """guest FILE: what a guest has said of itself there."""
    with open(os.path.join(run.directory, rest), encoding="utf-8", errors="replace") as file:
        said = [line.strip() for line in file if line.startswith("guest: ")]
    run.say("guest", "; ".join(said) or "absent")


def converse(run, step, stream, turns):
    """>TEXT is sent, <N bytes are received and shown."""
    for turn in turns:
        if turn[0] == ">":
            stream.sendall(turn[1:].encode("latin1").decode("unicode_escape").encode("latin1"))
            continue
        got = b""
        while len(got) < int(turn[1:]):
            block = stream.recv(int(turn[1:]) - len(got))
            if not block:
                break
            got += block
        run.say(step, repr(got[:32]) + f" of {len(got)}")


def step_talk(run, rest):
    """talk ADDRESS TURN...: with a server of QEMU's."""
    address, *turns = shlex.split(rest)
    family, where = run.address(address)
    with socket.socket(family) as stream:
        stream.settimeout(CALL)
        try:
            stream.connect(where)
            converse(run, f"talk {address}", stream, turns)
        except OSError as fault:
            run.say(f"talk {address}", fault.strerror or str(fault))


def step_accept(run, rest):
    """accept NAME TURN...: with a client of QEMU's."""
    name, *turns = shlex.split(rest)
    run.listening[name].settimeout(CALL)
    try:
        stream, _ = run.listening[name].accept()
        with stream:
            stream.settimeout(DEADLINE)
            converse(run, f"accept {name}", stream, turns)
            run.say(f"accept {name}", "done")
    except OSError as fault:
        run.say(f"accept {name}", fault.strerror or str(fault))


def step_wire(run, rest):
    """wire WHAT WORDS...: what a guest does at the other end of a dgram back end."""
    if run.guest is None:
        run.guest = Guest(os.path.join(run.directory, "ours"), os.path.join(run.directory, "theirs"))
    what, *words = shlex.split(run.fill(rest))
    try:
        run.say(f"wire {what}", getattr(run.guest, what)(*words))
    except OSError as fault:
        run.say(f"wire {what}", fault.strerror or str(fault))


def step_exit(run, rest):
    """It ends by itself."""
    try:
        run.program.wait(DEADLINE)
    except subprocess.TimeoutExpired:
        raise Vain from None


STEPS = {"qmp": step_qmp, "hmp": step_hmp, "event": step_event, "until": step_until, "file": step_file, "guest": step_guest,
         "talk": step_talk, "accept": step_accept, "wire": step_wire, "exit": step_exit}


# --- runs ---------------------------------------------------------------------------------

class Qemu:
    def __init__(self, path, number):
        self.path, self.number = path, number
        out = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        self.release = re.search(r"version (\d+\.\d+)", out)[1]
        self.major = int(self.release.split(".", maxsplit=1)[0])
        # One that was unpacked somewhere does not find its modules.
        modules = os.path.realpath(f"{os.path.dirname(path)}/../lib/{os.uname().machine}-linux-gnu/qemu")
        self.modules = {"QEMU_MODULE_DIR": modules} if os.path.isdir(modules) else {}


def try_scenario(scenario, qemu, template, mode, options):
    """What came of it: lines."""
    directory = os.path.join(WORK, f"{scenario.name}.{qemu.release}.{mode}")
    shutil.copytree(template, directory)
    run = Run(scenario, qemu, directory)
    try:
        run.start_beside()
        run.start(mode, options)
        word, rest = "start", ""
        try:
            if run.receive() is not None:
                run.execute({"execute": "qmp_capabilities"})
                run.outcome.append("QEMU answers")
                for word, rest in scenario.steps:
                    STEPS[word](run, rest)
        except Vain:
            run.say(f"{word} {rest}".strip(), "in vain")
        run.finish()
        return run.outcome
    finally:
        run.clean()


def find_choice(scenario, qemu, template, mode, options):
    """The profile that qriser takes, and whether Landlock is used; None where it refuses."""
    words = Run(scenario, qemu, template).words(mode, options, 3)
    if mode == "drop-in":
        words += ["-qriser", "plan=json"]
    else:
        words[1:2] = ["plan", "--format=json"]
    plan = subprocess.run(words, cwd=template, capture_output=True, text=True, check=False)
    if plan.returncode != 0:
        return None
    found = json.loads(plan.stdout)["confinement"]
    return found["seccomp"], found["landlock"]


def judge(scenario, qemu, mode, plain, outcome):
    """Lines about what is wrong; none where nothing is."""
    refusal, lines = scenario.listed(mode, qemu.release)
    if refusal is not None:
        status, text = refusal.split(" ", 1)
        if outcome[0] == f"status: {status}" and any(text in line for line in outcome):
            return []
        return [f"not refused with {refusal}:", *outcome]
    came = [line for line in difflib.ndiff(plain, outcome) if line[0] in "+-"]
    if [line[2:] for line in came if line[0] == "+"] == lines and bool(came) == bool(lines):
        return []
    return came + ["listed as differing: " + line for line in lines]


ERRORS = re.compile(r": (error |no answer|in vain|absent|Could not|Error|QEMU has ended|timed out|reset|failed)")


def is_good(scenario, plain):
    """Whether the scenario does by itself what it is for."""
    if f"status: {scenario.status}" not in plain:
        return False
    return scenario.errs or not any(ERRORS.search(line) for line in plain)


def try_all(number, scenario, qemu):
    """Results: description, and lines of what is wrong or the reason of a skip."""
    about = f"QEMU {qemu.release}: {scenario.name}"
    share = SHARE_OF_COMMON if scenario.common else SHARE_OF_REST
    modes = [mode for i, mode in enumerate(MODES) if (number + qemu.number + i) % share == 0]
    if qemu.major not in scenario.majors or not modes:
        return []
    template = os.path.join(WORK, f"{scenario.name}.{qemu.release}")
    try:
        find_lacking(scenario)
        os.mkdir(template)
        os.mkdir(os.path.join(template, "later"))
        make_files(scenario, template)
        plain = try_scenario(scenario, qemu, template, "plain", PLAIN)
    except Lacking as reason:
        return [(about, str(reason), None)]
    except subprocess.CalledProcessError as fault:
        return [(about, None, [str(fault)])]
    if not is_good(scenario, plain):
        if scenario.optional:
            said = next((line for line in plain if line.startswith("err: ")), plain[-1])
            return [(about, "unconfined: " + said, None)]
        return [(about + ", unconfined", None, plain)]
    results, tried = [], {}
    for mode in modes:
        if mode == "landlock" and NO_LANDLOCK:
            results.append((f"{about}, {mode}", NO_LANDLOCK, None))
            continue
        # What is chosen for the line is often what was tried by its name.
        choice = find_choice(scenario, qemu, template, mode, MODES[mode])
        outcome = tried.get(choice) or try_scenario(scenario, qemu, template, mode, MODES[mode])
        if choice is not None:
            tried[choice] = outcome
        results.append((f"{about}, {mode}", None, judge(scenario, qemu, mode, plain, outcome)))
    shutil.rmtree(template)
    return results


def find_no_landlock():
    """Why Landlock cannot hold all that it should, or nothing."""
    tried = subprocess.run([QRISER, "run", "--landlock=require", "--qemu=/bin/true", "--", "-nodefaults",
                            "-display", "none"], capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode == 69 else ""


def end_by_signal(number, _):
    """At once: threads that wait would go on."""
    global ending
    ending = True
    end_all()
    shutil.rmtree(WORK, ignore_errors=True)
    os._exit(128 + number)


def main():
    number = failed = 0
    only = os.environ.get("QRISER_TEST_LINE", "")
    scenarios = [item for item in read_scenarios(sys.argv[1]) if item.name.startswith(only)]
    qemus = [Qemu(path, i) for i, path in enumerate(sys.argv[2:])]
    jobs = [(i, scenario, qemu) for qemu in qemus for i, scenario in enumerate(scenarios)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for results in pool.map(lambda job: try_all(*job), jobs):
            for description, reason, wrong in results:
                number += 1
                if reason is not None:
                    reason = " ".join(reason.replace("#", "").split())
                    print(f"ok {number} - {description} # SKIP {reason}")
                    continue
                failed += bool(wrong)
                print(f"{'not ok' if wrong else 'ok'} {number} - {description}")
                for line in wrong:
                    print(f"#   {line}")
            sys.stdout.flush()
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    for caught in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(caught, end_by_signal)
    # PR_SET_CHILD_SUBREAPER: processes that leave for the background stay below this one.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    os.environ["PATH"] += EXTRA_PATH
    os.environ.pop("DISPLAY", None)
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.symlink(QRISER, os.path.join(WORK, "qemu-system-x86_64"))
    NO_LANDLOCK = find_no_landlock()
    try:
        sys.exit(main())
    finally:
        end_all()
        shutil.rmtree(WORK, ignore_errors=True)

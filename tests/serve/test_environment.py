"""A newcomer's machine: with uv or without, with pip or without, with a folder that cannot be written."""

from __future__ import annotations

import subprocess

import pytest

from tools import environment, system

DONE = subprocess.CompletedProcess([], 0, "", "")


def failed(said: str = "") -> subprocess.CompletedProcess[str]:
    """Return how a program ends that could not do it."""
    return subprocess.CompletedProcess([], 1, "", said)


@pytest.fixture
def house(monkeypatch, tmp_path):
    """A clone that was never run, and a list of what is called; `answers` says how each kind of call ends."""
    (tmp_path / "requirements").mkdir()
    for name in ("run", "test", "dev", "tools"):
        (tmp_path / "requirements" / f"{name}.lock").write_text(f"{name}==1\n")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", venv / "lapak-locks")
    called: list[list[str]] = []
    answers: dict[str, subprocess.CompletedProcess[str]] = {}

    def call(command):
        called.append(command)
        kind = kind_of(command)
        if kind.endswith("venv") and kind not in answers:
            (venv / "bin").mkdir(parents=True, exist_ok=True)
            (venv / "bin" / "python").touch()
        return answers.get(kind, DONE)

    monkeypatch.setattr(environment, "_call", call)
    return called, answers, venv


def kind_of(command):
    """Name a call: `uv venv`, `python venv`, `uv install`, `pip --python`, `venv pip`, `fetch uv`, `try`."""
    words = " ".join(command)
    if "--target" in command:
        return "fetch uv"
    if "uv" in command[0]:
        return "uv venv" if "venv" in command else "uv install" if "install" in command else "try uv"
    if "-m venv" in words:
        return "python venv"
    if "-m pip --python" in words:
        return "pip --python"
    return "venv pip" if "-m pip" in words else "try"


def kinds(called):
    """Name what was called, in its order."""
    return [kind_of(each) for each in called]


def has_uv(monkeypatch, *, yes):
    """Put uv on the PATH, or take it away."""
    monkeypatch.setattr(environment.shutil, "which", lambda name: "/usr/bin/uv" if yes else None)


def test_with_uv_it_makes_and_fills_the_environment(house, monkeypatch):
    called, _answers, venv = house
    has_uv(monkeypatch, yes=True)

    environment.ensure("run")

    assert kinds(called) == ["try uv", "uv venv", "uv install"]
    assert "--require-hashes" in called[-1]
    assert (venv / "lapak-locks").exists()


def test_a_second_time_nothing_is_called(house, monkeypatch):
    called, _answers, _venv = house
    has_uv(monkeypatch, yes=True)
    environment.ensure("test")
    called.clear()

    environment.ensure("test")
    environment.ensure("run")  # the larger lock holds the smaller

    assert called == []


def test_another_lock_is_installed_anew(house, monkeypatch):
    called, _answers, _venv = house
    has_uv(monkeypatch, yes=True)
    environment.ensure("run")
    called.clear()
    (environment.ROOT / "requirements" / "run.lock").write_text("run==2\n")

    environment.ensure("run")

    assert "uv install" in kinds(called)


def test_without_uv_and_without_a_net_for_it_pip_does_it(house, monkeypatch):
    called, answers, _venv = house
    has_uv(monkeypatch, yes=False)
    answers["fetch uv"] = failed()

    environment.ensure("run")

    assert kinds(called) == ["fetch uv", "python venv", "pip --python"]
    assert "--require-hashes" in called[-1]


def test_an_old_pip_leaves_it_to_the_one_inside(house, monkeypatch):
    called, answers, _venv = house
    has_uv(monkeypatch, yes=False)
    answers |= {"fetch uv": failed(), "pip --python": failed("no such option: --python")}

    environment.ensure("run")

    assert kinds(called)[-2:] == ["pip --python", "venv pip"]


def test_a_uv_that_cannot_install_leaves_it_to_pip(house, monkeypatch):
    called, answers, _venv = house
    has_uv(monkeypatch, yes=True)
    answers["uv install"] = failed("error: no route to host")

    environment.ensure("run")

    assert kinds(called)[-2:] == ["uv install", "pip --python"]


def test_where_nothing_can_install_one_line_says_why(house, monkeypatch):
    _called, answers, venv = house
    has_uv(monkeypatch, yes=True)
    answers |= {
        "uv install": failed("first line\nno route to host"),
        "pip --python": failed("x"),
        "venv pip": failed("y"),
    }

    with pytest.raises(environment.NoEnvironment, match="packages were not installed: no route to host") as caught:
        environment.ensure("run")

    assert "\n" not in str(caught.value)
    assert not (venv / "lapak-locks").exists()


def test_a_python_without_venv_is_told_what_to_install(house, monkeypatch):
    _called, answers, _venv = house
    has_uv(monkeypatch, yes=False)
    answers |= {"fetch uv": failed(), "python venv": failed()}

    with pytest.raises(environment.NoEnvironment, match="apt install python3-venv") as caught:
        environment.ensure("run")

    assert "\n" not in str(caught.value)


def test_a_clone_that_cannot_be_written_is_told_in_one_line(house, monkeypatch):
    _called, _answers, venv = house
    has_uv(monkeypatch, yes=True)

    def refuse(self, *given, **more):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(type(venv), "mkdir", refuse)

    with pytest.raises(environment.NoEnvironment, match="cannot be written: Read-only file system") as caught:
        environment.ensure("run")

    assert "\n" not in str(caught.value)


def test_an_environment_that_only_somebody_else_may_open_is_told_in_one_line(house, monkeypatch):
    _called, _answers, venv = house
    has_uv(monkeypatch, yes=True)

    def refuse(self, *given, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(venv), "exists", refuse)

    with pytest.raises(environment.NoEnvironment, match="cannot be written: Permission denied") as caught:
        environment.ensure("run")

    assert "\n" not in str(caught.value)


@pytest.fixture
def machine(monkeypatch):
    """A machine that has what is put into the set; its apt adds to it, and its user is root unless told otherwise."""
    there: set[str] = set()
    asked: list[tuple[str, ...]] = []

    def apt(*arguments):
        asked.append(arguments)
        there.update(each for each in arguments if each != "install" and not each.startswith("-"))

    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}" if name in there else None)
    monkeypatch.setattr(
        system.ctypes.util, "find_library", lambda name: name if system.LIBRARIES.get(name) in there else None
    )
    monkeypatch.setattr(system, "_apt", apt)
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    monkeypatch.setattr(system.sys, "argv", ["system.py"])
    return there, asked


def test_a_machine_that_has_all_is_left_alone(machine):
    there, asked = machine
    there.update({"chromium", "apt-get", *system.LIBRARIES.values()})

    assert (system.main(), asked) == (0, [])


def test_root_installs_what_is_missing(machine):
    there, asked = machine
    there.add("apt-get")

    assert system.main() == 0
    assert asked[0] == ("update",)
    assert {"chromium", *system.LIBRARIES.values()} <= set(asked[1])


@pytest.mark.parametrize("why", ["nobody", "no apt", "apt without the package"])
def test_where_it_cannot_install_it_says_what_to_type(machine, monkeypatch, capsys, why):
    there, asked = machine
    if why != "no apt":
        there.add("apt-get")
    if why == "nobody":
        monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    if why == "apt without the package":
        monkeypatch.setattr(system, "_apt", lambda *arguments: None)

    assert system.main() == 1

    said = capsys.readouterr().out
    assert "sudo apt-get install chromium" in said
    assert all(package in said for package in system.LIBRARIES.values())
    assert asked == []

"""The command line as one value. Parsed with argparse; nothing heavier is imported here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from codex_tui.errors import ClientError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""A thread's id, as the engine makes them; anything else on the command line is a name."""

SANDBOX_MODES = ("read-only", "workspace-write", "danger-full-access")
APPROVAL_POLICIES = ("untrusted", "on-request", "never")

USAGE = """\
codex-tui [OPTIONS] [PROMPT]
       codex-tui [OPTIONS] resume [ID | NAME | --last] [PROMPT]
       codex-tui [OPTIONS] replay FILE
       codex-tui [OPTIONS] doctor"""

COMMANDS = """\
commands:
  resume                choose one of the saved threads and go on with it
  resume ID | NAME      go on with that thread; --last: the newest of this directory
  replay FILE           play a recording in the interface, without an engine
  doctor                say which engine, which config home and which terminal this is

A prompt that reads like a command or an option goes after `--`: codex-tui -- resume the work."""


class Options(NamedTuple):
    """What the person asked for on the command line; paths are as given, `cwd` is absolute."""

    command: str = ""  # "", resume, replay, doctor
    prompt: str = ""
    cwd: Path | None = None
    model: str | None = None
    sandbox: str | None = None
    approval: str | None = None
    config: tuple[str, ...] = ()
    images: tuple[Path, ...] = ()
    add_dirs: tuple[Path, ...] = ()
    engine: str | None = None
    record: Path | None = None
    thread_id: str | None = None
    thread_name: str | None = None
    pick: bool = False  # choose a saved thread first
    last: bool = False
    replay: Path | None = None
    speed: float = 1.0
    demo: bool = False

    def engine_arguments(self) -> list[str]:
        """What `codex app-server` gets: the person's own config overrides, in their order."""
        arguments: list[str] = []
        overrides = list(self.config)
        if self.add_dirs:
            import json

            roots = json.dumps([str(path) for path in self.add_dirs])
            overrides.append(f"sandbox_workspace_write.writable_roots={roots}")
        for override in overrides:
            arguments += ["-c", override]
        return arguments


def _parser() -> argparse.ArgumentParser:
    import argparse

    from codex_tui import __version__

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise ClientError(_shown(message), hint="codex-tui --help lists what is understood.", exit_code=2)

    parser = Parser(
        prog="codex-tui",
        usage=USAGE,
        description="A terminal client of the Codex engine.",
        epilog=COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    add = parser.add_argument
    add("words", nargs="*", help=argparse.SUPPRESS)
    add("-C", "--cd", metavar="DIR", help="work in DIR")
    add("-m", "--model", metavar="MODEL", help="the model to use")
    add("-s", "--sandbox", choices=SANDBOX_MODES, metavar="MODE", help=f"one of {', '.join(SANDBOX_MODES)}")
    add(
        "-a",
        "--ask-for-approval",
        choices=APPROVAL_POLICIES,
        metavar="WHEN",
        help=f"one of {', '.join(APPROVAL_POLICIES)}",
    )
    add("-c", "--config", metavar="KEY=VALUE", action="append", default=[], help="override a config value")
    add("-i", "--image", metavar="FILE", action="append", default=[], help="attach an image to the prompt")
    add("--add-dir", metavar="DIR", action="append", default=[], help="a further directory it may write in")
    add("--engine", metavar="PATH", help="the engine's binary; else $CODEX_TUI_ENGINE, PATH, the bundled one")
    add("--record", metavar="FILE", help="write all traffic with the engine to FILE as JSON lines")
    add("--speed", metavar="N", type=float, default=1.0, help="replay N times as fast; 0: at once")
    add("--last", action="store_true", help="with resume: the newest thread of this directory")
    add("--demo", action="store_true", help="a scripted model and a throwaway project: try it safely")
    add("-V", "--version", action="version", version=f"codex-tui {__version__}", help="print the version")
    add("-h", "--help", action="help", help="print this help")
    return parser


def parse(arguments: Sequence[str]) -> Options:
    """Options from the arguments after the program's name.

    Raises ClientError (exit code 2) for anything not understood and for a directory, image
    or recording that is not there. `--help` and `--version` exit as argparse does.
    """
    arguments = list(arguments)
    free = ""
    if "--" in arguments:
        cut = arguments.index("--")
        free = " ".join(arguments[cut + 1 :])
        arguments = arguments[:cut]
    given = _parser().parse_intermixed_args(arguments)
    command, named, replay, words = _command(given.words, last=given.last)
    if free:
        words = [*words, free]
    if len(words) > 1:
        raise ClientError(
            f"unexpected argument: {_shown(words[1])}",
            hint='A prompt of several words goes in quotes: codex-tui "fix the tests".',
            exit_code=2,
        )
    for override in given.config:
        if "=" not in override:
            raise ClientError(f"-c takes KEY=VALUE, not {_shown(override)}", exit_code=2)
    return Options(
        command=command,
        prompt=words[0] if words else "",
        cwd=_directory(given.cd) if given.cd is not None else None,
        model=given.model,
        sandbox=given.sandbox,
        approval=given.ask_for_approval,
        config=tuple(given.config),
        images=tuple(_file(image, "image") for image in given.image),
        add_dirs=tuple(_directory(directory) for directory in given.add_dir),
        engine=given.engine,
        record=Path(given.record) if given.record else None,
        thread_id=named if named is not None and _ID.fullmatch(named) else None,
        thread_name=None if named is None or _ID.fullmatch(named) else named,
        pick=command == "resume" and named is None and not given.last,
        last=given.last,
        replay=replay,
        speed=max(0.0, given.speed),
        demo=given.demo,
    )


def _command(words: list[str], *, last: bool) -> tuple[str, str | None, Path | None, list[str]]:
    """(command, a thread's id or name, recording, the words left for the prompt)."""
    head = words[0] if words else ""
    if last and head != "resume":
        raise ClientError("--last goes with resume", hint="codex-tui resume --last", exit_code=2)
    if head == "doctor":
        return "doctor", None, None, words[1:]
    if head == "replay":
        if len(words) < 2:
            raise ClientError("replay needs a recording", hint="codex-tui replay FILE", exit_code=2)
        return "replay", None, _file(words[1], "recording"), words[2:]
    if head == "resume":
        if last:
            return "resume", None, None, words[1:]
        return "resume", words[1] if len(words) > 1 else None, None, words[2:]
    return "", None, None, words


def _directory(given: str) -> Path:
    path = Path(given).expanduser()
    if not path.is_dir():
        raise ClientError(f"no such directory: {_shown(given)}", exit_code=2)
    return path.resolve()


def _file(given: str, what: str) -> Path:
    path = Path(given).expanduser()
    if not path.is_file():
        raise ClientError(f"no such {what}: {_shown(given)}", exit_code=2)
    return path.resolve()


def _shown(text: str) -> str:
    from codex_tui.text.safe import line

    return line(text)

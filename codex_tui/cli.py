"""The console command: read the arguments, start the engine, then load the interface.

The order is for speed: the engine's process is started before Textual is imported, so that
it comes up beside the imports; the terminal is taken out of line mode at once, so that keys
typed before the first frame arrive as keys.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, cast

from codex_tui.errors import ClientError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from codex_tui.options import Options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `codex-tui`; returns the exit code."""
    import io

    from codex_tui.options import parse

    if isinstance(stdout := cast("object", sys.stdout), io.TextIOWrapper):
        # What the locale has no sign for is escaped; it must not end the program.
        cast("io.TextIOWrapper[io.BufferedWriter]", stdout).reconfigure(errors="backslashreplace")
    try:
        options = parse(sys.argv[1:] if arguments is None else arguments)
        if options.command == "doctor":
            from codex_tui.doctor import report

            return report(options)
        _require_terminal()
        return _run(options)
    except ClientError as error:
        tell(error)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        # Not Python's own traceback: its last line may quote engine text, raw.
        from codex_tui.crash import report as report_crash

        failure = report_crash(error)
        tell(failure)
        return failure.exit_code


def tell(error: ClientError) -> None:
    """One line of what is wrong; detail and hint, if there are any, on lines of their own."""
    more = (*error.detail.splitlines(), *error.hint.splitlines())
    _print(sys.stderr, f"codex-tui: {error.title}", *(f"  {part}" for part in more))


def _print(stream: TextIO | None, *lines: str) -> None:
    """Lines for a terminal that may be gone; then nobody reads them, and that is no error."""
    if stream is None:  # it was closed when the program began
        return
    try:
        for line in lines:
            print(line, file=stream)
        stream.flush()
    except OSError:
        # Python writes the rest once more at its end, and would fail with an exit code of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _require_terminal() -> None:
    for name, stream in (("standard input", sys.stdin), ("standard output", sys.stdout)):
        if stream is None or not stream.isatty():
            raise ClientError(
                f"{name} is not a terminal",
                hint="codex-tui is interactive; for scripts use `codex exec`.",
                exit_code=2,
            )
    if os.environ.get("TERM") == "dumb":
        raise ClientError(
            "this terminal cannot move its cursor (TERM=dumb)",
            hint="Set TERM to what the terminal really is, e.g. xterm-256color.",
            exit_code=2,
        )


def _run(options: Options) -> int:
    from codex_tui.launch import Launch

    with Launch(options) as launch:
        from codex_tui.host import run

        farewell = run(options, launch)
    _print(sys.stdout, *farewell.lines)
    if farewell.failure is not None:
        raise farewell.failure
    return farewell.exit_code

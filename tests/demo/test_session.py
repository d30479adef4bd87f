"""The demo's surroundings come up fast and leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
from pathlib import Path

import pytest

from codex_tui.demo.home import PREFIX, environment, make_place, remove, sweep_stale, throwaway_place
from codex_tui.demo.project import FILES, write_project
from codex_tui.demo.session import demo_session
from tests.demo.conversation import Conversation, completed, outcome, wait_until
from tests.engine.scripted import bundled_engine

ROOT = Path(__file__).parent.parent.parent


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def ask(base_url: str, body: object) -> str:
    data = json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{base_url}/responses", data)) as response:
        return response.read().decode()


def base_url(home: Path) -> str:
    config = tomllib.loads((home / "config.toml").read_text(encoding="utf-8"))
    return config["model_providers"]["scripted"]["base_url"]


def test_a_demo_session_serves_the_tour_and_is_gone_afterwards(tmp_path: Path):
    with demo_session(tmp_path) as demo:
        home = Path(demo.env["CODEX_HOME"])
        assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
        assert (demo.project / "calc.py").is_file()
        said = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}
        assert "I am a" in ask(base_url(home), {"input": [said]})
        process = demo.model_process
        assert process is not None and is_running(process)
    assert list(tmp_path.iterdir()) == []
    assert not is_running(process)


def test_a_demo_session_is_gone_after_an_error_inside(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), demo_session(tmp_path):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.engine
def test_the_engine_can_be_started_at_once_and_sees_the_repository(tmp_path: Path):
    with (
        demo_session(tmp_path) as demo,
        Conversation(bundled_engine(), {**os.environ, **demo.env}, demo.thread_params) as talk,
    ):
        messages = talk.say("think")
        assert outcome(messages) == "completed"
        assert "in two parts" in completed(messages, "agentMessage")[0]["text"]
        assert talk.call("thread/read", threadId=talk.thread_id)["thread"]["gitInfo"]["branch"] == "main"
        said = " ".join(json.dumps(m) for m in talk.messages if "arning" in str(m.get("method")))
        # An engine installed below the temporary folder uses no helper from there.
        assert "bubblewrap" not in said or tempfile.gettempdir() in str(bundled_engine())
    assert list(tmp_path.iterdir()) == []


def test_a_killed_demo_leaves_neither_process_nor_folder(tmp_path: Path):
    program = (
        "import sys, time; from pathlib import Path; from codex_tui.demo.session import demo_session\n"
        "with demo_session(Path(sys.argv[1])) as demo:\n"
        "    print(demo.model_process, flush=True); time.sleep(60)\n"
    )
    run = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(run, stdout=subprocess.PIPE, cwd=ROOT) as victim:
        assert victim.stdout is not None
        model = int(victim.stdout.readline())
        # Until its program has read its arguments, the model does not know what to remove.
        (home,) = tmp_path.glob(f"{PREFIX}*/home")
        ask(base_url(home), {"input": []})
        victim.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not any(tmp_path.iterdir()))
    assert wait_until(lambda: not is_running(model))


def test_a_throwaway_place_is_private_and_removed(tmp_path: Path):
    with throwaway_place(tmp_path) as place:
        (place.home / "deep" / "down").mkdir(parents=True)
        for folder in (place.root, place.home, place.project):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not place.root.exists()


def dead_process() -> int:
    """A process id that nobody has any more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_the_folder_of_a_dead_run_is_swept(tmp_path: Path):
    stale = tmp_path / f"{PREFIX}{dead_process()}-abc123"
    (stale / "home").mkdir(parents=True)
    stale.chmod(0o700)
    assert sweep_stale(tmp_path) == [stale]
    assert not stale.exists()


def test_nothing_else_is_swept(tmp_path: Path):
    dead = dead_process()
    kept = tmp_path / "precious"
    kept.mkdir(mode=0o700)
    (kept / "file").touch()
    (tmp_path / f"{PREFIX}{dead}-link").symlink_to(kept)
    (tmp_path / f"{PREFIX}{dead}-file").touch(0o600)
    (tmp_path / f"{PREFIX}{dead}-open").mkdir()
    (tmp_path / f"{PREFIX}{dead}-open").chmod(0o755)
    (tmp_path / f"{PREFIX}notes").mkdir(mode=0o700)
    (tmp_path / f"x{PREFIX}{dead}-abc").mkdir(mode=0o700)
    (tmp_path / f"{PREFIX}{os.getpid()}-mine").mkdir(mode=0o700)
    before = sorted(tmp_path.iterdir())
    assert sweep_stale(tmp_path) == []
    assert sorted(tmp_path.iterdir()) == before
    assert (kept / "file").exists()


def test_removing_says_when_it_could_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("codex_tui.demo.home.REMOVE_PAUSE", 0)
    monkeypatch.setattr("codex_tui.demo.home.shutil.rmtree", lambda *_, **__: None)  # pyright: ignore
    place = make_place(tmp_path)
    assert remove(place.root) is False
    monkeypatch.undo()
    assert remove(place.root) is True


def test_the_environment_sends_everything_but_loopback_to_the_model_server(tmp_path: Path):
    with throwaway_place(tmp_path) as place:
        env = environment(place, 4321)
        assert {env[name] for name in env if name.lower() in ("http_proxy", "https_proxy", "all_proxy")} == {
            "http://127.0.0.1:4321"
        }
        assert env["no_proxy"] == env["NO_PROXY"] == "127.0.0.1,localhost"
        assert env["OPENAI_API_KEY"] == env["CODEX_API_KEY"] == ""


def git(project: Path, *words: str) -> str:
    run = ["git", "-c", "safe.directory=*", *words]
    return subprocess.run(run, cwd=project, capture_output=True, text=True, check=True).stdout


def test_git_agrees_with_the_repository_we_wrote(tmp_path: Path):
    write_project(tmp_path)
    assert git(tmp_path, "status", "--short", "--branch") == "## main\n"
    assert git(tmp_path, "log", "--format=%an %s") == "Ada Example A calculator\n"
    assert git(tmp_path, "ls-files").split() == sorted(FILES)
    git(tmp_path, "fsck", "--strict")
    (tmp_path / "calc.py").write_text("changed\n", encoding="utf-8")
    assert git(tmp_path, "status", "--short") == " M calc.py\n"


def test_the_port_is_taken_before_the_model_serves():
    from codex_tui.demo.listening import listen

    with listen() as listening, socket.create_connection(listening.getsockname()) as early:
        assert early.getpeername()[0] == "127.0.0.1"

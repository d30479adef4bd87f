"""What the engine makes of a folder that is trusted, not trusted, or unknown: what `trust` relies on."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio
import pytest

from codex_tui.consent import Consent
from codex_tui.engine.client import EngineClient
from codex_tui.engine.locate import EngineBinary
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.events import Notified
from codex_tui.trust import trust_of
from tests.engine.fakes import Heard, running
from tests.engine.scripted import ScriptedModel, bundled_engine

pytestmark = pytest.mark.engine

SETTLED = 0.5  # seconds after which an MCP server of the project would have started


class Place:
    """A project with settings of its own, in a home that says nothing of it."""

    def __init__(self, scripted: ScriptedModel) -> None:
        self.scripted = scripted
        self.home, self.project = scripted.home, scripted.project
        self.canary = self.home.parent / "canary"
        text = (self.home / "config.toml").read_text()
        (self.home / "config.toml").write_text(text[: text.index("[projects.")])
        (self.project / ".codex").mkdir()
        (self.project / ".codex" / "config.toml").write_text(
            'model = "gpt-project"\n[mcp_servers.evil]\ncommand = "/bin/sh"\n'
            f"args = {json.dumps(['-c', f'touch {self.canary}; sleep 3'])}\n"
        )
        (self.project / "AGENTS.md").write_text("Words of the project.\n")

    def mark(self, path: Path, level: str = "trusted") -> None:
        with (self.home / "config.toml").open("a") as file:
            file.write(f"[projects.{json.dumps(str(path))}]\ntrust_level = {json.dumps(level)}\n")

    @property
    def marks(self) -> dict[str, Any]:
        return tomllib.loads((self.home / "config.toml").read_text()).get("projects", {})

    async def start(self, folder: Path, **settings: Any) -> JsonObject:
        """The settings of a thread opened in `folder`, by an engine whose process works elsewhere."""
        async with self.engine() as (client, _):
            await client.initialize()
            return await self.open(client, folder, **settings)

    async def open(self, client: EngineClient, folder: Path, **settings: Any) -> JsonObject:
        opened = await client.thread_start(cwd=str(folder), **settings)
        await anyio.sleep(SETTLED)
        return opened.model_dump(by_alias=True)

    def engine(self) -> AbstractAsyncContextManager[tuple[EngineClient, Heard]]:
        return running(EngineBinary(str(bundled_engine()), "test"), env=self.scripted.env)

    def add_worktree(self, folder: Path) -> None:
        git = ["git", "-C", str(self.project)]
        subprocess.run([*git, "worktree", "add", "-q", str(folder)], check=True)


@pytest.fixture
def place() -> Generator[Place]:
    with ScriptedModel([[{"msg": "Hello."}]]) as scripted:
        yield Place(scripted)


@pytest.mark.parametrize("sandbox", ["workspace-write", "danger-full-access"])
async def test_a_thread_that_may_write_marks_its_folder_which_is_why_we_ask_first(
    place: Place, sandbox: str
) -> None:
    opened = await place.start(place.project, sandbox=sandbox)
    assert place.marks == {str(place.project): {"trust_level": "trusted"}}
    assert opened["model"] == "gpt-project"


@pytest.mark.parametrize("sandbox", ["workspace-write", "read-only"])
async def test_told_that_a_folder_is_not_trusted_the_engine_leaves_the_project_out(
    place: Place, sandbox: str
) -> None:
    consent = Consent(place.home)
    trust = consent.question(place.project)
    assert trust is not None
    consent.note(trust, "once")
    settings = consent.thread_settings(place.project)
    assert settings["sandbox"] == "read-only"
    opened = await place.start(place.project, **{**settings, "sandbox": sandbox})
    assert place.marks == {}
    assert not place.canary.exists()
    assert opened["model"] != "gpt-project"
    assert opened["instructionSources"] == ()
    assert opened["approvalPolicy"] == "untrusted"


async def test_trust_is_written_beside_what_is_there_and_counts_at_once(place: Place) -> None:
    place.mark(Path("/other"), "untrusted")
    sub = place.project / "sub"
    sub.mkdir()
    consent = Consent(place.home)
    trust = consent.question(sub)
    assert trust is not None
    consent.note(trust, "trust")
    async with place.engine() as (client, _):
        await client.initialize()
        root = consent.to_write(sub)
        assert root == place.project
        await client.trust_folder(str(root))
        assert trust_of(sub, place.home).level == "trusted"
        assert consent.to_write(sub) is None
        opened = await place.open(client, sub)
    assert opened["model"] == "gpt-project"
    assert place.marks == {
        "/other": {"trust_level": "untrusted"},
        str(place.project): {"trust_level": "trusted"},
    }
    assert 'model_provider = "scripted"' in (place.home / "config.toml").read_text()


async def test_looking_at_a_saved_thread_says_where_it_is_and_touches_nothing_there(place: Place) -> None:
    off = {"projects": {str(place.project): {"trust_level": "untrusted"}}}
    async with place.engine() as (client, heard):
        await client.initialize()
        opened = await client.thread_start(cwd=str(place.project), sandbox="read-only", config=off)
        await client.turn_start(opened.thread.id, "hello")
        await heard.until(lambda event: isinstance(event, Notified) and event.method == "turn/completed")
    async with place.engine() as (client, _):
        await client.initialize()
        found = await client.thread_read(opened.thread.id)
        await anyio.sleep(SETTLED)
    assert found.thread.cwd == str(place.project)
    assert not place.canary.exists()
    assert place.marks == {}


CASES = ["itself", "below", "parent", "between", "link to it", "worktree", "false worktree", "no repository"]


@pytest.mark.parametrize("case", CASES)
async def test_a_folder_that_we_hold_for_trusted_is_trusted_by_the_engine_too(
    place: Place, tmp_path: Path, case: str
) -> None:
    project = place.project
    folder = project / "a" / "b"
    folder.mkdir(parents=True)
    match case:
        case "itself":
            folder = project
            place.mark(project)
        case "below" | "link to it":
            place.mark(project)
            if case == "link to it":
                (tmp_path / "link").symlink_to(project)
                folder = tmp_path / "link"
        case "parent":
            place.mark(project.parent)
        case "between":
            place.mark(project / "a")
        case "worktree" | "false worktree":
            place.mark(project)
            folder = tmp_path / "tree"
            place.add_worktree(folder)
            if case == "false worktree":
                shutil.copytree(folder, tmp_path / "false")
                folder = tmp_path / "false"
        case _:
            shutil.rmtree(project / ".git")
            place.mark(project)
    ours = trust_of(folder, place.home)
    opened = await place.start(ours.folder)
    engines = opened["sandbox"]["type"] == "workspaceWrite"
    assert (ours.level == "trusted") == engines == (case in ("itself", "below", "link to it", "worktree"))

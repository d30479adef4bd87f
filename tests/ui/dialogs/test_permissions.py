"""Rights beyond the sandbox: what is asked for, what is ticked, what goes out."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.dialogs.permissions import Ticks, first_page
from codex_tui.dialogs.rights import granted, wish_of
from codex_tui.dialogs.setting import Setting
from codex_tui.protocol.approvals import PermissionsApproval
from codex_tui.protocol.base import JsonObject
from codex_tui.session.inbox import Question
from tests.ui.dialogs.asks import entry, rights, some_rights
from tests.ui.dialogs.stage import HOME, PROJECT, Stage, place, state

SETTING = Setting(workspace=PROJECT, home=HOME, look_up=place)
ALL: dict[str, Any] = {
    "permissions": {
        "network": {"enabled": True},
        "fileSystem": {
            "read": ["/etc/hosts", f"{PROJECT}/setup.cfg"],
            "write": ["/opt/notes"],
            "entries": [
                entry("/etc/hosts", "read"),
                entry(f"{PROJECT}/setup.cfg", "read"),
                entry("/opt/notes", "write"),
                {"path": {"type": "glob_pattern", "pattern": "/srv/**/*.log"}, "access": "read"},
                entry("/opt/notes/keys", "deny"),
            ],
            "globScanMaxDepth": 3,
        },
    },
    "scope": "turn",
}


def page(question: Question) -> Ticks:
    assert isinstance(question.params, PermissionsApproval)
    return first_page(question.params, SETTING)


def press(step: Ticks, *keys: str) -> Ticks:
    for key in keys:
        after = step.press(key, key if len(key) == 1 else None)
        assert isinstance(after, Ticks), key
        step = after
    return step


def result(step: Ticks, key: str = "y") -> Any:
    return next(choice for choice in step.sheet.choices if choice.key == key).result


def test_nothing_is_ticked_at_first_and_nothing_ticked_is_a_no() -> None:
    step = page(some_rights())
    assert not step.ticked
    for key in ("y", "s", "d", "escape"):
        assert result(step, key) == {"permissions": {}}


def test_one_key_ticks_all_and_the_same_key_none() -> None:
    step = press(page(some_rights()), "a")
    assert result(step) == ALL
    assert result(press(step, "a")) == {"permissions": {}}
    assert result(press(step, "space", "a")) == ALL


def test_a_part_goes_out_in_the_words_it_came_in() -> None:
    step = press(page(some_rights()), "down", "space")
    assert result(step) == {
        "permissions": {
            "fileSystem": {
                "read": ["/etc/hosts"],
                "entries": [entry("/etc/hosts", "read"), entry("/opt/notes/keys", "deny")],
            }
        },
        "scope": "turn",
    }


def test_the_network_alone_says_nothing_of_files() -> None:
    assert result(press(page(some_rights()), "space"))["permissions"] == {"network": {"enabled": True}}


def test_the_session_takes_a_second_step_that_says_how_long_it_lasts() -> None:
    step = press(page(some_rights()), "space")
    session = next(choice for choice in step.sheet.choices if choice.key == "s")
    assert session.result is None
    assert session.leads is not None
    sheet = session.leads().sheet
    assert [choice.result for choice in sheet.choices] == [
        {"permissions": {"network": {"enabled": True}}, "scope": "session"},
        None,
    ]
    assert sheet.choices[0].grants
    assert "until this thread is closed or its engine stops; no file is written" in str(sheet.facts)


def test_limits_are_shown_and_go_with_every_right_on_files() -> None:
    facts = {str(fact.label): fact.rows for fact in page(some_rights()).sheet.facts}
    assert facts["Stays closed"] == ("/opt/notes/keys",)


@pytest.mark.parametrize(
    "files",
    [
        {"write": ["/opt"], "except": ["/opt/keys"]},
        {"write": ["/opt"], "entries": [entry("/opt", "write"), entry("/opt/keys", "hide")]},
        {"write": ["/opt"], "entries": [{**entry("/opt/keys", "deny"), "when": "night"}]},
        {"write": ["/opt"], "entries": [{"path": {"type": "inode", "number": 7}, "access": "read"}]},
        {"entries": [{"path": {"type": "special", "value": {"kind": "cloud"}}, "access": "read"}]},
        {"entries": [{"path": {"type": "path", "path": "/opt", "not": "/opt/keys"}, "access": "write"}]},
    ],
)
def test_where_something_is_unknown_no_right_on_files_can_be_granted(files: Any) -> None:
    step = page(rights({"fileSystem": files}))
    assert step.wish.rights == ()
    assert [choice.key for choice in step.sheet.choices] == ["d", "t", "escape"]
    assert "this client does not know all of it" in str(step.sheet.facts)


def test_a_network_right_with_conditions_cannot_be_granted() -> None:
    step = page(rights({"network": {"enabled": True, "hosts": ["example.com"]}}))
    assert step.wish.rights == ()
    assert "example.com" in str(step.sheet.facts)


def test_places_of_the_systems_own_are_named() -> None:
    def special(kind: str, **more: str) -> Any:
        return {"path": {"type": "special", "value": {"kind": kind, **more}}, "access": "write"}

    step = page(
        rights({"fileSystem": {"entries": [special("root"), special("project_roots", subpath="out")]}})
    )
    assert [(str(right.place), [str(mark) for mark in right.marks]) for right in step.wish.rights] == [
        ("the whole file system", ["outside the workspace"]),
        ("the project's directories: out", []),
    ]


def test_a_link_and_a_place_outside_are_marked() -> None:
    marks = {
        str(right.place): [str(mark) for mark in right.marks] for right in page(some_rights()).wish.rights
    }
    assert marks["~/proj/setup.cfg"] == ["a link to /etc/shared/setup.cfg", "outside the workspace"]
    assert marks["/opt/notes"] == ["outside the workspace"]
    assert marks["what matches /srv/**/*.log"] == ["outside the workspace"]


def test_a_relative_path_is_looked_up_below_the_directory_of_the_request() -> None:
    looked: list[str] = []

    def look_up(path: str) -> Any:
        looked.append(path)
        return place(path)

    question = rights({"fileSystem": {"write": ["out"]}})
    assert isinstance(question.params, PermissionsApproval)
    wish_of(question.params, Setting(workspace=PROJECT, home=HOME, look_up=look_up))
    assert f"{PROJECT}/out" in looked


# -- properties -------------------------------------------------------------------------------

PATHS = st.sampled_from(["/a", "/a/b", "/opt", "~x", "rel", "/ä\u202e", ""])


def _pattern(pattern: str, access: str) -> JsonObject:
    return {"path": {"type": "glob_pattern", "pattern": pattern}, "access": access}


def _special(kind: str) -> JsonObject:
    return {"path": {"type": "special", "value": {"kind": kind}}, "access": "read"}


ACCESS = st.sampled_from(["read", "write", "deny"])
KINDS = st.sampled_from(["root", "minimal", "project_roots", "tmpdir", "slash_tmp"])
ENTRIES: st.SearchStrategy[JsonObject] = st.one_of(
    st.builds(entry, PATHS, ACCESS),
    st.builds(_pattern, st.sampled_from(["/srv/*", "**", "[x"]), ACCESS),
    st.builds(_special, KINDS),
)
FILES: st.SearchStrategy[JsonObject] = st.fixed_dictionaries(
    {},
    optional={
        "read": st.one_of(st.none(), st.lists(PATHS, max_size=4)),
        "write": st.one_of(st.none(), st.lists(PATHS, max_size=4)),
        "entries": st.one_of(st.none(), st.lists(ENTRIES, max_size=6)),
        "globScanMaxDepth": st.one_of(st.none(), st.integers(1, 9)),
    },
)
PROFILES: st.SearchStrategy[JsonObject] = st.fixed_dictionaries(
    {},
    optional={
        "network": st.one_of(st.none(), st.fixed_dictionaries({}, optional={"enabled": st.booleans()})),
        "fileSystem": st.one_of(st.none(), FILES),
    },
)


def _is_part(part: Any, whole: Any) -> bool:
    """Whether everything in `part` is in `whole`."""
    if isinstance(part, dict):
        given = cast("dict[str, Any]", part)
        return isinstance(whole, dict) and all(
            name in whole and _is_part(value, whole[name]) for name, value in given.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(
            one in cast("list[Any]", whole) for one in cast("list[Any]", part)
        )
    return part == whole


@given(profile=PROFILES, ticks=st.sets(st.integers(0, 15)))
def test_what_is_granted_was_asked_for_and_every_limit_stays(profile: JsonObject, ticks: set[int]) -> None:
    question = rights(profile)
    assert isinstance(question.params, PermissionsApproval)
    wish = wish_of(question.params, SETTING)
    ticked = frozenset(ticks) & frozenset(range(len(wish.rights)))
    given_out = granted(wish, ticked)
    assert _is_part(given_out, profile), json.dumps(given_out)
    assert bool(given_out) == bool(ticked)
    files = given_out.get("fileSystem")
    if files is not None:
        entries: list[JsonObject] = profile["fileSystem"].get("entries") or []
        limits = [one for one in entries if one["access"] == "deny"]
        assert all(limit in files.get("entries", []) for limit in limits)


@given(profile=PROFILES)
def test_all_that_is_asked_for_can_be_ticked(profile: JsonObject) -> None:
    question = rights(profile)
    assert isinstance(question.params, PermissionsApproval)
    wish = wish_of(question.params, SETTING)
    given_out = granted(wish, frozenset(range(len(wish.rights))))
    files: dict[str, Any] = profile.get("fileSystem") or {}
    sent = given_out.get("fileSystem", {})
    for name in ("read", "write"):
        assert set(files.get(name) or []) == set(sent.get(name, []))
    entries: list[JsonObject] = files.get("entries") or []
    if sent:
        assert all(one in sent.get("entries", []) for one in entries)


# -- on screen --------------------------------------------------------------------------------


async def test_rights_are_ticked_and_given_by_keys() -> None:
    app = Stage(state(some_rights()))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.live(pilot)
        await pilot.press("down", "space")
        assert "[x] read   /etc/hosts" in app.text
        await app.live(pilot)
        await pilot.press("y")
        ((sent, outcome),) = app.answers
        assert (sent["scope"], outcome) == ("turn", "accept")
        assert sent["permissions"]["fileSystem"]["read"] == ["/etc/hosts"]


async def test_a_click_ticks_all() -> None:
    app = Stage(state(some_rights()))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.live(pilot)
        row = next(y for y, text in enumerate(app.text.split("\n")) if "Tick all, or none" in text)
        await pilot.click(offset=(20, row))
        assert app.text.count("[x]") == 5
        assert app.answers == []


async def test_escape_gives_nothing_and_stops_the_turn() -> None:
    app = Stage(state(some_rights()))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("a")
        await app.live(pilot)
        await pilot.press("escape")
        assert app.answers == [({"permissions": {}}, "cancel")]
        assert ("interrupt",) in [wanted[:1] for wanted in app.notes.wanted]


async def test_at_a_small_size_the_row_that_keys_work_on_stays_in_sight() -> None:
    app = Stage(state(some_rights()))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.live(pilot)
        for right in page(some_rights()).wish.rights:
            assert f"> [ ] {'' if right.kind == 'network' else right.kind}" in app.text
            await pilot.press("down")
            await pilot.pause()


async def test_rows_that_never_were_on_screen_keep_a_grant_from_going() -> None:
    app = Stage(state(some_rights()))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.live(pilot)
        await pilot.press("space")
        await app.live(pilot)
        await pilot.press("y")
        assert app.answers == []
        await pilot.press("pagedown")
        for _ in range(12):
            await pilot.press("down", "pagedown")
            await pilot.pause()
        await app.live(pilot)
        await pilot.press("y")
        assert len(app.answers) == 1

"""The engine's and the account's health."""

from __future__ import annotations

from dataclasses import replace

from codex_tui.protocol.account import AccountUpdated
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.events import AccountKnown, EngineReady, EngineStarting, EngineStopped, LineSkipped
from codex_tui.session.reducer.notices import note_outside
from codex_tui.session.reducer.places import RUNNING, Step, put_thread, unchanged
from codex_tui.session.reducer.threads import lose_prompts
from codex_tui.session.reducer.turns import interrupt
from codex_tui.session.state import AccountHealth, EngineHealth, State, Touch
from codex_tui.session.transcript import Notice

ENGINE = frozenset({Touch("engine")})

ACCOUNT_TYPES = {"apikey": "apiKey"}
"""`account/updated` spells a login with a key otherwise than `account/read` does."""


def starting(state: State, event: EngineStarting) -> Step:
    if event.generation < state.engine.generation:
        return unchanged(state)
    return _with_engine(state, EngineHealth("starting", event.generation, path=event.path))


def ready(state: State, event: EngineReady) -> Step:
    if event.generation < state.engine.generation:
        return unchanged(state)
    engine = replace(
        state.engine,
        phase="ready",
        generation=event.generation,
        version=event.version,
        codex_home=event.codex_home,
        reason="",
        exit_code=None,
    )
    return _with_engine(state, engine)


def stopped(state: State, event: EngineStopped) -> Step:
    """The engine is gone, and with it its questions and whatever ran; the transcripts stay."""
    change: frozenset[Touch] = frozenset()
    inbox = state.inbox.engine_stopped(event.generation)
    if len(inbox) != len(state.inbox):
        state, change = replace(state, inbox=inbox), change | {Touch("inbox")}
    if event.generation < state.engine.generation:
        return state, change  # a late word of an engine that has a successor
    engine = replace(
        state.engine,
        phase="stopped" if event.expected else "died",
        generation=event.generation,
        reason=event.reason,
        exit_code=event.exit_code,
        stderr=event.stderr,
    )
    state, more = _with_engine(state, engine)
    change |= more
    for thread in tuple(state.threads.values()):
        for turn in [turn for turn in thread.turns if turn.status == RUNNING]:
            state, more = interrupt(state, state.threads[thread.id], turn)
            change |= more
        unloaded = replace(state.threads[thread.id], status="notLoaded", flags=())
        unloaded = lose_prompts(unloaded, "turn", "steer")
        state, more = put_thread(state, unloaded)
        change |= more
    return state, change


def skipped(state: State, event: LineSkipped) -> Step:
    """A line that is no message: counted each time, said once."""
    engine = replace(state.engine, skipped_lines=state.engine.skipped_lines + max(0, event.times))
    first = state.engine.skipped_lines == 0
    state, change = _with_engine(state, engine)
    if not first:
        return state, change
    detail = f"{event.reason}\n{event.sample}"
    notice = Notice("warning", "The engine sent a line that is no message", detail, "client")
    state, more = note_outside(state, notice)
    return state, change | more


def account_known(state: State, event: AccountKnown) -> Step:
    return _with_account(state, AccountHealth(True, event.account, event.requires_openai_auth))


def account_updated(state: State, said: AccountUpdated) -> Step:
    """`account/updated`: somebody logged in or out, here or in another client."""
    account: JsonObject | None = None
    if said.auth_mode is not None:
        account = {"type": ACCOUNT_TYPES.get(said.auth_mode, said.auth_mode), "planType": said.plan_type}
    return _with_account(state, replace(state.account, known=True, account=account))


def _with_account(state: State, account: AccountHealth) -> Step:
    return unchanged(state) if account == state.account else (replace(state, account=account), ENGINE)


def _with_engine(state: State, engine: EngineHealth) -> Step:
    return unchanged(state) if engine == state.engine else (replace(state, engine=engine), ENGINE)

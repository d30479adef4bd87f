"""Threads: their status, name, settings, tokens and life, and prompts on their way to one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from codex_tui.protocol.base import Wire
from codex_tui.protocol.events import AgentsListed, BranchSeen, PromptFailed, PromptSent, ThreadShown
from codex_tui.protocol.threads import (
    OpenedThread,
    ThreadArchived,
    ThreadClosed,
    ThreadDeleted,
    ThreadGoalUpdated,
    ThreadNameUpdated,
    ThreadSettingsUpdated,
    ThreadStarted,
    ThreadStatusChanged,
    ThreadTokenUsageUpdated,
)
from codex_tui.protocol.threads import Thread as WireThread
from codex_tui.session.reducer.notices import note
from codex_tui.session.reducer.places import Step, put_thread, thread_of, unchanged
from codex_tui.session.state import NOTHING, Change, State, Touch
from codex_tui.session.transcript import Notice, Pending, Settings, Thread, Tokens


def started(state: State, said: ThreadStarted) -> Step:
    """`thread/started`: often long after the thread was opened, and never for sub-agents' threads."""
    return put_thread(state, with_record(thread_of(state, said.thread.id), said.thread))


def with_record(thread: Thread, told: WireThread) -> Thread:
    """`thread` with what the engine's record of it says; what it leaves open stays."""
    old = thread.settings
    settings = replace(
        old,
        model=told.model or old.model,
        provider=told.model_provider or old.provider,
        effort=told.reasoning_effort or old.effort,
        cwd=told.cwd or old.cwd,
    )
    branch = told.git_info.branch if told.git_info is not None else None
    return replace(
        thread,
        settings=settings,
        name=told.name if told.name is not None else thread.name,
        preview=told.preview or thread.preview,
        branch=branch or thread.branch,
        parent_id=told.parent_thread_id or thread.parent_id,
        record=told,
    )


def with_opening(thread: Thread, opened: OpenedThread) -> Thread:
    """`thread` with what `thread/start`, `resume` or `fork` answered: how it works from now on."""
    thread = with_record(thread, opened.thread)
    settings = Settings(
        model=opened.model or thread.settings.model,
        provider=opened.model_provider or thread.settings.provider,
        effort=opened.reasoning_effort,
        cwd=opened.cwd or thread.settings.cwd,
        approval_policy=plain(opened.approval_policy),
        sandbox=plain(opened.sandbox),
    )
    thread = replace(thread, settings=settings)
    status = opened.thread.status
    return thread if status is None else replace(thread, status=status.type, flags=status.active_flags)


def plain(value: Any) -> Any:
    """A policy as the wire has it."""
    return value.model_dump(by_alias=True) if isinstance(value, Wire) else value


def status_changed(state: State, said: ThreadStatusChanged) -> Step:
    """`thread/status/changed`. A thread in memory only, once closed, does not come back: what the
    engine says of it then was on its way."""
    thread = thread_of(state, said.thread_id)
    if thread.status == "notLoaded" and getattr(thread.record, "ephemeral", False):
        return unchanged(state)
    return put_thread(state, replace(thread, status=said.status.type, flags=said.status.active_flags))


def name_updated(state: State, said: ThreadNameUpdated) -> Step:
    return put_thread(state, replace(thread_of(state, said.thread_id), name=said.thread_name))


def settings_updated(state: State, said: ThreadSettingsUpdated) -> Step:
    """`thread/settings/updated`: all settings, as they are from the next turn on."""
    thread, told = thread_of(state, said.thread_id), said.thread_settings
    settings = replace(
        thread.settings,
        model=told.model or thread.settings.model,
        provider=told.model_provider or thread.settings.provider,
        effort=told.effort,
        cwd=told.cwd or thread.settings.cwd,
        approval_policy=plain(told.approval_policy) or thread.settings.approval_policy,
        sandbox=plain(told.sandbox_policy) or thread.settings.sandbox,
    )
    return put_thread(state, replace(thread, settings=settings))


def tokens_updated(state: State, said: ThreadTokenUsageUpdated) -> Step:
    """`thread/tokenUsage/updated`. The window stays known when a message leaves it out."""
    thread, told = thread_of(state, said.thread_id), said.token_usage
    tokens = Tokens(
        total=told.total.total_tokens,
        last_total=told.last.total_tokens,
        window=told.model_context_window or thread.tokens.window,
    )
    return put_thread(state, replace(thread, tokens=tokens))


def shown(state: State, event: ThreadShown) -> Step:
    """The thread on screen is another one of those that are known."""
    if event.thread_id not in state.threads or event.thread_id == state.active_id:
        return unchanged(state)
    return replace(state, active_id=event.thread_id), frozenset({Touch("threads", event.thread_id)})


def agents(state: State, event: AgentsListed) -> Step:
    """Sub-agents' threads from before: they come up as threads that are put down. Known ones stay."""
    change: Change = NOTHING
    for told in event.threads:
        if isinstance(told, WireThread) and told.id not in state.threads:
            state, more = put_thread(state, replace(with_record(Thread(told.id), told), status="notLoaded"))
            change |= more
    return state, change


def branch_seen(state: State, seen: BranchSeen) -> Step:
    """What the client read itself counts: the engine's record tells the branch only of older threads."""
    return put_thread(state, replace(thread_of(state, seen.thread_id), branch=seen.branch))


def goal_updated(state: State, said: ThreadGoalUpdated) -> Step:
    """`thread/goal/updated`: a goal starts turns nobody typed, so it is said."""
    title = f"Goal ({said.goal.status}): {said.goal.objective}"
    notice = Notice("info", title, "", "thread/goal/updated")
    return note(state, notice, said.thread_id, said.turn_id or "")


def closed(state: State, said: ThreadClosed) -> Step:
    """`thread/closed`: the engine has unloaded it; what is on screen stays."""
    thread = thread_of(state, said.thread_id)
    return put_thread(state, replace(thread, status="notLoaded", flags=()))


def deleted(state: State, said: ThreadDeleted) -> Step:
    """`thread/deleted`: gone from the engine's history; what is on screen stays."""
    return _gone(state, said.thread_id, "This thread was deleted", "thread/deleted")


def archived(state: State, said: ThreadArchived) -> Step:
    return _gone(state, said.thread_id, "This thread was archived", "thread/archived")


def _gone(state: State, thread_id: str, title: str, source: str) -> Step:
    thread = thread_of(state, thread_id)
    state, change = put_thread(state, replace(thread, status="notLoaded", flags=()))
    state, more = note(state, Notice("warning", title, "", source), thread_id)
    return state, change | more


def prompt_sent(state: State, event: PromptSent) -> Step:
    thread = thread_of(state, event.thread_id)
    if any(one.client_id == event.client_id for one in thread.pending):
        return put_thread(state, thread)
    sent = Pending(event.client_id, event.text, event.how, event.at_ms)
    return put_thread(state, replace(thread, pending=(*thread.pending, sent)))


def lose_prompts(thread: Thread, *hows: str) -> Thread:
    """`thread` with its prompts of those kinds marked as lost. Should one be echoed after all, it goes."""
    pending = tuple(replace(one, how="lost") if one.how in hows else one for one in thread.pending)
    return thread if pending == thread.pending else replace(thread, pending=pending)


def prompt_failed(state: State, event: PromptFailed) -> Step:
    """Its text is the composer's again and the host says why, so here it only stops waiting."""
    thread = state.threads.get(event.thread_id)
    if thread is None:
        return unchanged(state)
    left = tuple(one for one in thread.pending if one.client_id != event.client_id)
    return put_thread(state, replace(thread, pending=left))

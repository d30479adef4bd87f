"""The one table of actions: id, title, default keys, scope.

Bindings and the key help read it. Dialogs are no bindings: each answer names its key where it
stands on screen, behind a guard; here are those that most of them share, for the help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from textual.binding import Binding

Scope = Literal[
    "app", "main", "chat", "reading", "diff", "commands", "composer", "question", "history", "slash", "rewind"
]

SCOPE_TITLES: dict[Scope, str] = {
    "composer": "Writing",
    "slash": "Commands, written instead of a prompt",
    "main": "The turn",
    "chat": "Reading",
    "reading": "Reading, after F2",
    "diff": "Changes (F3)",
    "commands": "Commands (F4)",
    "question": "Answering a question",
    "history": "Saved threads (F7)",
    "rewind": "Going back (Esc Esc)",
    "app": "Everywhere",
}


@dataclass(frozen=True, slots=True)
class Action:
    """`id` is the Textual action, `keys` are Textual key names; `help_only` keeps it off the footer line."""

    id: str
    title: str
    keys: tuple[str, ...]
    scope: Scope
    help_only: bool = True
    priority: bool = False


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A draft `/word` that is carried out instead of sent.

    `takes` names what may stand behind the word, "" nothing. A `careful` one wants its whole word:
    the beginning of it is completed first, and not carried out.
    """

    word: str
    title: str
    takes: str = ""
    careful: bool = False

    @property
    def written(self) -> str:
        """How it is written, for lists: `/find WORDS`."""
        return f"/{self.word} {self.takes}".rstrip()


SLASH: tuple[SlashCommand, ...] = (
    SlashCommand("resume", "choose a saved thread and go on with it", "WORDS"),
    SlashCommand("new", "a new thread"),
    SlashCommand("threads", "the open threads and agents: what they do, what is new"),
    SlashCommand("fork", "go on with a copy of this thread"),
    SlashCommand("side", "ask something aside; Esc leads back, and no trace stays", "PROMPT"),
    SlashCommand("back", "from a side conversation or an agent's thread to where it belongs"),
    SlashCommand("rewind", "go back to before an earlier prompt: conversation, files, or both", "[undo]"),
    SlashCommand("rename", "give this thread a name", "NAME"),
    SlashCommand("export", "write this thread to a file: Markdown, or a page (.html)", "FILE"),
    SlashCommand("compact", "let a summary take the place of what the model remembers", careful=True),
    SlashCommand("archive", "put this thread away and begin a new one", careful=True),
    SlashCommand("diff", "what changed"),
    SlashCommand("commands", "commands and their output"),
    SlashCommand("find", "find in the conversation", "WORDS"),
    SlashCommand("keys", "the keys, and these commands"),
    SlashCommand("log", "notices and engine log"),
    SlashCommand("quit", "leave", careful=True),
)


ACTIONS: tuple[Action, ...] = (
    Action("help", "keys", ("f1",), "app", help_only=False),
    Action("engine_log", "notices and engine log", ("f12",), "app"),
    Action(
        "clear_or_quit", "clear the draft; twice on an empty one: quit", ("ctrl+c",), "app", priority=True
    ),
    Action("suspend_process", "suspend", ("ctrl+z",), "app"),
    Action("redraw", "draw the screen anew", ("ctrl+l",), "app"),
    Action(
        "back_out",
        "stop the turn; twice with none and an empty draft: go back to before a prompt",
        ("escape",),
        "main",
        help_only=False,
    ),
    Action("open_question", "answer what waits", ("f5",), "main", help_only=False, priority=True),
    Action("approve_denied", "let the agent try once what the reviewer denied", ("alt+a",), "main"),
    Action("cycle_fold", "brief, normal, everything", ("ctrl+t",), "main", priority=True),
    Action(
        "show_chat", "the conversation: read it with the keys below, and back", ("f2",), "main", priority=True
    ),
    Action("find", "find in the conversation", ("ctrl+f",), "main", priority=True),
    Action("show_side('diff')", "what changed", ("f3",), "main", help_only=False, priority=True),
    Action("show_side('commands')", "commands and their output", ("f4",), "main", priority=True),
    Action("threads", "saved threads: resume, fork, find what was said", ("f7",), "main", priority=True),
    Action("new_thread", "a new thread", ("f8",), "main", priority=True),
    Action("list_threads", "the open threads and agents: show another one", ("f9",), "main", priority=True),
    Action("restart_engine", "start a dead engine again (outside the composer)", ("r",), "main"),
    Action("page_up", "page up", ("pageup",), "chat"),
    Action("page_down", "page down", ("pagedown",), "chat"),
    Action("line_up", "line up", ("ctrl+up",), "chat"),
    Action("line_down", "line down", ("ctrl+down",), "chat"),
    Action("to_start", "to the first line", ("ctrl+home",), "chat"),
    Action("to_end", "to the last line, and follow", ("ctrl+end",), "chat"),
    Action("item_up", "select the item above", ("alt+up",), "chat"),
    Action("item_down", "select the item below", ("alt+down",), "chat"),
    Action("toggle_item", "unfold or fold the selected item", ("alt+enter",), "chat"),
    Action("jump('prompt', -1)", "to the prompt above", ("alt+pageup",), "chat"),
    Action("jump('prompt', 1)", "to the prompt below", ("alt+pagedown",), "chat"),
    Action("leave", "back to the composer", ("escape", "i"), "reading"),
    Action("item_up", "select the item above", ("up", "k"), "reading"),
    Action("item_down", "select the item below", ("down", "j"), "reading"),
    Action("page_up", "page up", ("b",), "reading"),
    Action("page_down", "page down", ("space",), "reading"),
    Action("to_start", "to the first line", ("home", "g"), "reading"),
    Action("to_end", "to the last line, and follow", ("end", "G"), "reading"),
    Action("toggle_item", "unfold or fold the selected item", ("enter", "o"), "reading"),
    Action("screen.cycle_fold", "brief, normal, everything", ("t",), "reading"),
    Action("jump('prompt', -1)", "to the prompt above", ("[",), "reading"),
    Action("jump('prompt', 1)", "to the prompt below", ("]",), "reading"),
    Action("jump('kind', -1)", "to the item above of the same kind", ("{",), "reading"),
    Action("jump('kind', 1)", "to the item below of the same kind", ("}",), "reading"),
    Action("jump('command', 1)", "to the command below", ("c",), "reading"),
    Action("jump('command', -1)", "to the command above", ("C",), "reading"),
    Action("jump('patch', 1)", "to the patch below", ("p",), "reading"),
    Action("jump('patch', -1)", "to the patch above", ("P",), "reading"),
    Action("jump('failure', -1)", "to the last failure, and those before", ("x",), "reading"),
    Action("jump('failure', 1)", "to the failure below", ("X",), "reading"),
    Action("screen.find", "find", ("/",), "reading"),
    Action("find(1)", "to the next match", ("n",), "reading"),
    Action("find(-1)", "to the match before", ("N",), "reading"),
    Action("screen.rewind", "go back to before this prompt", ("R",), "reading"),
    Action("screen.fork_here", "go on with a copy that ends with this turn", ("f",), "reading"),
    Action("copy_item", "copy the item; a letter in the rule says what of it", ("y",), "reading"),
    Action("copy_source", "copy its markdown, or all it holds", ("Y",), "reading"),
    Action("list_links", "where it leads: addresses, and files for your editor", ("l",), "reading"),
    Action("app.help", "keys", ("?",), "reading"),
    Action("source('turn')", "what this turn changed", ("1",), "diff"),
    Action("source('session')", "what the whole session changed", ("2",), "diff"),
    Action("source('tree')", "the working tree: all that git sees", ("3",), "diff"),
    Action("source('pending')", "the change that waits for your answer", ("4",), "diff"),
    Action("renew", "look at the working tree again", ("g",), "diff"),
    Action("list_files", "the list of files", ("f",), "diff"),
    Action("step_file(1)", "next file", ("right_square_bracket",), "diff"),
    Action("step_file(-1)", "file before", ("left_square_bracket", "p"), "diff"),
    Action("step_hunk(1)", "next hunk", ("right_curly_bracket", "full_stop"), "diff"),
    Action("step_hunk(-1)", "hunk before", ("left_curly_bracket", "comma"), "diff"),
    Action("toggle_file", "fold or unfold the file", ("enter", "space"), "diff"),
    Action("toggle_all", "fold or unfold all files", ("z",), "diff"),
    Action("toggle_split", "both sides beside each other, or one below the other", ("s",), "diff"),
    Action("toggle_wrap", "wrap long lines, or cut them", ("w",), "diff"),
    Action("widen", "all of the screen for the changes, or the chat beside them", ("v",), "diff"),
    Action("find", "find", ("slash",), "diff"),
    Action("onward(1)", "the next match; without a search the next file", ("n",), "diff"),
    Action("onward(-1)", "the match before", ("N",), "diff"),
    Action("open", "open in your editor at this line", ("o",), "diff"),
    Action("copy", "copy the hunk; on a file's title the file's patch", ("y",), "diff"),
    Action("comment", "comment on this line", ("c",), "diff"),
    Action("drop_comment", "delete the comment here", ("x", "delete"), "diff"),
    Action("send_comments", "send all comments to the agent", ("C", "ctrl+enter"), "diff"),
    Action("revert(False)", "take the agent's change of this hunk back", ("r",), "diff"),
    Action("revert(True)", "take the agent's change of this file back", ("R",), "diff"),
    Action("undo_revert", "undo what was taken back last", ("U",), "diff"),
    Action("line_up", "line up", ("up", "k"), "diff"),
    Action("line_down", "line down", ("down", "j"), "diff"),
    Action("page_up", "page up", ("pageup",), "diff"),
    Action("page_down", "page down", ("pagedown",), "diff"),
    Action("to_start", "to the first line", ("home",), "diff"),
    Action("to_end", "to the last line", ("end",), "diff"),
    Action("sideways(-1)", "to the left, where lines are cut", ("left", "h"), "diff"),
    Action("sideways(1)", "to the right, where lines are cut", ("right", "l"), "diff"),
    Action("leave", "back to the composer", ("escape", "q"), "diff"),
    Action("select(-1)", "the command above", ("up", "k"), "commands"),
    Action("select(1)", "the command below", ("down", "j"), "commands"),
    Action("toggle_open", "the output alone, or the list again", ("enter",), "commands"),
    Action("page(-1)", "output: page up", ("pageup", "b"), "commands"),
    Action("page(1)", "output: page down", ("pagedown", "space"), "commands"),
    Action("scroll(-1)", "output: line up", ("ctrl+up", "K"), "commands"),
    Action("scroll(1)", "output: line down", ("ctrl+down", "J"), "commands"),
    Action("to_start", "output: to the first line", ("home", "g"), "commands"),
    Action("to_end", "output: to the end, and follow", ("end", "G"), "commands"),
    Action("find", "find in the output", ("slash",), "commands"),
    Action("onward(1)", "the next match", ("n",), "commands"),
    Action("onward(-1)", "the match before", ("N",), "commands"),
    Action("toggle_wrap", "wrap long lines, or cut them", ("w",), "commands"),
    Action("sideways(-1)", "to the left, where lines are cut", ("left", "h"), "commands"),
    Action("sideways(1)", "to the right, where lines are cut", ("right", "l"), "commands"),
    Action("copy", "copy the output", ("y",), "commands"),
    Action("copy_command", "copy the command", ("c",), "commands"),
    Action("open", "the whole log in your editor", ("o",), "commands"),
    Action("toggle_background", "only what runs in the background, or all", ("t",), "commands"),
    Action("type_in", "type into it: only the agent can", ("i",), "commands"),
    Action("terminate", "terminate it (asks)", ("x",), "commands"),
    Action("terminate_all", "terminate all in the background (asks)", ("X",), "commands"),
    Action("leave", "back to the composer", ("escape", "q"), "commands"),
    Action("send", "send; steers a running turn", ("enter",), "composer", help_only=False),
    Action("newline", "new line", ("shift+enter", "ctrl+j"), "composer"),
    Action("search_prompts", "find an earlier prompt, also of another session", ("ctrl+r",), "composer"),
    Action("edit_draft", "write on in your editor ($VISUAL, $EDITOR)", ("ctrl+g",), "composer"),
    Action("queue", "queue for after the turn", ("tab",), "composer"),
    Action("back", "clear the filter; back", ("escape",), "history", priority=True),
    Action(
        "switch",
        "from the filter to the list, where the letters are keys, and back",
        ("tab",),
        "history",
        priority=True,
    ),
    Action("move(-1)", "the thread above", ("up",), "history"),
    Action("move(1)", "the thread below", ("down",), "history"),
    Action("page(-1)", "a page up", ("pageup",), "history"),
    Action("page(1)", "a page down", ("pagedown",), "history"),
    Action("take", "go on with it", ("enter",), "history"),
    Action("fork", "go on with a copy of it", ("f",), "history", priority=True),
    Action("rename", "give it a name", ("r",), "history", priority=True),
    Action("archive", "put it away, or bring it back", ("a",), "history", priority=True),
    Action("delete", "delete it for good; asks", ("x",), "history", priority=True),
    Action("export", "write it to a file", ("e",), "history", priority=True),
    Action("scope", "of this directory, or of all", ("d",), "history", priority=True),
    Action("kind", "saved, or archived", ("v",), "history", priority=True),
    Action("provider", "of one provider, or of all", ("p",), "history", priority=True),
    Action("sort", "by last use, or by when they were made", ("s",), "history", priority=True),
    Action("agents", "with the threads of sub-agents, or without", ("g",), "history", priority=True),
    Action("copy_id", "copy its id", ("c",), "history", priority=True),
    Action("back", "to the page before; stay as it is", ("escape", "q"), "rewind"),
    Action("move(-1)", "the row above", ("up", "k"), "rewind"),
    Action("move(1)", "the row below", ("down", "j"), "rewind"),
    Action("page(-1)", "a page up", ("pageup", "b"), "rewind"),
    Action("page(1)", "a page down", ("pagedown",), "rewind"),
    Action("take", "what going back there means; what a file becomes", ("enter",), "rewind"),
    Action("turn(1)", "conversation and files, files only, conversation only", ("tab", "right"), "rewind"),
    Action("turn(-1)", "the choice before", ("shift+tab", "left"), "rewind"),
    Action("force", "a file that somebody changed: take back what fits, or leave it", ("space",), "rewind"),
    Action("go", "go back; asks", ("r",), "rewind"),
    Action("undo", "put back files that went back, also in earlier sessions; shows them", ("U",), "rewind"),
    Action("once", "yes, this once", ("y",), "question"),
    Action("session", "yes, for this session", ("s",), "question"),
    Action("prefix", "always for a prefix: shows the rule first", ("p",), "question"),
    Action("decline", "no, the agent goes on without it", ("d",), "question"),
    Action("say", "no, and say why", ("t",), "question"),
    Action("stop", "no, and stop the turn", ("escape",), "question"),
    Action("unseen", "answer without reading the rest", ("u",), "question"),
    Action("later", "later: the dialog closes, the question stays", ("f5",), "question"),
    Action("all", "all that waits", ("f6",), "question"),
    *(Action(f"slash_{one.word}", one.title, (one.written,), "slash") for one in SLASH),
)


def bindings(scope: Scope) -> list[Binding]:
    """The Textual bindings of a scope."""
    from textual.binding import Binding

    return [
        Binding(
            ",".join(action.keys),
            action.id,
            action.title,
            show=not action.help_only,
            priority=action.priority,
            id=f"{action.scope}.{action.id}",
        )
        for action in ACTIONS
        if action.scope == scope
    ]


_NAMES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "slash": "/",
    "comma": ",",
    "full_stop": ".",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
}


def key_words(action: Action) -> str:
    """An action's keys as a person writes them: `Ctrl+Home`, `Shift+Enter or Ctrl+J`."""

    if action.scope == "slash":
        return action.keys[0]

    def written(key: str) -> str:
        parts = key.split("+")
        # A letter alone is that letter; with Ctrl it is written large, as on the key.
        return key if len(key) == 1 else "+".join(_NAMES.get(part, part.capitalize()) for part in parts)

    return " or ".join(written(key) for key in action.keys)

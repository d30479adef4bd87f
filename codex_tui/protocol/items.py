"""Thread items: what a turn is made of (`ThreadItem` in the engine's schema).

One model a known `type`, and `UnknownItem` for all others. `parse_item` never fails on an
object with a string `type` and `id`: an item whose members do not fit its model becomes an
`UnknownItem` too, with everything it brought kept in `model_extra`.
"""

from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field, PlainValidator, SerializeAsAny, ValidationError

from codex_tui.protocol.base import JsonObject, Since, Wire, known

WorkStatus = Annotated[str, known("inProgress", "completed", "failed")]
GuardedStatus = Annotated[str, known("inProgress", "completed", "failed", "declined")]


class Item(Wire):
    """Members common to all items. Times are in ms since the epoch and may be missing."""

    type: str
    id: str
    started_at_ms: Annotated[int | None, Since((0, 169))] = None
    completed_at_ms: Annotated[int | None, Since((0, 169))] = None


class UserInput(Wire):
    """One part of a prompt: `text`, `image` (url), `localImage` (path), `skill`, `mention`, …"""

    type: Annotated[str, known("text", "image", "localImage", "audio", "localAudio", "skill", "mention")]
    text: str = ""
    url: str | None = None
    path: str | None = None
    name: str | None = None


class UserMessage(Item):
    client_id: str | None = None
    content: tuple[UserInput, ...] = ()


class AsyncQuestion(Wire):
    """A question an agent message carries without waiting for the answer."""

    title: str = ""
    options: tuple[Any, ...] | None = None


class AgentMessage(Item):
    text: str = ""
    phase: Annotated[str | None, known("commentary", "partial_answer", "final_answer")] = None
    delivery: Annotated[str | None, known("async")] = None
    questions: tuple[AsyncQuestion, ...] | None = None


class Reasoning(Item):
    summary: tuple[str, ...] = ()
    content: tuple[str, ...] = ()


class PlanItem(Item):
    text: str = ""


class CommandAction(Wire):
    """The engine's reading of a part of a command. For display only."""

    type: Annotated[str, known("read", "listFiles", "search", "unknown")]
    command: str = ""
    name: str | None = None
    path: str | None = None
    query: str | None = None


class CommandExecution(Item):
    command: str = ""
    cwd: str = ""
    status: GuardedStatus = "inProgress"
    command_actions: tuple[CommandAction, ...] = ()
    aggregated_output: str | None = None
    exit_code: int | None = None
    duration_ms: int | None = None
    process_id: str | None = None
    source: Annotated[
        str | None, known("agent", "userShell", "unifiedExecStartup", "unifiedExecInteraction")
    ] = None


class ChangeKind(Wire):
    type: Annotated[str, known("add", "delete", "update")]
    # The one member of these models that is snake_case on the wire.
    move_path: str | None = Field(default=None, alias="move_path")


class FileUpdate(Wire):
    """One file of a patch. `diff` is the whole text for add and delete, hunks for update."""

    path: str
    kind: ChangeKind
    diff: str = ""


class FileChange(Item):
    changes: tuple[FileUpdate, ...] = ()
    status: GuardedStatus = "inProgress"


class ToolError(Wire):
    message: str = ""


class McpToolResult(Wire):
    content: tuple[Any, ...] = ()
    structured_content: Any = None


class McpToolCall(Item):
    server: str = ""
    tool: str = ""
    status: WorkStatus = "inProgress"
    arguments: Any = None
    read_only_hint: bool | None = None
    result: McpToolResult | None = None
    error: ToolError | None = None
    duration_ms: int | None = None


class DynamicToolCall(Item):
    namespace: str | None = None
    tool: str = ""
    status: WorkStatus = "inProgress"
    arguments: Any = None
    content_items: tuple[JsonObject, ...] | None = None
    success: bool | None = None
    duration_ms: int | None = None


class CollabAgentState(Wire):
    status: Annotated[
        str,
        known("pendingInit", "running", "interrupted", "completed", "errored", "shutdown", "notFound"),
    ]
    message: str | None = None


class CollabAgentToolCall(Item):
    tool: Annotated[str, known("spawnAgent", "sendInput", "resumeAgent", "wait", "closeAgent")] = ""
    status: Annotated[str, known("inProgress", "completed", "failed", "interrupted")] = "inProgress"
    sender_thread_id: str = ""
    receiver_thread_ids: tuple[str, ...] = ()
    prompt: str | None = None
    model: str | None = None
    agents_states: dict[str, CollabAgentState] = Field(default_factory=dict[str, CollabAgentState])


class SubAgentActivity(Item):
    kind: Annotated[str, known("started", "interacted", "interrupted", "completed")] = ""
    agent_thread_id: str = ""
    agent_path: str = ""
    model: str | None = None


class WebSearch(Item):
    query: str = ""
    action: JsonObject | None = None
    results: tuple[Any, ...] | None = None


class ImageView(Item):
    path: str = ""


class ImageGeneration(Item):
    status: str = ""
    result: str = ""
    revised_prompt: str | None = None
    saved_path: str | None = None


class Sleep(Item):
    duration_ms: int = 0


class ReviewMode(Item):
    """`enteredReviewMode` (the review's subject) and `exitedReviewMode` (its text)."""

    review: str = ""


class ContextCompaction(Item):
    pass


class HookFragment(Wire):
    hook_run_id: str = ""
    text: str = ""


class HookPrompt(Item):
    """What a hook told the model."""

    fragments: tuple[HookFragment, ...] = ()


class FunctionCallOutput(Item):
    """The output of a function that has no item type of its own."""

    name: str = ""
    namespace: str | None = None
    output: Any = None


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None


class UnknownItem(Item):
    """An item of a type, or with members, that this client does not know. All of it is in `model_extra`."""

    started_at_ms: Annotated[int | None, BeforeValidator(_whole)] = None
    completed_at_ms: Annotated[int | None, BeforeValidator(_whole)] = None


ThreadItem = (
    UserMessage
    | AgentMessage
    | Reasoning
    | PlanItem
    | CommandExecution
    | FileChange
    | McpToolCall
    | DynamicToolCall
    | CollabAgentToolCall
    | SubAgentActivity
    | WebSearch
    | ImageView
    | ImageGeneration
    | Sleep
    | ReviewMode
    | ContextCompaction
    | HookPrompt
    | FunctionCallOutput
    | UnknownItem
)

ITEM_MODELS: dict[str, type[Item]] = {
    "userMessage": UserMessage,
    "agentMessage": AgentMessage,
    "reasoning": Reasoning,
    "plan": PlanItem,
    "commandExecution": CommandExecution,
    "fileChange": FileChange,
    "mcpToolCall": McpToolCall,
    "dynamicToolCall": DynamicToolCall,
    "collabAgentToolCall": CollabAgentToolCall,
    "subAgentActivity": SubAgentActivity,
    "webSearch": WebSearch,
    "imageView": ImageView,
    "imageGeneration": ImageGeneration,
    "sleep": Sleep,
    "enteredReviewMode": ReviewMode,
    "exitedReviewMode": ReviewMode,
    "contextCompaction": ContextCompaction,
    "hookPrompt": HookPrompt,
    "functionCallOutput": FunctionCallOutput,
}


def parse_item(raw: JsonObject) -> Item:
    """The model of `raw` by its `type`; `UnknownItem` when the type or its members are unknown.

    Raises ValidationError only when `raw` has no string `type` and `id`.
    """
    kind = raw.get("type")
    model = ITEM_MODELS.get(kind) if isinstance(kind, str) else None
    if model is not None:
        try:
            return model.__pydantic_validator__.validate_python(raw, by_alias=True, by_name=False)
        except ValidationError:
            pass
    return UnknownItem.__pydantic_validator__.validate_python(raw, by_alias=True, by_name=False)


def _item(raw: Any) -> Item:
    if isinstance(raw, dict):
        return parse_item(cast("JsonObject", raw))
    if isinstance(raw, Item):
        return raw
    raise ValueError("an item must be an object")


AnyItem = Annotated[SerializeAsAny[Item], PlainValidator(_item)]
"""A member that holds an item of any type: read by `parse_item`, written with all it brought."""

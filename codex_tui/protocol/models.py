"""Models the engine can work with."""

from codex_tui.protocol.base import Wire


class EffortOption(Wire):
    reasoning_effort: str
    description: str = ""


class Model(Wire):
    """One model. `model` is the name that `thread/start` and `turn/start` take."""

    id: str
    model: str
    display_name: str = ""
    description: str = ""
    hidden: bool = False
    is_default: bool = False
    default_reasoning_effort: str = ""
    supported_reasoning_efforts: tuple[EffortOption, ...] = ()
    input_modalities: tuple[str, ...] = ()


class ModelListResult(Wire):
    """Of `model/list`."""

    data: tuple[Model, ...] = ()
    next_cursor: str | None = None

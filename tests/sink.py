"""Where text leaves for a terminal, and whether it was made safe: read from the source, nothing is run.

The type checker keeps plain strings out of what asks for `SafeText`; rich, Textual and Python's own
outputs ask for `str`. Here every call of those is found and its text has to be safe by its own
words: a literal, what `codex_tui.text` made, something annotated as safe, or put together of such.
The same goes for `SafeText(…)` outside `codex_tui.text`, which only claims what it cannot prove.
What the check does not see through is listed by its place with a reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Calls that put their text on a terminal: name, and which positional arguments are text (None: all).
CALLS: dict[str, tuple[int, ...] | None] = {
    "Text": (0,),
    "Segment": (0,),
    "Content": (0,),
    "Static": (0,),
    "Label": (0,),
    "Button": (0,),
    "Option": (0,),
    "Markdown": (0,),
    "RichLog": (0,),
    "Placeholder": (0,),
    "notify": (0,),
    "bell": None,
    "copy_to_clipboard": (0,),
    "print": None,
    "ClientError": (0, 1, 2),
    "from_text": (0,),
    "assemble": None,
    "set_title": (0,),
}
TEXT_KEYWORDS = frozenset(
    {"title", "sub_title", "placeholder", "tooltip", "border_title", "border_subtitle", "detail", "hint"}
)
TEXT_ATTRIBUTES = frozenset(
    {"border_title", "border_subtitle", "title", "sub_title", "placeholder", "tooltip"}
)
# Methods that write whatever they get.
WRITES = frozenset({"sys.stdout.write", "sys.stderr.write", "sys.__stdout__.write", "sys.__stderr__.write"})
FORBIDDEN_CALLS = frozenset({"from_markup", "render_markup", "from_ansi", "open_url", "Markup"})

SAFE_MODULES = ("codex_tui.text",)
SAFE_WORDS = ("SafeText", "Part", "Row", "Strip", "Segment", "LiteralString", "Literal[")
NUMERIC_CALLS = frozenset(
    {"len", "round", "int", "float", "sum", "abs", "ord", "cell_width", "cell_len", "part_width"}
)
# Methods of safe text that give safe text when what they are given is safe.
KEEPING = frozenset(
    {"ljust", "rjust", "center", "strip", "rstrip", "lstrip", "replace", "removeprefix", "removesuffix"}
    | {"upper", "lower", "capitalize", "join", "split", "partition", "rpartition", "values", "items", "get"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A text on its way to a terminal that the check cannot see to be safe."""

    file: str
    where: str  # the function around it
    what: str  # the source of the text
    line: int

    @property
    def place(self) -> tuple[str, str]:
        return (self.file, self.where)


@dataclass(frozen=True, slots=True)
class Project:
    """Names that are safe everywhere: functions and attributes annotated so."""

    calls: frozenset[str]
    fields: frozenset[str]


def survey(trees: dict[str, ast.Module]) -> Project:
    """What the annotations of a project say. A name that is annotated in two ways counts as unsafe."""
    safe: set[str] = set()
    unsafe: set[str] = set()
    attributes: set[str] = set()
    other: set[str] = set()
    numbers: set[str] = set()
    for tree in trees.values():
        for node in _statements(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
                said = ast.unparse(node.returns)
                (safe if _is_safe_annotation(said) else unsafe).add(node.name)
                if _is_number(said):
                    numbers.add(node.name)
                if any(isinstance(mark, ast.Name) and mark.id == "property" for mark in node.decorator_list):
                    (attributes if _is_safe_annotation(said) else other).add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name | ast.Attribute):
                name = node.target.id if isinstance(node.target, ast.Name) else node.target.attr
                said = ast.unparse(node.annotation)
                (attributes if _is_safe_annotation(said) else other).add(name)
                if _is_number(said):
                    numbers.add(name)
    counts = numbers - attributes
    calls = (safe - unsafe) | counts | NUMERIC_CALLS
    return Project(frozenset(calls), frozenset((attributes - other) | counts))


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements in a node, however deep."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _statements(child)


def _is_safe_annotation(said: str) -> bool:
    return any(word in said for word in SAFE_WORDS) and "str]" not in said.replace("SafeText", "")


def _is_number(said: str) -> bool:
    return said.replace(" | None", "") in {"int", "float", "int | float", "float | int"}


class Reader:
    """Finds the sinks of one module. `project` is what the annotations of all modules say."""

    def __init__(self, file: str, tree: ast.Module, project: Project) -> None:
        self.file, self.tree, self.project = file, tree, project
        self.findings: list[Finding] = []
        self.forbidden: list[Finding] = []
        self._made: set[str] = set()  # functions of the text room, as they are called here
        self._own: set[str] = set()  # classes of this project that are called as a sink is
        self._has_walrus = False  # whether expressions bind names
        self._scopes: list[dict[str, bool]] = [{}]
        self._where: list[str] = []

    def read(self) -> Reader:
        self._imports()
        self._bind(self.tree.body)
        for statement in self.tree.body:
            self._visit(statement)
        return self

    def _imports(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(SAFE_MODULES):
                self._made |= {alias.asname or alias.name for alias in node.names if alias.name != "SafeText"}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("codex_tui."):
                self._own |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.ClassDef):
                self._own.add(node.name)
            elif isinstance(node, ast.NamedExpr):
                self._has_walrus = True
        self._own.discard("ClientError")

    # -- names ----------------------------------------------------------------------------

    def _lookup(self, name: str) -> bool:
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        return False

    def _bind(self, body: list[ast.stmt]) -> None:
        """Names that this body assigns; one unsafe assignment makes a name unsafe. Twice, since a
        name may depend on one that is bound below it."""
        scope = self._scopes[-1]
        assigned = [
            (list(_names(target)), value)
            for node in _own_nodes(body, self._has_walrus)
            for target, value in _assignments(node)
        ]
        for _ in range(2):
            found: dict[str, bool] = {}
            for names, value in assigned:
                is_safe = value if isinstance(value, bool) else self.is_safe(value)
                for name in names:
                    found[name] = found.get(name, True) and is_safe
            for name, is_safe in found.items():
                scope[name] = is_safe and scope.get(name, True)

    def _enter(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        scope: dict[str, bool] = {}
        given = node.args
        for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
            if argument is not None:
                said = ast.unparse(argument.annotation) if argument.annotation is not None else ""
                scope[argument.arg] = _is_safe_annotation(said) or _is_number(said)
        self._scopes.append(scope)

    # -- sinks ----------------------------------------------------------------------------

    def _visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._where.append(node.name)
            self._enter(node)
            self._bind(node.body)
            self._children(node)
            self._scopes.pop()
            self._where.pop()
            return
        if isinstance(node, ast.ClassDef):
            self._where.append(node.name)
            self._scopes.append({})
            self._bind(node.body)
            self._children(node)
            self._scopes.pop()
            self._where.pop()
            return
        if isinstance(node, ast.Lambda):
            self._enter(node)
            self._children(node)
            self._scopes.pop()
            return
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            self._comprehend(node.generators)
            self._children(node)
            self._scopes.pop()
            return
        if isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in TEXT_ATTRIBUTES and node.value:
                    self._demand(node.value)
        self._children(node)

    def _children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, _LEAVES):
                self._visit(child)

    def _comprehend(self, generators: list[ast.comprehension]) -> None:
        scope: dict[str, bool] = {}
        self._scopes.append(scope)
        for generator in generators:
            is_safe = self.is_safe(generator.iter)
            for name in _names(generator.target):
                scope[name] = is_safe

    def _call(self, node: ast.Call) -> None:
        name = _called(node)
        if name in FORBIDDEN_CALLS:
            self.forbidden.append(self._finding(node))
        for keyword in node.keywords:
            if keyword.arg == "markup" and not (
                isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            ):
                self.forbidden.append(self._finding(node))
        if ast.unparse(node.func) in WRITES:
            for argument in node.args:
                self._demand(argument)
        if name == "SafeText":
            for argument in node.args:
                self._demand(argument)
        elif name in CALLS and not (isinstance(node.func, ast.Name) and name in self._own):
            which = CALLS[name]
            for index, argument in enumerate(node.args):
                if which is None or index in which:
                    self._demand(argument)
            for keyword in node.keywords:
                if keyword.arg in TEXT_KEYWORDS:
                    self._demand(keyword.value)
        elif name == "append" and self._is_rich_text(node):
            self._demand(node.args[0])

    def _is_rich_text(self, node: ast.Call) -> bool:
        """`append` with a style is a `Text`'s, a list takes no keyword."""
        return bool(node.args) and (len(node.args) > 1 or any(key.arg == "style" for key in node.keywords))

    def _demand(self, value: ast.expr) -> None:
        if not self.is_safe(value):
            self.findings.append(self._finding(value))

    def _finding(self, node: ast.expr) -> Finding:
        return Finding(self.file, ".".join(self._where), ast.unparse(node), node.lineno)

    # -- what is safe ---------------------------------------------------------------------

    def is_safe(self, node: ast.expr) -> bool:  # noqa: PLR0911 - one branch a kind of expression
        """Whether an expression is safe text, a number, or a collection of such, by its own words."""
        match node:
            case ast.Constant():
                return True
            case ast.JoinedStr(values=values) | ast.BoolOp(values=values) | ast.Dict(values=values):
                return all(self.is_safe(value) for value in values)
            case ast.Name(id=name):
                return self._lookup(name)
            case ast.Attribute(attr=name, value=value):
                return name in self.project.fields or self.is_safe(value)
            case ast.BinOp(left=left, right=right, op=op):
                if isinstance(op, ast.Mult):
                    return self.is_safe(left) or self.is_safe(right)
                return self.is_safe(left) and self.is_safe(right)
            case ast.UnaryOp(operand=operand):
                return self.is_safe(operand)
            case ast.IfExp(body=body, orelse=other):
                return self.is_safe(body) and self.is_safe(other)
            case ast.FormattedValue(value=value) | ast.Subscript(value=value):
                return self.is_safe(value)
            case ast.Starred(value=value) | ast.NamedExpr(value=value) | ast.Await(value=value):
                return self.is_safe(value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                return all(self.is_safe(part) for part in parts)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                self._comprehend(node.generators)
                is_safe = self.is_safe(node.elt)
                self._scopes.pop()
                return is_safe
            case ast.Call():
                return self._is_safe_call(node)
            case _:
                return False

    def _is_safe_call(self, node: ast.Call) -> bool:
        name = _called(node)
        if name in self._made or name in self.project.calls:
            return True
        if name in {"min", "max", "sorted", "reversed", "list", "tuple", "zip", "enumerate", "next", "iter"}:
            return all(self.is_safe(argument) for argument in node.args)
        if name in {"range", "divmod", "cast"}:
            return True if name != "cast" else self.is_safe(node.args[1])
        if name in {"SafeText", "Text", "Content", "Segment", "Strip"}:
            return True  # looked at where it is made
        if isinstance(node.func, ast.Attribute) and name in KEEPING:
            return self.is_safe(node.func.value) and all(self.is_safe(argument) for argument in node.args)
        return False


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _names(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _own_nodes(body: list[ast.stmt], expressions: bool) -> Iterator[ast.AST]:
    """The statements of a body, and with `expressions` what is in them, but not functions and classes."""
    left: list[ast.AST] = list(body)
    while left:
        node = left.pop()
        yield node
        if isinstance(node, _SCOPES) or (isinstance(node, ast.expr) and not expressions):
            continue
        left += ast.iter_child_nodes(node)


def _assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | bool]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target, value
                elif (
                    isinstance(target, ast.Tuple)
                    and isinstance(value, ast.Tuple)
                    and len(target.elts) == len(value.elts)
                ):
                    yield from zip(target.elts, value.elts, strict=True)
                elif isinstance(target, ast.Tuple):
                    yield target, value
        case ast.AnnAssign(target=ast.Name() as target, annotation=annotation):
            said = ast.unparse(annotation)
            yield target, _is_safe_annotation(said) or _is_number(said)
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            yield ast.Name(name, ast.Store()), value
        case ast.For(target=target, iter=value) | ast.NamedExpr(target=target, value=value):
            yield target, value
        case _:
            return


def read_source(source: str, file: str = "snippet.py") -> Reader:
    """The sinks of one piece of source on its own."""
    tree = ast.parse(source)
    return Reader(file, tree, survey({file: tree})).read()


def read_package(folder: Path) -> list[Reader]:
    """The sinks of all modules below `folder`, but those of the text room itself."""
    trees = {
        path.relative_to(folder).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }
    project = survey(trees)
    return [
        Reader(file, tree, project).read() for file, tree in trees.items() if not file.startswith("text/")
    ]

"""The laws that can be read off the source: each takes the project's folder and names what breaks it.

They take a folder, so that a twin can break a copy of the house and see the law go red.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STOREYS = ("kit", "core", "people", "goods", "trade", "growth", "office", "site")
ROOF = ("factory", "serve", "household")
ROOMS = {
    "people": ("places", "accounts", "files", "families", "entrance"),
    "goods": (
        "categories", "shelf", "stock", "shops", "delivery", "permits", "fostering", "photos", "products", "curation",
        "search", "catalogue", "reports", "reference", "spreadsheets", "prints", "machines", "wishes",
    ),
    "trade": (
        "sales", "notebook", "cashbook", "orders", "payments", "returns", "reviews", "bazaars", "stalls", "ekatalog",
        "procurement", "carts", "offices",
    ),
    "growth": ("businesses", "capital", "mentoring", "graduation"),
    "office": ("administration", "oversight", "requests", "tickets", "insights", "notices", "desks"),
    "site": ("front", "demo"),
}  # fmt: skip
# rules stands beside models: it is pure and imports neither, so models may take its words.
PARTS = {
    "rules": 0,
    "models": 0,
    "events": 1,
    "queries": 2,
    "policies": 3,
    "operations": 4,
    "listeners": 5,
    "forms": 6,
    "views": 7,
    "commands": 8,
}
NOT_IN_RULES = ("flask", "sqlalchemy", "flask_sqlalchemy", "app.core")
NOT_IN_KIT = (
    "flask",
    "flask_babel",
    "flask_sqlalchemy",
    "jinja2",
    "sqlalchemy",
    "sqlite3",
    "psycopg",
    "werkzeug",
    "wtforms",
)
LOADERS = {"import_module", "__import__"}
OPTIONAL = "app/core/optional.py"
COMMITS = "app/core/db.py"
BOOK_OF_SALES = ("app/trade/sales/", "app/site/demo/")
GALLERY = "app/site/front/gallery.py"  # samples for developers, shown in development only
# Written with a gap, so that this list is not its own finding.
LEFT_OVERS = "TO~DO FIX~ME NotImplemented~Error lorem~_ipsum pragma:_no~_cover x~fail( time.~sleep("
LEFT_OVERS += " mark.~skip pytest.~skip import~orskip"
LEFT_OVERS = tuple(word.replace("~", "").replace("_", " ") for word in LEFT_OVERS.split())
FOREIGN = "/ro~ot/ /wo~rk/ pypi~.org pythonhosted~.org /tmp/~lapak"
FOREIGN = tuple(word.replace("~", "") for word in FOREIGN.split())
MOST_FUNCTION_P95, MOST_FILE_P95, MOST_FILE = 30, 300, 400


@dataclass(frozen=True)
class Import:
    """One import: where it stands and what it names (`app.core.db.transaction` for a name taken out of a module)."""

    path: str
    line: int
    module: str
    target: str
    inner: bool

    def __str__(self) -> str:
        """Say it as a finding."""
        return f"{self.path}:{self.line} imports {self.target}"


def module_of(path: str) -> str:
    """Name the module a file makes.

    >>> module_of("app/core/db.py"), module_of("app/trade/__init__.py")
    ('app.core.db', 'app.trade')
    """
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def sources(root: Path, folder: str = "app") -> Iterator[tuple[str, ast.Module]]:
    """Yield each Python file under `folder` as (path from the root, syntax tree)."""
    for path in sorted((root / folder).rglob("*.py")):
        yield path.relative_to(root).as_posix(), _parse(path.read_text(encoding="utf-8"))


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a file, walked once however many laws ask."""
    return tuple(ast.walk(tree))


def imports(root: Path) -> list[Import]:
    """List every import of the house, those inside functions marked."""
    found = []
    files = list(sources(root))
    modules = {module_of(path) for path, _tree in files}
    for path, tree in files:
        for node, inner in _imports(tree):
            if isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            else:
                base = node.module or ""
                targets = [f"{base}.{a.name}" if f"{base}.{a.name}" in modules else base for a in node.names]
            found += [Import(path, node.lineno, module_of(path), target, inner) for target in dict.fromkeys(targets)]
    return found


@cache
def _imports(tree: ast.Module) -> tuple[tuple[ast.Import | ast.ImportFrom, bool], ...]:
    """Every import of a file, and whether it stands inside a function."""
    inner = {node for function in _functions(tree) for node in ast.walk(function)}
    return tuple((node, node in inner) for node in _nodes(tree) if isinstance(node, ast.Import | ast.ImportFrom))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in _nodes(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _storey(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def _level(module: str) -> int:
    storey = _storey(module)
    return len(STOREYS) if storey in ROOF else STOREYS.index(storey) if storey in STOREYS else -1


def _room(module: str) -> str:
    return ".".join(module.split(".")[:3])


def storeys(root: Path) -> list[str]:
    """A storey may look down, never up; every folder of app/ is a storey."""
    strangers = [
        f"{path} stands on no storey"
        for path, _tree in sources(root)
        if _storey(module_of(path)) and _level(module_of(path)) < 0
    ]
    return strangers + [
        str(each)
        for each in imports(root)
        if each.target.startswith("app.") and _level(each.target) > _level(each.module)
    ]


def room_circles(root: Path) -> list[str]:
    """Rooms of one storey never call each other in a circle, and keep the order that each of them was given."""
    rooms = {tuple(module_of(path).split(".")[1:3]) for path, _tree in sources(root) if path.count("/") > 2}
    found = [
        f"app/{storey}/{room} has no place in ROOMS" for storey, room in rooms if room not in ROOMS.get(storey, ())
    ]
    edges: dict[str, set[str]] = {}
    for each in imports(root):
        mine, other = _room(each.module), _room(each.target)
        if not each.target.startswith("app.") or mine == other or _storey(each.module) != _storey(each.target):
            continue
        edges.setdefault(mine, set()).add(other)
        order = ROOMS.get(_storey(each.module), ())
        names = [name.rpartition(".")[2] for name in (mine, other)]
        if all(name in order for name in names) and order.index(names[1]) > order.index(names[0]):
            found.append(f"{each}, a later room of {_storey(each.module)}")
    return found + [" → ".join(circle) for circle in _circles(edges)]


def module_circles(root: Path) -> list[str]:
    """No two modules need each other."""
    edges: dict[str, set[str]] = {}
    for each in imports(root):
        if each.target != each.module and not each.module.startswith(each.target + "."):
            edges.setdefault(each.module, set()).add(each.target)
    return [" → ".join(circle) for circle in _circles(edges)]


def _circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Find one circle per group of names that reach each other."""
    found: list[list[str]] = []
    done: set[str] = set()

    def walk(name: str, trail: list[str]) -> None:
        if name in trail:
            found.append([*trail[trail.index(name) :], name])
        elif name not in done:
            for following in sorted(edges.get(name, ())):
                walk(following, [*trail, name])
            done.add(name)

    for name in sorted(edges):
        walk(name, [])
    return found


def part_order(root: Path) -> list[str]:
    """Inside a room a part leans on earlier parts only; pages are leaned on by the factory alone."""
    found = []
    for each in imports(root):
        part, other = each.module.rpartition(".")[2], each.target.rpartition(".")[2]
        same_room = _room(each.module) == _room(each.target) and each.target.count(".") == 3
        if same_room and PARTS.get(part, 9) < PARTS.get(other, -1):
            found.append(f"{each}, a later part")
        if (
            each.target.startswith("app.")
            and other == "views"
            and each.target.count(".") == 3
            and _storey(each.module) not in ROOF
        ):
            found.append(f"{each}, a page")
    return found


def pure_rules(root: Path) -> list[str]:
    """Rules take values and give values: no web, no database, no clock, no part that has them."""
    return [
        f"{each} in rules"
        for each in imports(root)
        if each.path.endswith("/rules.py")
        and (
            any(each.target == name or each.target.startswith(name + ".") for name in NOT_IN_RULES)
            or (each.target.rpartition(".")[2] in PARTS and each.target.rpartition(".")[2] != "rules")
        )
    ]


def plain_values(root: Path) -> list[str]:
    """The kit holds plain values: it knows neither web nor database."""
    return [
        f"{each} in the kit"
        for each in imports(root)
        if _storey(each.module) == "kit" and each.target.partition(".")[0] in NOT_IN_KIT
    ]


def inner_imports(root: Path) -> list[str]:
    """No import inside a function, and nothing loaded by name, but in core/optional.py."""
    found = [f"{each} inside a function" for each in imports(root) if each.inner and each.path != OPTIONAL]
    for path, tree in sources(root):
        for node in _nodes(tree):
            if isinstance(node, ast.Call) and _called(node) in LOADERS and path != OPTIONAL:
                found.append(f"{path}:{node.lineno} loads a module by name")
    return found


def commits(root: Path) -> list[str]:
    """Only core/db.py commits, by name, by the end of what it began, or in the words of the database."""
    return [
        f"{path}:{node.lineno} commits"
        for path, tree in sources(root)
        for node in _nodes(tree)
        if path != COMMITS and (_is_commit(node) or _begins(node) or _says_commit(node))
    ]


def _is_commit(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def _begins(node: ast.AST) -> bool:
    """What begins on a connection, a session or an engine commits where its block ends."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return (
        node.func.attr == "begin"
        and re.search(r"(connection|session|engine)(\(\))?$", ast.unparse(node.func.value)) is not None
    )


def _says_commit(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in {"COMMIT", "AUTOCOMMIT"}


def days_of_a_place(root: Path) -> list[str]:
    """A day is that of a place: the present moment, which is in UTC, is never made a day as it stands."""
    return [
        f"{path}:{node.lineno} takes the day of UTC"
        for path, tree in sources(root)
        for node in _nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and isinstance(node.func.value, ast.Call)
        and _called(node.func.value) == "now"
    ]


def one_sum_of_sales(root: Path) -> list[str]:
    """Lines of the sales book are added up in its own room; whoever checks or makes up a book does it by hand."""
    return [
        f"{path}:{node.lineno} adds up lines of the sales book"
        for path, tree in sources(root)
        if not path.startswith(BOOK_OF_SALES) and not path.endswith("/verify.py")
        for node in _nodes(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "func.sum" and "SaleRecord." in ast.unparse(node)
    ]


def scopes(root: Path) -> list[str]:
    """Whoever lists people's data says whose: `scope` never has a default."""
    found = []
    for path, tree in sources(root):
        for function in _functions(tree):
            args = function.args
            plain = args.posonlyargs + args.args
            with_default = plain[len(plain) - len(args.defaults) :]
            with_default += [
                arg for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is not None
            ]
            found += [f"{path}:{arg.lineno} scope has a default" for arg in with_default if arg.arg == "scope"]
    return found


def untranslated_code(root: Path) -> list[str]:
    """What a screen will show goes through _(): flashes, refusals, labels and messages of forms."""
    found = []
    for path, tree in sources(root):
        if path == GALLERY:
            continue
        for node in _nodes(tree):
            if isinstance(node, ast.Call):
                found += [f"{path}:{shown.lineno} {shown.value!r} is not translatable" for shown in _shown(node)]
            if isinstance(node, ast.ClassDef):
                found += [f"{path}:{text.lineno} {text.value!r} is not translatable" for text in _sentences(node)]
            if isinstance(node, ast.Call) and _called(node) in {"_", "_l", "_n"}:
                found += [
                    f"{path}:{arg.lineno} an f-string cannot be translated"
                    for arg in node.args
                    if isinstance(arg, ast.JoinedStr)
                ]
    return found


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _shown(node: ast.Call) -> Iterator[ast.Constant]:
    name = _called(node)
    first = (
        node.args[:1]
        if name == "flash" or (name.endswith("Field") and name[0].isupper()) or name.startswith("Text")
        else []
    )
    texts = [*first, *(word.value for word in node.keywords if word.arg in {"message", "label", "description"})]
    if not (first or name[:1].isupper()):
        texts = []
    return (
        text
        for text in texts
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and _is_words(text.value)
    )


def _sentences(node: ast.ClassDef) -> Iterator[ast.Constant]:
    for line in node.body:
        targets = (
            line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AnnAssign) else []
        )
        value = getattr(line, "value", None)
        named = any(isinstance(target, ast.Name) and target.id == "text" for target in targets)
        if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value


def _is_words(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2}", text)) and (" " in text or text[:1].isupper())


def left_overs(root: Path) -> list[str]:
    """Nothing is left for later, nothing waits by the clock, nothing names the machine it was written on."""
    found = []
    for folder in ("app", "tests", "migrations", "tools", "docs", "bench"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in {".py", ".html", ".js", ".css", ".md", ".ini", ".mako"} or "floor" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                # Prose may name a word; a measuring tool waits by the clock.
                words = FOREIGN if path.suffix == ".md" or folder == "bench" else LEFT_OVERS + FOREIGN
                found += [f"{path.relative_to(root).as_posix()}:{number} {word}" for word in words if word in line]
    return found


def tail(root: Path) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return (lines, where) of every function and of every file of app/, longest first."""
    functions, files = [], []
    for path, tree in sources(root):
        files.append(((root / path).read_text(encoding="utf-8").count("\n"), path))
        functions += [
            ((f.end_lineno or f.lineno) - f.lineno + 1, f"{path}:{f.lineno} {f.name}") for f in _functions(tree)
        ]
    return sorted(functions, reverse=True), sorted(files, reverse=True)


def long_tail(root: Path) -> list[str]:
    """Functions ≤ 30 lines and files ≤ 300 at the 95th percentile; a file near 400 is two rooms."""
    functions, files = tail(root)
    found = [f"{lines} lines: {path}" for lines, path in files if lines > MOST_FILE]
    for name, sizes, most in (("function", functions, MOST_FUNCTION_P95), ("file", files, MOST_FILE_P95)):
        if sizes and sizes[len(sizes) // 20][0] > most:
            worst = ", ".join(f"{where} ({lines})" for lines, where in sizes[:5])
            found.append(f"the 95th percentile {name} has {sizes[len(sizes) // 20][0]} lines: {worst}")
    return found

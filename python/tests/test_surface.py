"""What a user finds: an import that needs nothing, the promised names, and words that are documented."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import textwrap
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

import aetia
from aetia import _knowledge
from golden import LINKS, cases

PACKAGE = Path(aetia.__file__).parent
IBP = "inflammatory_back_pain"


def run(code: str, *flags: str, folder: Path = PACKAGE.parent) -> str:
    """What a new interpreter prints, which knows this package and, with `-S`, no other."""
    environment = {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}
    command = [sys.executable, *flags, "-c", textwrap.dedent(code)]
    done = subprocess.run(  # noqa: S603 (this interpreter, a test's text)
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_works_where_nothing_else_is_installed(tmp_path: Path) -> None:
    """Alone in a folder, without that of installed packages, warnings being errors."""
    (tmp_path / "aetia").symlink_to(PACKAGE)
    code = """
        import importlib.util, pickle
        assert importlib.util.find_spec("numpy") is None, "something else is installed here"
        import aetia
        result = aetia.load("morning_back_pain").assess({"night_pain": True, "hla_b27": aetia.NOT_ASSESSABLE})
        result.to_dicts(), result.to_dict(), result.first.explanation.to_dicts(), pickle.loads(pickle.dumps(result))
        print(result)
    """
    assert "Inflammatory back pain" in run(code, "-S", "-W", "error", folder=tmp_path)


def test_the_import_takes_nothing_but_the_standard_library() -> None:
    """Also where other packages are there to be taken."""
    code = """
        import sys
        before = set(sys.modules)
        import aetia
        aetia.load("morning_back_pain").assess({"night_pain": True}).ranking[0].explanation
        print(*{name.partition(".")[0] for name in set(sys.modules) - before})
    """
    taken = set(run(code).split()) - set(sys.stdlib_module_names)
    assert taken == {"aetia"}


def test_findings_of_numpy_and_pandas_are_taken_without_importing_them() -> None:
    """They are told by what they can do. An engine's own module is used where the engine is there."""
    paths = [path for path in PACKAGE.glob("*.py") if path.stem not in {"dask", "spark"}]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    imported = {name.partition(".")[0] for name in names}
    assert "json" in imported
    assert imported <= set(sys.stdlib_module_names) | {"aetia", "matplotlib", "pyarrow"}


def test_the_package_declares_that_it_needs_nothing(root: Path) -> None:
    """And which versions of Python it takes, this one among them."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["dependencies"] == []
    least = tuple(int(part) for part in project["requires-python"].removeprefix(">=").split("."))
    assert least <= sys.version_info[:2]


def test_the_import_is_quiet() -> None:
    """It prints nothing and warns of nothing."""
    assert run("import aetia", "-W", "error") == ""


def test_the_extension_is_of_the_stable_interface() -> None:
    """One file for every later Python."""
    files = [path.name for path in PACKAGE.iterdir() if path.name.startswith("_aetia.") and path.suffix != ".pyi"]
    suffix = ".pyd" if sysconfig.get_platform().startswith("win") else ".abi3.so"
    assert files == [f"_aetia{suffix}"]


def test_the_package_is_typed() -> None:
    """It says so to type checkers."""
    assert (PACKAGE / "py.typed").is_file()


def test_versions_agree(model: aetia.Model, root: Path) -> None:
    """Of the package, of what results name, and of the workspace."""
    workspace = tomllib.loads((root / "Cargo.toml").read_text("utf-8"))["workspace"]["package"]
    assert aetia.__version__ == model.assess({}).engine == workspace["version"]
    assert aetia.FORMAT_VERSION == model.assess({}).to_dict()["format_version"] == 1


@pytest.mark.parametrize(
    ("of", "names"),
    [
        ("result", "ranking flags compare to_json to_dict to_dicts from_json first excluded comparator not_asked case"),
        ("result", "case_hash inferred dropped setting link knowledge_base engine notice"),
        ("candidate", "cause title label rank prior posterior posterior_ungated rank_ungated score score_ungated"),
        ("candidate", "held_by capped_by excluded_by explanation gate_effect leads margin closeness result"),
        ("part", "kind subject indicators group gates weight citation citations tag reason"),
        ("flag", "id level title state because words action citations"),
        ("bar", "gate title condition is_undetermined because words reason"),
        ("line", "id title prior posterior posterior_ungated"),
        ("model", "causes indicators settings invariants sources groups gates flags comparator assess knowledge_base"),
        ("model", "id version title hash meaning_hash notice link default_setting"),
        ("kb", "from_toml from_json from_dict from_file compile to_json to_toml to_dict warnings"),
        ("kb", "causes indicators settings invariants sources groups gates flags comparator id version title notice"),
    ],
)
def test_the_promised_names_are_there(model: aetia.Model, result: aetia.Result, of: str, names: str) -> None:
    """As attributes and methods, of the live and of the stored result alike."""
    for one in [result, aetia.Result.from_json(result.to_json())]:
        values = {
            "result": one,
            "candidate": one[IBP],
            "part": one[IBP].explanation[0],
            "flag": one.flags[0],
            "bar": one[IBP].held_by[0],
            "line": one.comparator,
            "model": model,
            "kb": model.knowledge_base,
        }
        assert [name for name in names.split() if not hasattr(values[of], name)] == []


def everything() -> list[aetia.Result]:
    """The results of every golden case, under both links."""
    return [
        golden.model().assess(golden.case["findings"], setting=golden.case.get("setting"), link=link)
        for golden in cases()
        for link in LINKS
    ]


def documented(value: object, attribute: str) -> set[str]:
    """The words an attribute may have, as the docstring of its class lists them."""
    text = type(value).__doc__ or ""
    entry = re.search(rf"^ +{attribute} \([^)]*\): (.*?)(?=^ +\w+ \(|\Z|^$)", text, re.MULTILINE | re.DOTALL)
    assert entry, f"{attribute} is not documented"
    return set(re.findall(r'"(\w+)"', entry[1]))


def test_words_are_the_documented_ones() -> None:
    """Each of them is met somewhere, and no other."""
    results = everything()
    candidates = [one for result in results for one in [*result.ranking, *result.excluded]]
    parts = [part for one in candidates for part in one.explanation]
    flags = [flag for result in results for flag in result.flags]
    met: dict[tuple[Any, str], set[str]] = {
        (results[0], "link"): {result.link for result in results},
        (candidates[0], "closeness"): {one.closeness for one in candidates},
        (parts[0], "kind"): {part.kind for part in parts},
        (flags[0], "level"): {flag.level for flag in flags},
        (flags[0], "state"): {flag.state for flag in flags},
    }
    for (value, attribute), words in met.items():
        assert words == documented(value, attribute), attribute
    tags = {part.tag for part in parts}
    assert tags - {None} <= documented(parts[0], "tag") == set(get_args(_knowledge.Tag))
    assert {"verified", "assumption", None} <= tags


def test_gates_only_ever_lower_a_score() -> None:
    """By what the score lacks to the one without gates, which is what the gates' parts sum to."""
    candidates = [one for result in everything() for one in (*result.ranking, *result.excluded)]
    for one in candidates:
        assert one.gate_effect == one.score - one.score_ungated <= aetia.Weight(0)
        gates = [part.weight for part in one.explanation if part.kind == "gate"]
        assert one.gate_effect == sum(gates, aetia.Weight(0))
    assert any(one.gate_effect for one in candidates)


def test_the_words_of_a_knowledge_base_are_the_typed_ones() -> None:
    """Of the flagship and of the small ones together."""
    models = {golden.file: golden.model() for golden in cases()}.values()
    indicators = [one for model in models for one in model.indicators]
    gates = [one for model in models for one in model.gates]
    assert {one.kind for one in indicators} == set(get_args(_knowledge.Kind))
    assert {one.asked_by for one in indicators} == set(get_args(_knowledge.AskedBy))
    assert {one.kind for one in gates} == set(get_args(_knowledge.GateKind))
    assert {one.level for model in models for one in model.flags} == set(get_args(_knowledge.Level))
    assert {one.mode for one in gates} == {*get_args(_knowledge.GateMode), None}
    assert all((one.mode is None) == (one.kind != "requires") for one in gates)
    assert all((one.probability is None) == (one.kind != "caps") for one in gates)
    tags = {prior.tag for model in models for cause in model.causes for prior in cause.prior}
    assert tags <= set(get_args(_knowledge.Tag))
    assert all(bool(one.answers) == (one.kind in {"categorical", "ordinal"}) for one in indicators)
    assert all(bool(one.cut_points) == (one.kind == "numeric") for one in indicators)


def test_what_is_described_is_what_is_written(model: aetia.Model) -> None:
    """Every part of the flagship, against its canonical JSON."""
    written = model.knowledge_base.to_dict()
    for name in ["causes", "indicators", "settings", "groups", "gates", "flags", "sources"]:
        catalogue = getattr(model, name)
        assert list(catalogue.names) == [one.id for one in catalogue] == list(written[name])
        assert catalogue == getattr(model.knowledge_base, name)
    assert [one.id for one in model.invariants] == [one["id"] for one in written["invariants"]]
    for cause in model.causes:
        assert {prior.setting: prior.value for prior in cause.prior} == {
            setting: prior["value"] for setting, prior in written["causes"][cause.id]["prior"].items()
        }
    cited = {citation.partition(":")[0] for gate in model.gates for citation in gate.source}
    assert cited
    assert cited <= set(model.sources.names)
    heading = written["knowledge_base"]
    assert (model.id, model.version, model.title, model.notice) == tuple(
        heading[key] for key in ["id", "version", "title", "notice"]
    )


def test_hashes_are_of_the_text_and_of_the_meaning(model: aetia.Model) -> None:
    """Another title is another text; another figure is another meaning."""
    document = model.knowledge_base.to_dict()
    document["causes"][IBP]["notes"] = []
    other = aetia.KnowledgeBase.from_dict(document).compile()
    assert (other.hash == model.hash, other.meaning_hash == model.meaning_hash) == (False, True)
    document["causes"][IBP]["prior"]["primary_care"]["value"] *= 1.01
    third = aetia.KnowledgeBase.from_dict(document).compile()
    assert len({model.meaning_hash, other.meaning_hash, third.meaning_hash}) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in [model.hash, model.meaning_hash])
    edition = model.assess({}).knowledge_base
    assert (edition.source_hash, edition.meaning_hash) == (model.hash, model.meaning_hash)


def test_every_result_says_the_notice(model: aetia.Model, result: aetia.Result) -> None:
    """In its attribute and in what is printed."""
    assert result.notice == model.notice
    assert " ".join(result.notice.split()) in " ".join(repr(result).split())


def test_rows_are_ready_for_a_data_frame() -> None:
    """One row a cause and one for the comparator, which stands where its score of 0 does; all of plain values."""
    for result in everything():
        rows = result.to_dicts()
        assert len(rows) == len(result.ranking) + len(result.excluded) + 1
        assert all(row.keys() == rows[0].keys() for row in rows)
        assert all(type(value) in {str, int, float, bool, type(None)} for row in rows for value in row.values())
        ranked = [row for row in rows if not row["excluded_by"]]
        scores = [row["score_nanodecibans"] for row in ranked]
        assert scores == sorted(scores, reverse=True)
        (line,) = [row for row in rows if row["cause"] == result.comparator.id]
        assert (line["rank"], line["score_nanodecibans"], line["posterior"]) == (None, 0, result.comparator.posterior)
        parts = result.first.explanation.to_dicts()
        assert sum(part["nanodecibans"] for part in parts) == result.first.score.nanodecibans


def test_files_are_read_by_their_names(tmp_path: Path, model: aetia.Model) -> None:
    """TOML or JSON, from a text or a path; anything else is refused in due form."""
    kb = model.knowledge_base
    for name, text in [("kb.toml", kb.to_toml()), ("kb.json", kb.to_json()), ("KB.JSON", kb.to_json())]:
        (tmp_path / name).write_text(text, "utf-8")
        assert aetia.KnowledgeBase.from_file(tmp_path / name) == kb
        assert aetia.KnowledgeBase.from_file(str(tmp_path / name)) == kb
    (tmp_path / "latin.toml").write_bytes(b'a = "\xe9"')
    refused = {"latin.toml": "file-encoding", "kb.txt": "file-form", "kb": "file-form"}
    for name, code in refused.items():
        with pytest.raises(aetia.DocumentError) as caught:
            aetia.KnowledgeBase.from_file(tmp_path / name)
        assert caught.value.problem.code == code
        assert caught.value.problem.help
    with pytest.raises(FileNotFoundError):
        aetia.KnowledgeBase.from_file(tmp_path / "nowhere.toml")


def test_embedded_knowledge_bases_are_listed_and_loaded() -> None:
    """By name; another name is refused with those there are."""
    assert aetia.available() == ("morning_back_pain",)
    assert all(aetia.load(name).id == name for name in aetia.available())
    with pytest.raises(aetia.UnknownName) as caught:
        aetia.load("back_pain")
    assert (caught.value.what, caught.value.suggestions) == ("knowledge base", aetia.available())


def test_pictures_and_engines_are_found_when_they_are_first_used() -> None:
    """Nobody imports `aetia.plot`, and nothing of matplotlib is taken before. Engines are not taken even then."""
    code = """
        import sys, aetia
        assert not {"matplotlib", "aetia.plot", "aetia.spark", "aetia.dask"} & set(sys.modules)
        print(aetia.plot.ranking, hasattr(aetia, "plots"), aetia.spark.score, aetia.dask.score)
        assert not {"pyspark", "dask", "pandas"} & set(sys.modules)
    """
    assert re.findall(r"function (\w+)|(False)", run(code)) == [("ranking", ""), ("", "False"), *[("score", "")] * 2]


@pytest.mark.parametrize(("module", "package"), [("spark", "pyspark"), ("dask", "dask")])
def test_an_engine_that_is_not_there_is_named_with_what_brings_it(module: str, package: str) -> None:
    """As one that is installed may be hidden for the test."""
    code = f"""
        import sys
        sys.modules["{package}"] = None
        import aetia
        try:
            aetia.{module}.score(None, aetia.load("morning_back_pain"), id="case_id")
        except ImportError as error:
            print(error)
    """
    assert run(code).strip().startswith(f"{package} is not installed: pip install 'aetia[{module}]'")


def test_names_are_completed() -> None:
    """The promised ones, pictures and engines, and no other."""
    assert dir(aetia) == sorted([*aetia.__all__, "dask", "plot", "spark"])
    assert all(hasattr(aetia, name) for name in dir(aetia))


def test_a_percentage_is_never_certain() -> None:
    """As results print it."""
    assert aetia.percent(None) == "excluded"
    assert [aetia.percent(p) for p in (0, 0.0005, 0.117, 0.9999, 1)] == [
        "< 0.1 %",
        "< 0.1 %",
        "11.7 %",
        "> 99.9 %",
        "> 99.9 %",
    ]

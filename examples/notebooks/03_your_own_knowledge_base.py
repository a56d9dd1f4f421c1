# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your own knowledge base
#
# Three causes, five indicators, one gate, from a small table: why did the bread stay dense? It shows what an author
# does: write down figures, get them wrong, read what is wrong with them, mend it, and use the result.
#
# **Every figure here is invented**, and nobody's loaf was examined. Each row says so (`tag = "assumption"`), and a row
# without a source may not weigh more than a factor of four. The same steps hold for a medical knowledge base, whose
# results are education and not a diagnosis.

# %%
import copy
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Markdown

import aetia
import aetia.plot

pd.set_option("display.max_colwidth", None)

# %% [markdown]
# ## The figures
#
# How often is a sign there when a cause is at work (sensitivity), and how often is it missing when *something else* is
# to blame (specificity)? Something else is the comparator: every ratio is against it.

# %%
CAUSES = {
    "tired_yeast": ("Tired yeast", 0.20),
    "short_proof": ("Too short a rise", 0.35),
    "cool_oven": ("Oven too cool", 0.15),
}
# A title is also read as "no ..." where the sign is absent.
INDICATORS = {
    "dough_doubled": ("Doubling of the dough", "Did the dough double within three hours?"),
    "springs_back": ("Springing back", "Does the dough spring back at once when poked?"),
    "old_packet": ("Old packet of yeast", "Was the packet open for months?"),
    "pale_crust": ("Pale crust", "Is the crust pale after the usual time?"),
    "oven_reads_low": ("Low reading in the oven", "Does a thermometer in the oven read too low?"),
}
table = pd.DataFrame(
    [
        ("tired_yeast", "dough_doubled", 0.15, 0.42),
        ("tired_yeast", "old_packet", 0.60, 0.80),
        ("short_proof", "dough_doubled", 0.30, 0.42),
        ("short_proof", "springs_back", 0.75, 0.75),
        ("cool_oven", "pale_crust", 0.70, 0.80),
        ("cool_oven", "oven_reads_low", 0.80, 0.79),
    ],
    columns=["cause", "indicator", "sensitivity", "specificity"],
)
table.assign(
    **{
        "LR when present": (table.sensitivity / (1 - table.specificity)).round(2),
        "LR when absent": ((1 - table.sensitivity) / table.specificity).round(2),
    }
)

# %% [markdown]
# A dictionary of the shape of the format (`crates/aetia/docs/format.md`) makes a knowledge base of it. What is left
# over by the priors belongs to the comparator. Two signs of one oven are not two witnesses, so they form a group; the
# gate says that nobody blames the oven before a thermometer was read.

# %%
INVENTED = {"uncited": "invented for this notebook", "tag": "assumption"}


def spread(ratio: float) -> list[float]:
    """An honest width for an invented ratio: a factor of two either way."""
    return [round(ratio / 2, 3), round(ratio * 2, 3)]


def evidence(row: Any) -> dict[str, Any]:  # noqa: ANN401 (a row of a data frame)
    """A row of the table as evidence."""
    ratios = {
        "present": row.sensitivity / (1 - row.specificity),
        "absent": (1 - row.sensitivity) / row.specificity,
    }
    return {
        "cause": row.cause,
        "indicator": row.indicator,
        "accuracy": {"sensitivity": row.sensitivity, "specificity": row.specificity},
        "interval": {answer: spread(ratio) for answer, ratio in ratios.items()},
        **INVENTED,
    }


document: dict[str, Any] = {
    "format_version": 1,
    "knowledge_base": {
        "id": "dense_bread",
        "version": "0.1.0",
        "title": "Why the bread stayed dense",
        "notice": "Invented figures, to show how a knowledge base is written. Ask a baker.",
        "default_setting": "kitchen",
    },
    "comparator": {"id": "something_else", "title": "Something else"},
    "settings": {"kitchen": {"title": "Home kitchen"}},
    "causes": {
        cause: {"title": title, "prior": {"kitchen": {"value": prior, **INVENTED}}}
        for cause, (title, prior) in CAUSES.items()
    },
    "indicators": {
        indicator: {"title": title, "question": question, "kind": "boolean"}
        for indicator, (title, question) in INDICATORS.items()
    },
    "evidence": [evidence(row) for row in table.itertuples()],
    "groups": {"oven": {"title": "Signs of the oven", "members": ["oven_reads_low", "pale_crust"], "gamma": 0.5}},
    "gates": {
        "oven_measured": {
            "title": "Oven measured",
            "kind": "requires",
            "cause": "cool_oven",
            "condition": "present(oven_reads_low)",
            "mode": "strict",
            "reason": "a pale crust has many reasons; read a thermometer before calling the repairer",
            "uncited": "a rule of this notebook",
        }
    },
    "invariants": [
        {
            "id": "no_oven_without_thermometer",
            "claim": "never_first(cool_oven) unless present(oven_reads_low)",
            "reason": "what the gate is for",
        }
    ],
}

# %% [markdown]
# ## Five mistakes, reported at once
#
# Before using it, break it on purpose, as an author does at eleven at night: a key that does not exist, a specificity
# of 75 written as a percentage, a sign whose absence nobody thought of, a cause with a typing error, a ratio far too
# large for something invented.

# %%
broken = copy.deepcopy(document)
broken["evidence"][1]["intervall"] = {"present": [1.5, 6.0]}
broken["evidence"][3]["accuracy"]["specificity"] = 75
broken["evidence"][4] = {
    "cause": "cool_oven",
    "indicator": "pale_crust",
    "likelihood_ratio": {"present": 3.5},
    **INVENTED,
}
broken["evidence"][2]["cause"] = "short_prof"
broken["evidence"][5]["accuracy"]["sensitivity"] = 0.98


def problems_of(text: dict[str, Any]) -> pd.DataFrame:
    """What is wrong with a document; empty where nothing is."""
    try:
        problems = aetia.KnowledgeBase.from_dict(text).warnings
    except aetia.InvalidKnowledgeBase as error:
        problems = error.problems
    columns = ["severity", "code", "place", "message", "help"]
    return pd.DataFrame([{name: getattr(one, name) for name in columns} for one in problems], columns=columns)


found = problems_of(broken)
found

# %% [markdown]
# All of it at once, and the last mistake twice: a sensitivity of 98 % overdoes the finding and its absence alike. Each
# problem says where it is, what is wrong and what to do. The `code` is stable, so a program may act on it. Nothing is
# guessed: silence about absence is not taken for "weighs nothing", for that would be a weight of its own.

# %%
assert set(found[found.severity == "error"].code) == {
    "unknown-field",
    "probability-out-of-range",
    "absence-not-stated",
    "unknown-cause",
    "tag-too-strong",
}

# %% [markdown]
# ## Mended
#
# Now one after the other, with what is left after each step. Where absence really tells nothing, say so and say why.

# %%
steps: list[dict[str, Any]] = []


def mended(what: str) -> None:
    """Notes what is left after a step."""
    left = problems_of(broken)
    steps.append({"step": what, "errors": int((left.severity == "error").sum()), "codes": ", ".join(left.code)})


mended("as written")
del broken["evidence"][1]["intervall"]
mended("the unknown key taken away")
broken["evidence"][3]["accuracy"]["specificity"] = 0.75
mended("75 % written as 0.75")
broken["evidence"][4]["absent"] = {"neutral": "a brown crust has many reasons too"}
mended("absence declared neutral, with a reason")
broken["evidence"][2]["cause"] = "short_proof"
mended("the cause's name corrected")
broken["evidence"][5]["accuracy"]["sensitivity"] = 0.80
mended("the invented ratio brought under its cap")
broken["evidence"][4]["interval"] = {"present": spread(3.5)}
mended("an interval, which was only a warning")
pd.DataFrame(steps).set_index("step")

# %%
assert [step["errors"] for step in steps] == [6, 5, 4, 3, 2, 0, 0]
assert steps[-1]["codes"] == ""

# %% [markdown]
# ## Compiled
#
# Compiling turns every ratio into a whole number of nanodecibans, once. From the mended document:

# %%
kb = aetia.KnowledgeBase.from_dict(broken)
model = kb.compile()
kb

# %%
assert (len(model.causes), len(model.indicators), len(model.gates)) == (3, 5, 1)
assert not kb.warnings

# %% [markdown]
# ## A loaf
#
# The dough did not double, it sprang back at once, the packet was new, and the crust is pale. Nobody measured the oven.

# %%
loaf = {"dough_doubled": False, "springs_back": True, "old_packet": False, "pale_crust": True}
result = model.assess(loaf)
result

# %%
aetia.plot.ranking(result)
plt.show()

# %%
pd.DataFrame(result.first.explanation.to_dicts())[
    ["kind", "subject", "decibans", "likelihood_ratio", "citation", "tag"]
].round(2)

# %%
aetia.plot.waterfall(result.first)
plt.show()

# %%
oven = result["cool_oven"]
Markdown(
    f"**{result.first.title}** comes first at {aetia.percent(result.first.posterior)}, after "
    f"{aetia.percent(result.first.prior)} before. "
    f"**{oven.title}** stands at {aetia.percent(oven.posterior)}: its gate changes nothing here, for "
    "the evidence does not put it first either. Two named causes stand above *something else*."
)

# %%
assert result.first.cause == "short_proof"
assert sum(one.leads for one in result) == 2
assert not oven.gate_effect
assert result.first.explanation.total.nanodecibans == result.first.score.nanodecibans
assert [bar.gate for bar in oven.held_by] == ["oven_measured"]
assert oven.held_by[0].is_undetermined

# %% [markdown]
# ## The gate
#
# A crisper case: the dough was fine, the crust is pale. The evidence points to the oven; the gate holds it until the
# thermometer was read.

# %%
fine_dough = {"dough_doubled": True, "springs_back": False, "old_packet": False, "pale_crust": True}
readings = {"not read": {}, "reads right": {"oven_reads_low": False}, "reads low": {"oven_reads_low": True}}
outcomes = {reading: model.assess(fine_dough | extra) for reading, extra in readings.items()}
pd.DataFrame(
    [
        {
            "thermometer": reading,
            "first": outcome.first.title,
            "oven": aetia.percent(outcome["cool_oven"].posterior),
            "oven without gate": aetia.percent(outcome["cool_oven"].posterior_ungated),
            "held by": ", ".join(bar.title for bar in outcome["cool_oven"].held_by),
        }
        for reading, outcome in outcomes.items()
    ]
).set_index("thermometer")

# %%
aetia.plot.gate_effect(outcomes["not read"])
plt.show()

# %%
assert outcomes["not read"]["cool_oven"].rank_ungated == 1
assert outcomes["not read"].first.cause != "cool_oven"
assert outcomes["reads low"].first.cause == "cool_oven"

# %% [markdown]
# The pale crust and the thermometer tell of one oven. As independent witnesses they would multiply; in their group the
# weaker one counts half:

# %%
crust, reading = (3.5, 0.80 / (1 - 0.79))
weights = {part.subject: part.weight for part in outcomes["reads low"]["cool_oven"].explanation if part.group == "oven"}
in_group = sum(weights.values(), aetia.Weight(0))
print("\n".join(f"{weight!s:>8}  {subject}" for subject, weight in weights.items()))
print(f"together {in_group.likelihood_ratio:.1f}, multiplied {crust * reading:.1f}")

assert in_group.likelihood_ratio < crust * reading

# %% [markdown]
# ## Kept
#
# The knowledge base is text, in TOML for people or JSON for programs. Reading it back gives the same model, hash for
# hash.

# %%
text = kb.to_toml()
again = aetia.KnowledgeBase.from_toml(text)
print(text[text.rindex("[[evidence]]") : text.index("[groups")].rstrip())

assert again == kb
assert again.compile().hash == model.hash
assert again.compile().assess(loaf).to_json() == result.to_json()

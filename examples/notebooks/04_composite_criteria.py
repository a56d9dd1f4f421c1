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
# # Composite criteria
#
# Criteria such as *two of these four signs* are published with one likelihood ratio for the number of signs. It is
# tempting to take the single signs instead and to multiply their ratios. This notebook shows, with published figures,
# what that claims and what was found: once for a count of five, once for a count of four, and once for five items of
# one study.
#
# **This is education, not a diagnosis.** It is about arithmetic, not about anybody's back.

# %%
import json
from itertools import combinations
from math import prod
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Markdown

import aetia

pd.set_option("display.max_colwidth", None)

ROOT = next(at for at in (Path.cwd(), *Path.cwd().parents) if (at / "tests" / "vectors").is_dir())
vector = json.loads((ROOT / "tests" / "vectors" / "ibp_k_of_n.json").read_text("utf-8"))
print(vector["citation"])
columns = ["criteria", "target", "set", "sens_pct", "spec_pct", "published_lr_pos"]
pd.DataFrame([{name: case.get(name, "") for name in columns} for case in vector["cases"]])

# %% [markdown]
# One caution of that file is worth repeating. The ASAS figures say how well the signs agree with *experts calling the
# pattern inflammatory*. They do not say who has the disease, and below they are used for the pattern alone.

# %%
assert "not for a diagnosis of SpA" in vector["note"]


def decibans(ratio: float) -> float:
    """What a likelihood ratio weighs."""
    return aetia.Weight.from_likelihood_ratio(ratio).decibans


# %% [markdown]
# ## Five signs: what was found
#
# The ASAS experts' set has five signs. Sensitivity and specificity of *at least 3*, *at least 4* and *all 5* give the
# share of people with each count, and so a ratio for each:

# %%
reported: dict[str, tuple[float, float]] = {
    case["criteria"]: (case["sens_pct"] / 100, 1 - case["spec_pct"] / 100)
    for case in vector["cases"]
    if case.get("set") == "validation n=648"
}
at_least = {
    count: reported[name]
    for count, name in ((3, "ASAS experts >=3/5"), (4, "ASAS experts >=4/5"), (5, "ASAS experts 5/5"))
}
KEYS = ("<3", "3", "4", ">=5")
steps = [(1.0, 1.0), *at_least.values(), (0.0, 0.0)]
shares = {
    key: (upper[0] - lower[0], upper[1] - lower[1])
    for key, upper, lower in zip(KEYS, steps[:-1], steps[1:], strict=True)
}
published = {key: pattern / others for key, (pattern, others) in shares.items()}
pd.DataFrame(
    {
        "pattern": [f"{pattern:.1%}" for pattern, _ in shares.values()],
        "others": [f"{others:.1%}" for _, others in shares.values()],
        "LR": [f"{ratio:.2f}" for ratio in published.values()],
    },
    index=pd.Index(["0 to 2", "3", "4", "5"], name="signs"),
)

# %% [markdown]
# ## Five signs: what independence would need
#
# Are the five independent among people *without* the pattern? Then the share with all five is the product of five
# shares, and by the inequality of the means no more than the *average* share to the fifth power. The average is the
# mean count divided by five. Only the split of the counts 0 to 2 is not published; the most generous assumption is that
# nobody has fewer than two.


# %%
def average_share(side: int, *, generous: bool) -> float:
    """The average share of a sign: the mean count, a sum over "at least m", over five."""
    below_three = 2.0 if generous else 2 * at_least[3][side]
    return (below_three + sum(pair[side] for pair in at_least.values())) / 5


largest = average_share(1, generous=True)
likelier = (largest + average_share(1, generous=False)) / 2
Markdown(
    f"Without the pattern the average share is at most {largest:.1%}, so independent signs would all five be found in "
    f"at most **{largest**5:.1%}**. Found were **{at_least[5][1]:.1%}**, and no choice of five shares repairs this: "
    "the signs come together in the same people. The bound is generous. In the middle between the two assumptions "
    f"the average is {likelier:.1%}, and independence would give {likelier**5:.1%}. (All are shares in a sample, so "
    "the first gap alone would not convict.)"
)

# %%
assert largest**5 < at_least[5][1]
assert 3 * likelier**5 < at_least[5][1]

# %% [markdown]
# ## Five signs: count against product
#
# Now both ways in aetia. One knowledge base has the published counts, as one group with a rule. The other has five
# single signs of average share, each with its own row and in no group, so that their weights add up in full. The
# average lies between two bounds; the middle is taken, and the range is shown.


# %%
READ = {"source": "asas", "tag": "verified"}
EVEN = {"value": 0.5, "uncited": "even odds, so that a score is the weight of the signs", "tag": "assumption"}
SIGNS = [f"sign_{number}" for number in range(1, 6)]


def knowledge_base(**parts: Any) -> aetia.Model:  # noqa: ANN401 (parts of a document)
    """A model of one cause, the pattern, and five signs."""
    document = {
        "format_version": 1,
        "knowledge_base": {
            "id": "five_signs",
            "version": "1.0.0",
            "title": "Five signs",
            "notice": "A demonstration.",
            "default_setting": "clinic",
        },
        "comparator": {"id": "others", "title": "Without the pattern"},
        "settings": {"clinic": {"title": "Clinic"}},
        "sources": {"asas": {"text": vector["citation"]}},
        "causes": {"pattern": {"title": "Pattern", "prior": {"clinic": EVEN}}},
        "indicators": {sign: {"title": sign, "kind": "boolean"} for sign in SIGNS},
        **parts,
    }
    return aetia.KnowledgeBase.from_dict(document).compile()


counted = knowledge_base(
    groups={
        "count": {
            "title": "Number of signs",
            "members": SIGNS,
            "gamma": 0.5,
            "count": {
                "items": [{"title": sign, "condition": f"present({sign})"} for sign in SIGNS],
                "rules": [
                    {
                        "cause": "pattern",
                        "likelihood_ratios": dict(published),
                        "comparator": {key: others for key, (_, others) in shares.items()},
                        **READ,
                    }
                ],
            },
        }
    }
)


def multiplied(pattern: float, others: float) -> aetia.Model:
    """A model that takes five signs of these shares for independent."""
    accuracy = {"sensitivity": pattern, "specificity": 1 - others}
    return knowledge_base(
        evidence=[{"cause": "pattern", "indicator": sign, "accuracy": accuracy, **READ} for sign in SIGNS]
    )


def weight(model: aetia.Model, count: int) -> aetia.Weight:
    """What a number of signs weighs, the others being absent."""
    findings = {sign: at < count for at, sign in enumerate(SIGNS)}
    parts = model.assess(findings)["pattern"].explanation
    return sum((part.weight for part in parts if part.kind == "evidence"), aetia.Weight(0))


pattern_bounds = [average_share(0, generous=generous) for generous in (False, True)]
other_bounds = [average_share(1, generous=generous) for generous in (False, True)]
middle = multiplied(sum(pattern_bounds) / 2, sum(other_bounds) / 2)
corners = [multiplied(pattern, others) for pattern in pattern_bounds for others in other_bounds]

five = pd.DataFrame(
    [
        {
            "signs": count,
            "published": published[key],
            "count, dB": weight(counted, count).decibans,
            "product, dB": weight(middle, count).decibans,
            "lowest": min(weight(model, count) for model in corners).decibans,
            "highest": max(weight(model, count) for model in corners).decibans,
            "factor between": (weight(middle, count) - weight(counted, count)).likelihood_ratio,
        }
        for count, key in enumerate(("<3", "<3", "<3", "3", "4", ">=5"))
    ]
).set_index("signs")
five.round(2)

# %%
none, every = five.loc[0], five.loc[5]
Markdown(
    f"With all five signs the count gives {every['published']:.1f} ({every['count, dB']:+.1f} dB), the product "
    f"**{every['factor between']:.1f} times** as much ({every['product, dB']:+.1f} dB). With none it errs the other "
    f"way: {none['product, dB']:+.1f} dB for {none['count, dB']:+.1f}. The product is overconfident at both ends. "
    f"Even where the bounds favour it most it claims {every['lowest']:+.1f} dB for five."
)

# %%
assert all(
    round(weight(counted, count).likelihood_ratio, 6) == round(published[key], 6)
    for count, key in ((0, "<3"), (3, "3"), (4, "4"), (5, ">=5"))
)
assert every["lowest"] > every["count, dB"]
assert every["factor between"] > 2
assert none["product, dB"] < none["count, dB"] - 3

# %% [markdown]
# One thing in fairness: *0 to 2* is one published class. The count weighs it as a whole, so part of the gap at 0 and 1
# is the classes' coarseness. The gap at 5 is not: there the class is a single count.
#
# ## Four signs: the count in the knowledge base
#
# The knowledge base of morning back pain uses the Berlin criteria, four signs. In primary care only the share of each
# sign was published, so its count is the Poisson-binomial of these shares: it forgets *which* signs were found, and
# takes them for independent. Among the referred, a threshold was measured, and it is used as it stands.

# %%
flagship = aetia.load("morning_back_pain")
IBP = "inflammatory_back_pain"
rule = flagship.knowledge_base.to_dict()["groups"]["inflammatory_pattern"]["count"]["rules"][0]
margins: list[tuple[float, float]] = list(zip(rule["margins"]["cause"], rule["margins"]["comparator"], strict=True))
FOUND: dict[str, Any] = {
    "morning_stiffness": 60,
    "improves_with_exercise_not_rest": True,
    "wakes_second_half_of_night": True,
    "alternating_buttock_pain": True,
}
MISSED: dict[str, Any] = {**dict.fromkeys(FOUND, False), "morning_stiffness": 0}


def berlin(count: int, setting: str) -> aetia.Weight:
    """What a number of Berlin signs weighs for the inflammatory cause."""
    findings = {name: (FOUND if at < count else MISSED)[name] for at, name in enumerate(FOUND)}
    parts = flagship.assess(findings, setting=setting)[IBP].explanation
    return sum((part.weight for part in parts if "morning_stiffness" in part.indicators), aetia.Weight(0))


def products(count: int) -> list[float]:
    """The products of the single ratios, for every choice of so many signs."""
    return [
        prod(ill / well if at in chosen else (1 - ill) / (1 - well) for at, (ill, well) in enumerate(margins))
        for chosen in combinations(range(4), count)
    ]


thresholds = {case["criteria"]: case["published_lr_pos"] for case in vector["cases"] if "published_lr_pos" in case}
sensitivity, specificity = (vector["cases"][0][key] / 100 for key in ("sens_pct", "spec_pct"))
fewer, two, three = (1 - sensitivity) / specificity, thresholds["Berlin >=2 of 4"], thresholds["Berlin >=3 of 4"]
first_study = {0: ("<2", fewer), 1: ("<2", fewer), 2: (">=2", two), 3: (">=3", three), 4: (">=3", three)}

four = pd.DataFrame(
    [
        {
            "signs": count,
            "threshold": first_study[count][0],
            "its LR, first study": first_study[count][1],
            "primary care, LR": berlin(count, "primary_care").likelihood_ratio,
            "primary care, dB": berlin(count, "primary_care").decibans,
            "referred, dB": berlin(count, "rheumatology").decibans,
            "product, from dB": decibans(min(products(count))),
            "to dB": decibans(max(products(count))),
            "factor, product over referred": max(products(count)) / berlin(count, "rheumatology").likelihood_ratio,
        }
        for count in range(5)
    ]
).set_index("signs")
four.round(2)

# %%
Markdown(
    f"In primary care four signs weigh {four.loc[4, 'primary care, dB']:+.1f} dB, exactly the product: this count "
    "*assumes* independence and does not protect from its failure. What it does is to forget which signs were found. "
    "Among the referred, where two or more were measured, the product claims "
    f"**{four.loc[4, 'factor, product over referred']:.1f} times** too much. The criteria's first study has {three:g} "
    "for three signs or more, with established disease against mechanical pain: other people, and so another ratio. "
    f"In primary care three signs weigh {four.loc[3, 'primary care, LR']:.1f}."
)

# %%
assert [round(value, 2) for value in four["primary care, LR"]] == [0.33, 0.67, 1.2, 2.03, 4.05]
assert round(decibans(products(4)[0]), 6) == round(four.loc[4, "primary care, dB"], 6)
assert four.loc[4, "factor, product over referred"] > 3
assert all(four["product, from dB"] - 1e-6 <= four["primary care, dB"])
assert all(four["primary care, dB"] <= four["to dB"] + 1e-6)

# %% [markdown]
# ### Does the assumption hold?
#
# It can be tested with what was found elsewhere. Two signs or more, against fewer, under the shares of primary care;
# the knowledge base's note has two cohorts beside it:


# %%
def at_least_two(side: int) -> float:
    """The share of people with two signs or more, were the signs independent."""
    fewer_than_two = [
        prod(pair[side] if at in chosen else 1 - pair[side] for at, pair in enumerate(margins))
        for count in (0, 1)
        for chosen in combinations(range(4), count)
    ]
    return 1 - sum(fewer_than_two)


positive = at_least_two(0) / at_least_two(1)
negative = (1 - at_least_two(0)) / (1 - at_least_two(1))
(cohorts,) = [note for note in flagship.groups["inflammatory_pattern"].notes if "a16" in note.source]
print(f"two or more: {positive:.2f}, fewer: {negative:.2f}\n{cohorts.text}")

assert f"{positive:.2f}, fewer {negative:.2f}" in cohorts.text

# %% [markdown]
# One cohort agrees with the assumption, the other has somewhat more. So it will do for two signs or more. For all four
# nothing was published that could tell, and the knowledge base says in the rule that it is an assumption:

# %%
print(rule["note"])

assert "is an assumption" in rule["note"]

# %% [markdown]
# ### The count *and* its signs
#
# The costliest mistake is to multiply the composite with its own items, since then the same answers count twice. aetia
# refuses such a knowledge base:

# %%
twice = flagship.knowledge_base.to_dict()
twice["evidence"].append(
    {
        "cause": IBP,
        "indicator": "alternating_buttock_pain",
        "accuracy": {"sensitivity": margins[3][0], "specificity": 1 - margins[3][1]},
        "source": rule["source"],
        "tag": "verified",
    }
)
refusals: tuple[aetia.Problem, ...] = ()
try:
    aetia.KnowledgeBase.from_dict(twice)
except aetia.InvalidKnowledgeBase as error:
    refusals = tuple(problem for problem in error.problems if problem.severity == "error")
for problem in refusals:
    print(f"{problem.code} at {problem.place}: {problem.message}\n  {problem.help}")
print(f"\nIt would claim {two:g} x {products(4)[0]:.2f} = {two * products(4)[0]:.0f} for four signs.")

assert [problem.code for problem in refusals] == ["weighed-twice"]

# %% [markdown]
# ## Five items of one study
#
# For fibromyalgia one study of 158 people has five items, each with its sensitivity and specificity, and nothing on how
# they go together. Here the knowledge base has no count to use. It puts them in one group and damps them: the strongest
# counts in full, the next half, the next a quarter.

# %%
group = flagship.groups["fibromyalgia_symptoms"]
rows = {
    row["indicator"]: row["accuracy"]["sensitivity"] / (1 - row["accuracy"]["specificity"])
    for row in flagship.knowledge_base.to_dict()["evidence"]
    if row["cause"] == "fibromyalgia" and row["indicator"] in group.members
}
order = sorted(rows, key=lambda name: rows[name], reverse=True)


def damped(count: int) -> aetia.Weight:
    """What the strongest items weigh together in the knowledge base."""
    parts = flagship.assess(dict.fromkeys(order[:count], True))["fibromyalgia"].explanation
    return sum((part.weight for part in parts if part.group == group.id), aetia.Weight(0))


items = pd.DataFrame(
    [
        {
            "items": count,
            "and": flagship.indicators[order[count - 1]].title,
            "its LR": rows[order[count - 1]],
            "product": prod(rows[name] for name in order[:count]),
            "product, dB": decibans(prod(rows[name] for name in order[:count])),
            "group": damped(count).likelihood_ratio,
            "group, dB": damped(count).decibans,
            "factor between": prod(rows[name] for name in order[:count]) / damped(count).likelihood_ratio,
        }
        for count in range(1, len(order) + 1)
    ]
).set_index("items")
items.round(2)

# %%
print(f"{group.notes[0].text} [{', '.join(group.notes[0].source)}]")

assert round(items["product"].iloc[-1]) == 46
assert round(items["group"].iloc[-1]) == 5
assert "factor of 46" in group.notes[0].text
assert "158 people" in group.notes[0].text

# %% [markdown]
# ## In one picture
#
# Orange is the product of single ratios, blue is what a group gives, black is what was published for the count.

# %%
figure, (left, centre, right) = plt.subplots(1, 3, figsize=(12, 4), sharey=True, layout="constrained")

left.fill_between(five.index, five["lowest"], five["highest"], color="tab:orange", alpha=0.2)
left.plot(five.index, five["product, dB"], "^-", color="tab:orange", label="product (range)")
left.plot(five.index, five["count, dB"], "o-", color="tab:blue", label="count")
left.plot(five.index, five["published"].map(decibans), "x", color="black", markersize=9, label="published")
left.set(title="ASAS experts, five signs", xlabel="signs present", ylabel="weight, dB")

centre.fill_between(
    four.index, four["product, from dB"], four["to dB"], color="tab:orange", alpha=0.3, label="product (any choice)"
)
centre.plot(four.index, four["primary care, dB"], "o-", color="tab:blue", label="count, primary care")
centre.plot(four.index, four["referred, dB"], "s--", color="tab:blue", label="count, referred")
centre.plot(
    four.index,
    four["its LR, first study"].map(decibans),
    "x",
    color="black",
    markersize=9,
    label="published, first study",
)
centre.set(title="Berlin criteria, four signs", xlabel="signs present", xticks=four.index)

right.plot(items.index, items["product, dB"], "^-", color="tab:orange", label="product")
right.plot(items.index, items["group, dB"], "o-", color="tab:blue", label="damped group")
right.set(title="Fibromyalgia, five items", xlabel="items present, the others not asked", xticks=items.index)

for ax in (left, centre, right):
    ax.axhline(0, color="grey", linewidth=0.8)
    ax.legend(frameon=False, loc="lower right")
plt.show()

# %% [markdown]
# ## What to take home
#
# - A product of ratios is right if the signs are independent among the ill *and* among the others. Published counts can
#   refute that, as they do for five signs.
# - Where a count was published, use it, and not its items beside it.
# - Where only the items were published, say that their independence is an assumption, or damp them.
# - A ratio belongs to the people it was measured in. The same signs weigh less among the referred.

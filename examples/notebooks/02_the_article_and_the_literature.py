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
# # Where the article and the literature disagree
#
# The knowledge base of morning back pain follows a patient guide (cited as `article`, its claims numbered A01 to A47).
# Where studies disagree with the guide it carries both: the claim as a note, the measured figure as the weight. This
# notebook reads both from the knowledge base, and says in decibans what each is worth.
#
# **This is education, not a diagnosis**, and no criticism of anybody's doctor. A guide may rightly name a sign that
# says little: it describes an illness. The question here is another one: how much does the sign *tell apart*?

# %%
import json
import re
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Markdown

import aetia
import aetia.plot

pd.set_option("display.max_colwidth", None)

ROOT = next(at for at in (Path.cwd(), *Path.cwd().parents) if (at / "tests" / "vectors").is_dir())
model = aetia.load("morning_back_pain")
document = model.knowledge_base.to_dict()
IBP = "inflammatory_back_pain"


def decibans(ratio: float) -> float:
    """What a likelihood ratio weighs."""
    return aetia.Weight.from_likelihood_ratio(ratio).decibans


# %% [markdown]
# ## 82 % and 11 %
#
# Claim A07 has two figures. The knowledge base keeps them in a note on morning stiffness:

# %%
note, abstract = model.indicators["morning_stiffness"].notes[1:]
print(f"{note.text}\n  [{', '.join(note.source)}]\n\n{abstract.text}\n  [{', '.join(abstract.source)}]")

# %% [markdown]
# What can 82 % and 11 % say about a single person with morning pain? Suppose the best case for the sign: *every one* of
# the 11 % has it. Take 100 people with chronic back pain. 82 have the sign. At most 11 of them have the disease, so at
# least 71 have the sign and not the disease, out of the 89 who do not have it. The sign is then found in all of the
# ill, and still in four of five of the others:

# %%
seen, ill, _ = (int(percent) / 100 for percent in re.findall(r"(\d+) %", note.text))
in_others = (seen - ill) / (1 - ill)
bound = 1 / in_others

print(f"sign in the ill, at most:      {1:.1%}")
print(f"sign in the others, at least:  ({seen} - {ill}) / (1 - {ill}) = {in_others:.1%}")
print(f"likelihood ratio, at most:     1 / {in_others:.4f} = {bound:.3f}")
print(f"weight, at most:               {aetia.Weight.from_likelihood_ratio(bound).decibans:+.2f} dB")
print(f"11 % becomes, at most:         {ill} / {seen} = {ill / seen:.1%}")

assert (seen, ill) == (0.82, 0.11)
assert (round(100 * (seen - ill)), round(100 * (1 - ill))) == (71, 89)
assert round(in_others, 1) == 0.8
assert round(bound, 3) == 1.254
assert round(decibans(bound), 2) == 0.98
assert "1.254" in note.text
assert "+0.98 dB" in note.text

# %% [markdown]
# So morning pain moves 11 % to 13.4 % at the very most. No study is to blame for that, it is arithmetic. *A sign that
# most people have cannot tell them apart*, however often the ill have it. This is an upper bound; the truth lies below.
#
# The abstract of the study has slightly other figures: 79 % (82 is the upper end of the interval), and 11 % with
# *spondyloarthritis*. The *pattern* called inflammatory back pain was met by 67 %. The bound hardly moves:

# %%
share, low, high, disease, pattern = (int(number) / 100 for number in re.findall(r"(\d+)(?: %| to|\))", abstract.text))
bounds = {stiff: 1 / ((stiff - disease) / (1 - disease)) for stiff in (low, share, high)}
for stiff, ratio in bounds.items():
    print(f"{stiff:.0%} stiff, {disease:.0%} ill: likelihood ratio at most {ratio:.3f}, {decibans(ratio):+.2f} dB")

assert (share, low, high, disease, pattern) == (0.79, 0.76, 0.82, 0.11, 0.67)
assert round(ill / seen, 3) == 0.134
assert max(decibans(ratio) for ratio in bounds.values()) < 1.4

# %% [markdown]
# Measured directly, in primary care and for stiffness of more than half an hour, it is less still. The knowledge base
# has it as the first item of the Berlin count:

# %%
count = document["groups"]["inflammatory_pattern"]["count"]
berlin = count["rules"][0]
with_disease, without_disease = (berlin["margins"][side][0] for side in ("cause", "comparator"))
measured = with_disease / without_disease
print(f"{count['items'][0]['title']}: {with_disease:.1%} against {without_disease:.1%} {berlin['source']}")
print(f"likelihood ratio {measured:.2f}, {decibans(measured):+.2f} dB")

assert 1 < measured < bound

# %% [markdown]
# ## The guide's own figures, side by side
#
# The guide has few numbers. Here they are beside what the literature has, both out of the notes, and with what the
# knowledge base makes of them.

# %%
(frequency,) = [one for one in model.causes["fibromyalgia"].notes if "article:A24" in one.source]
(companion,) = [one for one in model.causes["fibromyalgia"].notes if "article:A31" in one.source]
fewest, most, found = re.findall(r"[\d.]+(?= to| %)", frequency.text)[:3]
prior = model.causes["fibromyalgia"].prior["primary_care"]
both = [
    {
        "claim": "A07",
        "what": "stiff or in pain in the morning",
        "the guide": f"{seen:.0%}",
        "the literature": f"{share:.0%}",
        "sources": ", ".join(abstract.source),
        "carried": f"LR {measured:.2f}",
    },
    {
        "claim": "A02, A07",
        "what": "inflammatory back pain",
        "the guide": f"{ill:.0%}",
        "the literature": f"{pattern:.0%} the pattern, {disease:.0%} the disease",
        "sources": ", ".join(abstract.source),
        "carried": "the pattern as a group of signs, the disease as a cause",
    },
    {
        "claim": "A24",
        "what": "fibromyalgia",
        "the guide": f"{fewest} to {most} % of people",
        "the literature": f"{found} % of people",
        "sources": ", ".join(frequency.source),
        "carried": f"{prior.value:.0%} of people with back pain [{', '.join(prior.source)}]",
    },
    {
        "claim": "A31",
        "what": "back pain in fibromyalgia",
        "the guide": f"up to {re.findall(r'[0-9]+ %', companion.text)[0]}",
        "the literature": "origin not found",
        "sources": ", ".join(companion.source),
        "carried": "not weighed",
    },
]
pd.DataFrame(both).set_index("claim")

# %%
assert (fewest, most, found) == ("1", "2", "1.78")
assert prior.value == 0.07
assert "could not be found" in companion.text

# %% [markdown]
# ## Claim by claim
#
# Most claims are words. What a claim weighs is not typed in here: each is answered on its own, and the model says what
# it adds to the score, from which source, and how far that is to be trusted. The column *earlier* has what an earlier
# or more generous reading would give, where there is one: the bound from above, or the table of 2006, which was made to
# be multiplied at the bedside.

# %%
vectors = ROOT / "tests" / "vectors"
table_2006 = {
    case["parameter"]: case["published_lr_pos"]
    for case in json.loads((vectors / "axspa_lr_table_2006.json").read_text("utf-8"))["cases"]
}


def carried(cause: str, finding: dict[str, Any]) -> aetia.Contribution:
    """What a finding weighs for a cause when nothing else is known: the strongest part that is evidence."""
    parts = [part for part in model.assess(finding)[cause].explanation if part.kind == "evidence"]
    return max(parts, key=lambda part: abs(part.weight.nanodecibans))


def interval(cause: str, indicator: str, answer: str) -> str:
    """The 95 % interval of a row of evidence; empty where a group has a rule of its own and the row has none."""
    for row in document["evidence"]:
        if (row["cause"], row["indicator"]) == (cause, indicator) and answer in row.get("interval", {}):
            low, high = row["interval"][answer]
            return f"{low:g} to {high:g}"
    return ""


def notes_on(claim: str, cause: str, indicator: str) -> list[str]:
    """What the knowledge base says about a claim of the guide, of the sign and of the cause."""
    notes = [*model.indicators[indicator].notes, *model.causes[cause].notes]
    return [f"{note.text} [{', '.join(note.source)}]" for note in notes if f"article:{claim}" in note.source]


# Claim, what the guide says, cause, finding, the earlier ratio.
claims: list[tuple[str, str, str, dict[str, Any], float | None]] = [
    ("A08", "nearly all who have it are stiff in the morning", IBP, {"morning_stiffness": 45}, bound),
    ("A10", "it runs in families", IBP, {"family_history_spa": True}, table_2006["family history"]),
    ("A11", "mostly men have it", IBP, {"male": True}, None),
    ("A12", "anti-inflammatory drugs relieve it", IBP, {"nsaid_response": True}, table_2006["good response to NSAIDs"]),
    ("A14", "whoever sleeps soundly probably does not have it", IBP, {"night_pain": False}, None),
    ("A18", "metabolic syndrome feeds inflammation", "inflammaging", {"metabolic_syndrome": True}, None),
    ("A26", "fatigue goes with fibromyalgia", "fibromyalgia", {"fatigue": True}, None),
    ("A34", "muscle knots hurt elsewhere", "myofascial_pain_syndrome", {"referred_pain": True}, None),
    ("A42", "lying on the stomach is worst", "sleep_posture", {"stomach_sleeping": True}, None),
]
rows = []
for claim, says, cause, finding, earlier in claims:
    part = carried(cause, finding)
    rows.append(
        {
            "claim": claim,
            "the guide": says,
            "for": model.causes[cause].label,
            "earlier": "" if earlier is None else f"{earlier:.2f} ({aetia.Weight.from_likelihood_ratio(earlier)})",
            "carried": f"{part.weight.likelihood_ratio:.2f} ({part.weight})",
            "95 %": interval(cause, part.indicators[0], "present"),
            "trust": part.tag,
            "sources": part.citation,
        }
    )
weights = {row[0]: carried(row[2], row[3]).weight for row in claims}
pd.DataFrame(rows).set_index("claim")

# %%
strongest = max(weights.values(), key=abs)
Markdown(
    f"None of these is worth more than {abs(strongest.decibans):.1f} dB, a factor of "
    f"{abs(strongest).likelihood_ratio:.1f}; {sum(abs(weight.decibans) < 1 for weight in weights.values())} of "
    f"{len(weights)} are below 1 dB, which the ranking calls a near-tie."
)

# %%
assert all(abs(weight.decibans) < 4 for weight in weights.values())
assert weights["A08"] < aetia.Weight.from_likelihood_ratio(bound)
assert weights["A14"].decibans < 0
assert weights["A42"] <= aetia.Weight.from_likelihood_ratio(1.1)

# %% [markdown]
# And why, in the words of the knowledge base. Each remark names both sides:

# %%
told = {claim: notes_on(claim, cause, next(iter(finding))) for claim, _, cause, finding, _ in claims}
assert all(told.values())

Markdown("\n".join(f"- **{claim}** {' '.join(texts)}" for claim, texts in told.items()))

# %% [markdown]
# ## The better the study, the less it said
#
# Relief by anti-inflammatory drugs (A12) is the clearest case. The note has the ratios in the order in which they were
# published; the last study took the drugs away first and then watched what giving them does, in two ways of counting.

# %%
(story,) = [note for note in model.indicators["nsaid_response"].notes if "article:A12" in note.source]
ratios = [float(number) for number in re.findall(r"\d\.\d+", story.text)]
years = [re.findall(r"20\d\d", model.sources[key].text)[0] for key in story.source if key != "article:A12"]
of_studies = list(zip([*years[:3], f"{years[3]}, lower", f"{years[3]}, higher"], ratios, strict=True))
row = next(
    row
    for row in document["evidence"]
    if (row["cause"], row["indicator"]) == (IBP, "nsaid_response") and "setting" not in row
)
now = row["likelihood_ratio"]["present"]
low, high = row["interval"]["present"]

figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.axhspan(decibans(low), decibans(high), color="tab:blue", alpha=0.12, label="its 95 % interval")
ax.axhline(decibans(now), color="tab:blue", label=f"carried here: {now}")
ax.plot([name for name, _ in of_studies], [decibans(ratio) for _, ratio in of_studies], "o", color="black")
for name, ratio in of_studies:
    ax.annotate(f"{ratio:g}", (name, decibans(ratio)), textcoords="offset points", xytext=(8, 4))
ax.axhline(0, color="grey", linewidth=0.8)
ax.set(
    ylabel="weight of relief, dB", xlim=(-0.3, 4.5), ylim=(-0.5, 8.5), title="LR+ of relief by anti-inflammatory drugs"
)
ax.legend(loc="upper right", frameon=False)
plt.show()

assert ratios == sorted(ratios[:3], reverse=True) + ratios[3:] == [5.1, 2.2, 1.8, 1.06, 1.44]
assert low <= now <= high
assert low <= min(ratios)

# %% [markdown]
# ## The table of 2006, and what is carried
#
# The signs outside the spine (A09, A10, A12) have ratios of 2004 to 2006, mostly against healthy people or other
# illnesses. A cohort of people who came with *unexplained back pain* gave smaller ones: that is the comparison a
# ranking needs. The knowledge base carries what lies between, nearer to the cohort. (Two signs changed their meaning on
# the way: heel pain became any enthesitis, and of the family history the part that tells anything was kept.)

# %%
pairs = {
    "heel pain (enthesitis)": "enthesitis",
    "peripheral arthritis": "peripheral_arthritis",
    "iritis or anterior uveitis": "uveitis",
    "family history": "family_history_spa",
    "good response to NSAIDs": "nsaid_response",
}
compared = pd.DataFrame(
    {
        "2006": [table_2006[parameter] for parameter in pairs],
        "carried": [carried(IBP, {name: True}).weight.likelihood_ratio for name in pairs.values()],
        "sources": [carried(IBP, {name: True}).citation for name in pairs.values()],
    },
    index=[model.indicators[name].title for name in pairs.values()],
)
compared["2006, dB"] = compared["2006"].map(decibans)
compared["carried, dB"] = compared["carried"].map(decibans)
compared[["2006", "carried", "2006, dB", "carried, dB", "sources"]].round(2)

# %%
figure, ax = plt.subplots(figsize=(8, 3), layout="constrained")
names = list(compared.index)[::-1]
ax.hlines(names, compared["carried, dB"][::-1], compared["2006, dB"][::-1], color="lightgrey", linewidth=3, zorder=0)
ax.plot(compared["2006, dB"][::-1], names, "s", color="tab:orange", label="2006")
ax.plot(compared["carried, dB"][::-1], names, "o", color="tab:blue", label="carried here")
ax.axvline(0, color="grey", linewidth=0.8)
ax.set(xlabel="weight when present, dB", xlim=(-0.5, 10))
ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
plt.show()

assert (compared["carried"] < compared["2006"]).all()

# %% [markdown]
# Multiplied, the difference is no longer one of taste. Take somebody who has all five:

# %%
together = model.assess(dict.fromkeys(pairs.values(), True))[IBP]
in_sum = sum((part.weight for part in together.explanation if part.kind == "evidence"), aetia.Weight(0))
product = float(compared["2006"].prod())
tempered = float(compared["carried"].prod())

Markdown(
    f"The table of 2006, multiplied, claims a factor of **{product:,.0f}** ({decibans(product):.1f} dB). The ratios "
    f"carried here would multiply to {tempered:.0f} ({decibans(tempered):.1f} dB). The model adds up to "
    f"**{in_sum.likelihood_ratio:.0f}** ({in_sum.decibans:.1f} dB), since signs that come together are one group and "
    f"their weights are damped: {product / in_sum.likelihood_ratio:,.0f} times less than the table."
)

# %%
assert in_sum.likelihood_ratio < tempered < product
assert product > 1000
assert in_sum.likelihood_ratio < 30

chain = next(note for note in document["knowledge_base"]["notes"] if "hd07" in note["source"])
print(f"{chain['text']}\n  {model.sources['hd07'].text}")

# %% [markdown]
# ## A claim that is policy, not evidence
#
# A14 is the strongest sentence of the guide: no night pain, probably no inflammatory back pain. As evidence it is weak,
# for about four in ten of those who have it are not woken. The knowledge base follows the guide nevertheless, but as a
# *gate*: a rule with a name, whose effect is shown apart.

# %%
waking = next(at for at, item in enumerate(count["items"]) if "wakes_second_half_of_night" in item["condition"])
sleeps = {side: 1 - berlin["margins"][side][waking] for side in ("cause", "comparator")}
sound = sleeps["cause"] / sleeps["comparator"]

picture: dict[str, Any] = {
    "hla_b27": True,
    "alternating_buttock_pain": True,
    "nsaid_response": True,
    "night_pain": False,
}
held = model.assess(picture)[IBP]
print(f"not woken: {sleeps['cause']:.1%} of those with it, {sleeps['comparator']:.1%} of the others")
print(f"as evidence: likelihood ratio {sound:.2f}, {decibans(sound):+.1f} dB")
print(
    f"as a gate, in a strong picture: {held.gate_effect}, from "
    f"{aetia.percent(held.posterior_ungated)} to {aetia.percent(held.posterior)}"
)

assert round(decibans(sound), 6) == round(weights["A14"].decibans, 6)
assert 0.35 < sleeps["cause"] < 0.45
assert held.held_by[0].gate == "night_pain"
assert model.gates["night_pain"].source == ("article:A14",)

# %%
aetia.plot.gate_effect(held.result)
plt.show()

# %% [markdown]
# ## What is cited above
#
# Keys are the knowledge base's own; `article:A07` is claim A07 of the guide.

# %%
cited = {key.split(":")[0] for row in rows for key in str(row["sources"]).split(", ")}
cited |= {key.split(":")[0] for one in (note, abstract, story) for key in one.source} | {"b11", "hd07"}
cited |= {key.split(":")[0] for texts in compared["sources"] for key in texts.split(", ")}
references = [model.sources[key] for key in sorted(cited)]

Markdown(
    "\n".join(
        f"- `{source.id}` {source.text}" + (f" PMID {source.pmid}." if source.pmid else "") for source in references
    )
)

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
# # A morning
#
# One case, from its findings to a ranking with reasons: what weighs how much, what a gate holds back, what one more
# answer would change, and what nobody has looked at yet.
#
# **This is education, not a diagnosis.** The case is invented. The knowledge base orders questions; no clinical study
# has tested it, and back pain on most days is worth a visit to a specialist whatever a program prints.

# %%
import json

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Markdown

import aetia
import aetia.plot

pd.set_option("display.max_colwidth", None)

model = aetia.load("morning_back_pain")
model

# %% [markdown]
# ## The case
#
# A man of 34 has had back pain since he was 31, worst after the night. A case is a dictionary: the id of an indicator,
# and what was found. What is left out is *unknown*, which is not the same as absent: it weighs nothing.

# %%
case: dict[str, object] = {
    "age_now": 34,
    "age_at_onset": 31,
    "male": True,
    "lasts_3_months": True,
    "pain_pattern": "most_days",
    "morning_stiffness": 45,
    "improves_with_exercise_not_rest": True,
    "alternating_buttock_pain": True,
    "nsaid_response": True,
    "hla_b27": True,
}
pd.DataFrame(
    [(model.indicators[name].title, value, model.indicators[name].unit or "") for name, value in case.items()],
    columns=["indicator", "found", "unit"],
)

# %%
result = model.assess(case)
result

# %%
aetia.plot.ranking(result)
plt.show()

# %% [markdown]
# Every ratio behind this picture compares a cause with *other chronic back pain*, the comparator. It has no rank; it is
# the waterline at 0 dB. A named cause above it is likelier than everything that is not named, taken together.

# %%
first, suspect = result.first, result["inflammatory_back_pain"]

Markdown(
    f"First of the named causes is **{first.title}** at {aetia.percent(first.posterior)}, and it does not lead: "
    f"the comparator keeps {aetia.percent(result.comparator.posterior)}. **{suspect.title}** "
    f"stands at rank {suspect.rank}, at {aetia.percent(suspect.posterior)}. "
    f"Without gates it would have rank {suspect.rank_ungated} and {aetia.percent(suspect.posterior_ungated)}."
)

# %%
assert not first.leads
assert first.cause != suspect.cause
assert (suspect.rank, suspect.rank_ungated) == (2, 1)

# %% [markdown]
# ## Why
#
# The explanation is what computed the score, part by part. Weights are in decibans (dB): +10 dB multiplies the odds by
# ten, +3 dB about doubles them. Each part says where its figures come from and how far they are to be trusted.

# %%
suspect.explanation

# %%
aetia.plot.waterfall(suspect)
plt.show()

# %% [markdown]
# The parts are whole numbers of nanodecibans. They add up to the score to the last unit, without rounding:

# %%
parts = [part.weight.nanodecibans for part in suspect.explanation]
print(" + ".join(f"({part})" for part in parts if part))
print(f"= {sum(parts)}, the score: {suspect.score.nanodecibans}")

assert sum(parts) == suspect.score.nanodecibans == suspect.explanation.total.nanodecibans

# %% [markdown]
# The same as a nomogram, which is how it used to be done by hand, with a ruler.

# %%
aetia.plot.nomogram(suspect)
plt.show()

# %%
Markdown(
    f"Its three scales and one line set the cause against the comparator alone. "
    f"So it ends at {aetia.percent(suspect.score.probability)}, and the ranking, where all causes share "
    f"what there is, at {aetia.percent(suspect.posterior)}."
)

# %% [markdown]
# ## The gate at work
#
# The part that takes most away is no evidence. It is a rule: the guide behind this knowledge base calls inflammatory
# back pain a pain of the night, and so it may not be ranked first before somebody has asked about the night. A gate
# hides nothing: the evidence stays in the list, and the probability without gates stands beside the one with them.

# %%
(bar,) = suspect.held_by
pd.Series(
    {
        "gate": bar.title,
        "wants": bar.condition,
        "lacks only an answer": bar.is_undetermined,
        "decided by": ", ".join(bar.because),
        "to ask": " ".join(model.indicators[name].question or "" for name in bar.because),
        "because": bar.reason,
        "cited": ", ".join(model.gates[bar.gate].source),
        "moves the score by": str(suspect.gate_effect),
    },
    name="",
).to_frame()

# %%
aetia.plot.gate_effect(result)
plt.show()

# %%
assert min(suspect.explanation, key=lambda part: part.weight).kind == "gate"
assert bar.because == ("night_pain",)
assert bar.is_undetermined
assert suspect.score_ungated + suspect.gate_effect == suspect.score

# %% [markdown]
# ## What one answer changes
#
# So the night is asked about. Three answers are possible: *no*, *yes*, and *yes, it wakes me in the second half of the
# night*, from which night pain follows.

# %%
answers: dict[str, dict[str, object]] = {
    "not asked": {},
    "no night pain": {"night_pain": False},
    "night pain": {"night_pain": True},
    "wakes in the second half": {"wakes_second_half_of_night": True},
}
after = {answer: model.assess(case | extra) for answer, extra in answers.items()}
pd.DataFrame(
    [
        {
            "answer": answer,
            "first": outcome.first.label,
            "rank of IBP": outcome["inflammatory_back_pain"].rank,
            "IBP": aetia.percent(outcome["inflammatory_back_pain"].posterior),
            "without gates": aetia.percent(outcome["inflammatory_back_pain"].posterior_ungated),
            "held by": ", ".join(bar.title for bar in outcome["inflammatory_back_pain"].held_by),
            "follows": ", ".join(f"{model.indicators[name].title}: {what}" for name, what in outcome.inferred.items()),
        }
        for answer, outcome in after.items()
    ]
).set_index("answer")

# %%
unasked, no, yes, wakes = (outcome["inflammatory_back_pain"] for outcome in after.values())

Markdown(
    "Night pain itself weighs nothing: with *yes* the score without gates is the one it was before "
    f"({yes.score_ungated}). It opens the gate, and {aetia.percent(yes.posterior)} count. "
    f"*No* closes the gate for good, and it "
    f"also means not being woken by pain, which is evidence of {no.score_ungated - unasked.score_ungated}. Being "
    f"woken says more than the pain: {wakes.score_ungated - unasked.score_ungated}."
)

# %%
assert yes.score == yes.score_ungated == unasked.score_ungated
assert (unasked.rank, no.rank, yes.rank, wakes.rank) == (2, 2, 1, 1)
assert not no.held_by[0].is_undetermined
assert after["wakes in the second half"].inferred == {"night_pain": "present"}

# %% [markdown]
# Why one cause and not the other, with the night pain known? A comparison takes one explanation from the other.

# %%
comparison = after["night pain"].compare("inflammatory_back_pain", first.cause)
comparison

# %%
aetia.plot.comparison(comparison)
plt.show()

# %%
other = after["night pain"][first.cause]
assert comparison.total == yes.score - other.score

# %% [markdown]
# The other way round: which of the answers given carries the conclusion? Take each away in turn.

# %%
known = case | {"night_pain": True}
without = []
for name in known:
    less = model.assess({key: value for key, value in known.items() if key != name})["inflammatory_back_pain"]
    without.append((less.posterior, less.rank, model.indicators[name].title))
needed = [title for _, rank, title in without if rank != 1]
pd.DataFrame(
    [
        {"without": title, "rank of IBP": rank, "IBP": aetia.percent(posterior)}
        for posterior, rank, title in sorted(without)
    ]
)

# %%
print("Taking one answer away loses the first rank only for:", ", ".join(needed))

assert needed == ["Night pain"]

# %% [markdown]
# ## Red flags
#
# Flags stand beside the ranking: they neither move it nor are moved by it. Each is *raised*, *cleared* or *not
# assessed*. The last is the one to read: nobody has looked, and that is not an all-clear.

# %%
pd.DataFrame(
    [
        {
            "level": flag.level,
            "state": flag.state.replace("_", " "),
            "flag": flag.title,
            "decided by": "; ".join(flag.words),
        }
        for flag in result.flags
    ]
)

# %%
not_assessed = [flag for flag in result.flags if flag.state == "not_assessed"]
emergencies = [flag for flag in not_assessed if flag.level == "emergency"]
Markdown(
    f"{len(not_assessed)} of {len(result.flags)} flags are not assessed, {len(emergencies)} of them emergencies. "
    f"Of {len(model.indicators)} indicators {len(result.not_asked)} have not been asked about at all."
)

# %%
alarming = model.assess(case | {"saddle_numbness": True})
raised = [flag for flag in alarming.flags if flag.state == "raised" and flag.level == "emergency"]
for flag in raised:
    print(f"{flag.title}\n  {flag.action}")

assert [flag.id for flag in raised] == ["cauda_equina"]
assert [candidate.score for candidate in alarming] == [candidate.score for candidate in result]
assert len(emergencies) == 3

# %% [markdown]
# ## Two questions, two links
#
# A score becomes a probability by a link. *Exclusive* asks for the principal explanation: the causes compete, and with
# the comparator they sum to one. *Independent* sets each cause against the comparator alone: causes may coexist, and
# the probabilities sum to nothing in particular. Scores and ranks are the same under both.

# %%
exclusive = model.assess(known)
independent = model.assess(known, link="independent")
pd.DataFrame(
    [
        {
            "cause": one.title,
            "score": str(one.score),
            "exclusive": aetia.percent(one.posterior),
            "independent": aetia.percent(independent[one.cause].posterior),
        }
        for one in exclusive
    ]
)

# %%
total = exclusive.comparator.posterior + sum(one.posterior or 0.0 for one in exclusive)
print(f"exclusive, the comparator included: {total:.4f}")
print(f"independent, the named causes:      {sum(one.posterior or 0.0 for one in independent):.4f}")

assert abs(total - 1) < 1e-9
assert [one.score for one in exclusive] == [independent[one.cause].score for one in exclusive]

# %% [markdown]
# ## Kept for later
#
# A result is stored as JSON. It holds all that is needed to print, explain and compare it without the knowledge base,
# and says which edition of it and which version of the library made it.

# %%
text = result.to_json()
stored = aetia.Result.from_json(text)
print(f"{len(text)} characters, {len(json.loads(text))} fields")
print(f"made by {stored.knowledge_base.id} {stored.knowledge_base.version} and aetia {stored.engine}")
print(f"findings {stored.case_hash[:12]}…, knowledge base {stored.knowledge_base.source_hash[:12]}…")

assert stored == result
assert stored.to_json() == text
assert stored.case == case
assert str(stored["inflammatory_back_pain"].explanation) == str(suspect.explanation)

# %% [markdown]
# Whoever reads it later also reads this, which belongs to every result:

# %%
print(stored.notice)

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
# # How sure
#
# A ranking is made of published figures, and published figures are off. This notebook asks one result how far it can
# be trusted: intervals, how often the first cause is really first, and the figures it rests on.
#
# It is education, not a diagnosis.

# %%
import matplotlib.pyplot as plt
import pandas as pd

import aetia

pd.set_option("display.max_colwidth", None)
model = aetia.load("morning_back_pain")
morning = {
    "night_pain": True,
    "age_at_onset": 32,
    "alternating_buttock_pain": True,
    "improves_with_exercise_not_rest": True,
    "morning_stiffness": 45,
    "hla_b27": None,
}

# %% [markdown]
# ## The same ranking, asked how sure it is
#
# `model.certainty` takes what `model.assess` takes. Its `result` is the usual result with intervals and chances in
# it.

# %%
sure = model.certainty(morning)
sure

# %% [markdown]
# Without asking, the result is what it always was; scores and ranks are the same integers.

# %%
plain = model.assess(morning)
assert plain.certainty is None
assert [one.score for one in plain.ranking] == [one.score for one in sure.result.ranking]

# %% [markdown]
# ## What an interval here means
#
# If every figure of the knowledge base is off as its provenance says, and the knowledge base is right in everything
# else, the true probability lies inside 95 times in a hundred. It does **not** say that the knowledge base is right:
# which causes there are, which findings depend on each other, whom the studies were made on. Silence weighs exactly
# nothing, and is not uncertain here.

# %%
named = [one for one in sure.causes if one.interval is not None and one.posterior is not None]
fig, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
for row, one in enumerate(reversed(named)):
    low, high = one.interval or (0, 0)
    ax.plot([low, high], [row, row], color="tab:blue", linewidth=3, solid_capstyle="butt")
    ax.plot(one.posterior or 0, row, "o", color="black")
ax.set_yticks(range(len(named)), [sure.result[one.cause].label for one in reversed(named)])
ax.set_xlim(0, 1)
ax.set_xlabel("probability after the findings, with its 95 % interval")
plt.show()

# %% [markdown]
# ## How often is the first cause first?
#
# All figures are drawn from their uncertainty at once, figures of one study in one direction, 4,000 times. The seed
# is part of the result: the same seed gives the same shares on every machine, with any number of threads.

# %%
shares = pd.DataFrame(
    {
        "cause": [one.title for one in sure.causes],
        "first": [one.first for one in sure.causes],
        "first or second": [one.first_two for one in sure.causes],
        "sd of the score, dB": [round(one.sd, 1) for one in sure.causes],
    }
)
assert abs(shares["first"].sum() - 1) < 1e-9
assert model.certainty(morning, seed=sure.seed) == sure
shares

# %% [markdown]
# ## What the result rests on
#
# Each figure on its own, moved across its 95 % interval: how the lead of the first cause over the second moves (a
# tornado), and the exact weight at which another cause would be first. A figure *decides* where its own interval
# reaches that far.

# %%
tornado = pd.DataFrame(
    {
        "about": [f"{sure.result[it.cause].label}: {it.subject}" for it in sure.figures[:6]],
        "lead, dB": [f"{it.lead[0].decibans:.1f} to {it.lead[1].decibans:.1f}" for it in sure.figures[:6]],
        "weight": [str(it.weight) for it in sure.figures[:6]],
        "first cause changes at": [str(it.flip) if it.flip else "never" for it in sure.figures[:6]],
        "decides": [it.decides for it in sure.figures[:6]],
        "known from": [it.basis for it in sure.figures[:6]],
    }
)
tornado

# %% [markdown]
# ## One unanswered question
#
# Take night pain away. The gate holds inflammatory back pain below the best open cause: it is first in no draw, and
# its interval is where the gate keeps it. What the evidence says of it stands beside it.

# %%
open_question = model.certainty(morning | {"night_pain": None})
held = open_question["inflammatory_back_pain"]
assert held.first == 0
assert held.interval is not None
assert held.interval[1] < held.interval_ungated[1]
print(open_question.result["inflammatory_back_pain"].explanation)

# %% [markdown]
# ## Stored
#
# What was asked is stored with the result, and reads as it did.

# %%
again = aetia.Result.from_json(sure.result.to_json())
assert str(again) == str(sure)
assert again.certainty == sure

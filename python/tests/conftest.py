"""What the tests share: the flagship, the folders of the repository, and how hypothesis draws."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import aetia
from golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# The same cases in every run, as many as the laws in Rust get: the environment's `AETIA_CASES`, else 100.
settings.register_profile(
    "aetia",
    derandomize=True,
    deadline=None,
    max_examples=int(os.environ.get("AETIA_CASES", "100")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("aetia")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def model() -> aetia.Model:
    """The flagship."""
    return aetia.load("morning_back_pain")


@pytest.fixture(scope="session")
def tiny() -> aetia.Model:
    """The knowledge base of the documentation's examples."""
    return aetia.KnowledgeBase.from_file(ROOT / "crates/aetia/docs/tiny.toml").compile()


@pytest.fixture(scope="session")
def result(model: aetia.Model) -> aetia.Result:
    """A result of the flagship in which something is held, raised, inferred and not assessable."""
    findings = {
        "lasts_3_months": True,
        "age_now": 34,
        "age_at_onset": 31,
        "morning_stiffness": 60,
        "improves_with_exercise_not_rest": True,
        "nsaid_response": True,
        "peripheral_arthritis": True,
        "hla_b27": True,
        "night_pain": False,
        "saddle_numbness": True,
        "crp": aetia.NOT_ASSESSABLE,
    }
    return model.assess(findings, setting="rheumatology")

"""Writes the pictures of the README: a case whose evidence points to a cause that a gate holds.

python examples/pictures.py [folder]
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

import aetia
from aetia import plot

# A man of 38 with nine months of back pain in the morning. Nobody has asked about the nights.
CASE = {
    "age_now": 38,
    "age_at_onset": 37,
    "male": True,
    "pain_pattern": "most_days",
    "morning_stiffness": 45,
    "improves_with_exercise_not_rest": True,
    "alternating_buttock_pain": True,
    "nsaid_response": True,
    "hla_b27": True,
    "trigger_points": False,
    "saddle_numbness": False,
}
IMAGES = Path(__file__).parent.parent / "docs" / "images"


def texts() -> dict[str, str]:
    """What each picture shows, as text. It is kept in the picture, so that a test can see when that is out of date."""
    result = aetia.load("morning_back_pain").assess(CASE)
    # Without the last line, the edition, which may change where nothing is drawn otherwise.
    ranking, _, _ = str(result).strip().rpartition("\n")
    return {"ranking": ranking, "waterfall": str(result["inflammatory_back_pain"].explanation)}


def main(folder: Path) -> None:
    """Writes each picture. The same versions of aetia and matplotlib write the same bytes."""
    mpl.use("Agg")
    mpl.rcdefaults()
    folder.mkdir(parents=True, exist_ok=True)
    result = aetia.load("morning_back_pain").assess(CASE)
    pictures = {
        "ranking": plot.ranking(result),
        "waterfall": plot.waterfall(result["inflammatory_back_pain"]),
    }
    described = texts()
    for name, ax in pictures.items():
        figure = ax.get_figure()
        if isinstance(figure, Figure):
            # Without the name of the version of matplotlib.
            metadata = {"Software": None, "Description": described[name]}
            figure.savefig(folder / f"{name}.png", dpi=110, metadata=metadata)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else IMAGES)

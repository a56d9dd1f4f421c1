"""Knowledge bases of any size, made by rule, for tests and pictures."""

from __future__ import annotations

from typing import Any

import aetia

SIGNS = 20
LONG = "A disorder with a name so long that no picture has room for it on one line"


def document(causes: int, *, long: bool = False) -> dict[str, Any]:
    """A knowledge base of so many causes. The second leads on evidence, and a gate holds it until somebody asks.

    The first is capped and the last excluded where a sign is present. With `long`, every title
    is long and no cause has a label.
    """
    tail = f": {LONG.lower()}" if long else ""
    made_up = {"uncited": "made up", "tag": "assumption"}
    names = [f"cause_{n}" for n in range(1, causes + 1)]
    return {
        "format_version": 1,
        "knowledge_base": {
            "id": "synthetic",
            "version": "1.0.0",
            "title": "Made by rule" + tail,
            "notice": "Made-up figures; they say nothing about anybody.",
            "default_setting": "anywhere",
        },
        "comparator": {"id": "other", "title": "Something else" + tail},
        "settings": {"anywhere": {"title": "Anywhere"}},
        "causes": {
            name: {
                "title": f"Cause {n}{tail}",
                **({} if long else {"label": f"C{n}"}),
                "prior": {"anywhere": {"value": round(0.8 / (causes + n), 4), **made_up}},
            }
            for n, name in enumerate(names, 1)
        },
        "indicators": {
            **{f"sign_{n}": {"title": f"Sign {n}{tail}", "kind": "boolean"} for n in range(1, SIGNS + 1)},
            "opens": {"title": "What opens the gate" + tail, "kind": "boolean"},
            "rules_out": {"title": "What rules the last cause out", "kind": "boolean"},
            "limits": {"title": "What limits the first cause", "kind": "boolean"},
        },
        "evidence": [
            {
                "cause": name,
                "indicator": f"sign_{sign}",
                "likelihood_ratio": {"present": _ratio(n, sign)},
                "absent": {"neutral": "made up"},
                **made_up,
            }
            for n, name in enumerate(names, 1)
            for sign in range(1, SIGNS + 1)
            if (n + sign) % 3
        ],
        "gates": {
            "opened": {
                "title": "Opened" + tail,
                "kind": "requires",
                "cause": "cause_2",
                "condition": "present(opens)",
                "reason": "made up",
                "uncited": "made up",
            },
            "limited": {
                "title": "Limited" + tail,
                "kind": "caps",
                "cause": "cause_1",
                "condition": "present(limits)",
                "probability": 0.02,
                "reason": "made up",
                "uncited": "made up",
            },
            "ruled_out": {
                "title": "Ruled out" + tail,
                "kind": "excludes",
                "cause": names[-1],
                "condition": "present(rules_out)",
                "reason": "made up",
                "uncited": "made up",
            },
        },
        "flags": {
            "watch": {
                "level": "emergency",
                "title": "Watch" + tail,
                "condition": "present(sign_1)",
                "action": "Do something.",
                "uncited": "made up",
            },
        },
    }


def _ratio(cause: int, sign: int) -> float:
    """Between 1/4 and 4, which is what an assumption may say. The second cause is always the likeliest."""
    strongest = 2
    size = 1 + ((cause * 7 + sign * 5) % 11) / 10
    return round(size + 1.2 if cause == strongest else size if sign % 2 else 1 / size, 3)


def model(causes: int, *, long: bool = False) -> aetia.Model:
    """The model of such a knowledge base."""
    return aetia.KnowledgeBase.from_dict(document(causes, long=long)).compile()


def held(causes: int, *, long: bool = False) -> aetia.Result:
    """A result in which a gate holds the second cause and another excludes the last."""
    present = [f"sign_{n}" for n in range(1, SIGNS + 1)] + ["rules_out"]
    return model(causes, long=long).assess(dict.fromkeys(present, True))


def free(causes: int, *, long: bool = False) -> aetia.Result:
    """A result in which no gate changes anything."""
    return model(causes, long=long).assess({"sign_1": True, "sign_4": True, "opens": True, "rules_out": False})

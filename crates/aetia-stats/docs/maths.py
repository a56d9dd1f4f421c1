"""Computes the worked numbers of maths.md, by other means than the crate where there are any.

`python3 crates/aetia-stats/docs/maths.py` prints them, one a line, and fails if one of them is missing from the page.
It needs the standard library only.
"""

from __future__ import annotations

import sys
from math import erf, exp, log, sqrt
from pathlib import Path

Z = 1.959963984540054
NAT = 10 / log(10)


def trigamma(x: float) -> float:
    """The sum of 1/(x + k)^2 over 20,000 terms, and an integral with its correction for the rest."""
    terms = 20_000
    end = x + terms
    return sum(1 / (x + k) ** 2 for k in range(terms)) + 1 / end + 1 / (2 * end**2) + 1 / (6 * end**3)


def variance(seen: float, unseen: float) -> float:
    """The variance of the logarithm of a share: equation (2)."""
    return trigamma(seen + 0.5) - trigamma(seen + unseen + 1)


def percent(decibans: float) -> str:
    """The probability at a position."""
    odds = exp(decibans / NAT)
    return f"{100 * odds / (1 + odds):.2f} %"


def maths() -> list[tuple[str, str]]:
    """The worked numbers, each with its equation."""
    out: list[tuple[str, str]] = []

    def say(equation: str, *values: str) -> None:
        out.extend((equation, value) for value in values)

    sd = log(7.3 / 1.0) * NAT / (2 * Z)
    say("1", f"{sd:.4f} dB")
    counted = sqrt(variance(45, 346) + variance(18, 240))
    log_method = sqrt(1 / 45 - 1 / 391 + 1 / 18 - 1 / 258)
    say("2", f"{counted:.4f} nats", f"{counted * NAT:.4f} dB", f"{log_method:.4f}")
    sample = sqrt(variance(37, 63) + variance(11, 89))
    say("3", f"{sample:.4f} nats", f"{sample * NAT:.4f} dB")
    say("4", ", ".join(f"{log(factor) * NAT / Z:.4f}" for factor in (2, 3)) + f" and {log(4) * NAT / Z:.4f} dB")
    logit = lambda p: log(p / (1 - p)) * NAT  # noqa: E731
    say("5", f"{(logit(0.10) - logit(0.0086)) / (2 * Z):.4f} dB")
    of_item = sum((1 - m) ** 2 / (101 * m * (1 - m)) for m in (0.8, 0.5))
    say("6", f"{sqrt(of_item):.4f} nats")
    say("7", f"{sd / 2:.4f} dB")
    say("8", f"{2 * sd:.4f} dB", f"{sqrt(2) * sd:.4f} dB")
    say("9", f"{(1 + erf(3 / sqrt(sd**2 + (sd / 2) ** 2) / sqrt(2))) / 2:.4f}")
    say("10", f"{percent(-3 - Z * sd)} to {percent(-3 + Z * sd)}", percent(-3))
    odds = [exp(-3 / NAT), exp(-6 / NAT)]
    total = 1 + sum(odds)
    shares = [o / total for o in odds]
    q = shares[1] / (1 - shares[0])
    spread = sqrt(sd**2 + (q * sd / 2) ** 2)
    middle = log(shares[0] / (1 - shares[0])) * NAT
    say("11", percent(middle), f"{percent(middle - Z * spread)} to {percent(middle + Z * spread)}")
    say("12", f"{1 / (2 * sqrt(4000)):.4f}")
    own = 10 * log(4) / log(10)
    say("13", f"{own - 3:.4f} dB", f"{exp((own - 3) / NAT):.4f}")
    priors = [0.3, 0.3, 0.4]
    ratios = [[20, 0.05, 1], [0.05, 20, 1]]
    apart = sum(log(sum(p * r for p, r in zip(priors, row, strict=True))) for row in ratios)
    together = log(sum(p * a * b for p, a, b in zip(priors, *ratios, strict=True)))
    say("15", f"{(apart - together) * NAT:.2f} dB")
    mean = 0.05 * log(0.05) + 0.95 * log(0.95)
    square = 0.05 * (log(0.05) - mean) ** 2 + 0.95 * (log(0.95) - mean) ** 2
    say("16", f"{(8 * log(0.05) + 4 * log(0.95) - 12 * mean) / sqrt(12 * square):.2f}".replace("-", "−"))
    return out


def main() -> int:
    """Prints the numbers, and counts those that are not on the page."""
    page = Path(__file__).with_name("maths.md").read_text(encoding="utf-8")
    missing = 0
    for equation, value in maths():
        found = value in page
        missing += not found
        print(f"({equation}) {value}{'' if found else '   <- not on the page'}")
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())

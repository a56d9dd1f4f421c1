"""Computes the worked numbers of maths.md and glossary.md with 60-digit arithmetic.

`python3 crates/aetia/docs/maths.py` prints them, one a line, and fails if one of them is missing
from the page that quotes it. It needs the standard library only.
"""

from __future__ import annotations

import sys
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, getcontext
from itertools import product
from math import comb
from pathlib import Path

getcontext().prec = 60
D = Decimal
UNITS = D(10) ** 9


def units(ratio: Decimal) -> int:
    """Nanodecibans of a ratio, half away from zero: equation (1)."""
    return int((10 * ratio.log10() * UNITS).to_integral_value(ROUND_HALF_UP))


def ratio(nanodecibans: int) -> Decimal:
    """The ratio of so many nanodecibans."""
    return D(10) ** (D(nanodecibans) / UNITS / 10)


def fixed(value: Decimal, digits: int) -> str:
    """A decimal with so many digits after the point."""
    return f"{value.quantize(D(1).scaleb(-digits), ROUND_HALF_UP):f}"


def grouped(nanodecibans: int) -> str:
    """An integer in groups of three, as Rust writes them."""
    return f"{nanodecibans:_}"


def exclusive(scores: list[int]) -> list[str]:
    """Percentages that sum to a hundred: equation (4)."""
    powers = [ratio(s) for s in scores]
    return [fixed(100 * p / sum(powers), 2) for p in powers]


def poisson_binomial(margins: list[Decimal], present: int) -> Decimal:
    """The chance that so many of the independent items are present."""
    total = D(0)
    for states in product([0, 1], repeat=len(margins)):
        if sum(states) == present:
            term = D(1)
            for state, p in zip(states, margins, strict=True):
                term *= p if state else 1 - p
            total += term
    return total


def scaled(weight: int, factor: int) -> int:
    """A weight times billionths, half away from zero."""
    return int((D(weight) * factor / UNITS).to_integral_value(ROUND_HALF_UP))


def maths() -> list[tuple[str, str]]:
    """The worked numbers of maths.md, each with its equation."""
    out: list[tuple[str, str]] = []

    def say(equation: str, *values: str) -> None:
        out.extend((equation, value) for value in values)

    say("1", grouped(units(D("7.3"))), grouped(units(D("0.11"))))

    priors = [D("0.60"), D("0.10"), D("0.30")]
    base = [units(p / priors[0]) for p in priors]
    say("2", grouped(base[1]), grouped(base[2]))
    gained = [units(D("7.3")) + units(D("0.8")), units(D("0.5"))]
    scores = [0, base[1] + gained[0], base[2] + gained[1]]
    say("3", grouped(units(D("0.8"))), grouped(units(D("0.5"))), grouped(scores[1]), grouped(scores[2]))
    say("4", *exclusive(scores))
    say("5", *[fixed(100 * ratio(s) / (1 + ratio(s)), 2) for s in scores[1:]])

    sens, spec = D("0.37"), D("0.89")
    positive, negative = sens / (1 - spec), (1 - sens) / spec
    say("6", fixed(positive, 4), fixed(negative, 4))
    back = (positive - 1) / (positive - negative)
    say("7", fixed(back, 2), fixed(positive * (1 - back), 2))

    a, b, c, d = D(45), D(346), D(18), D(240)
    point = (a / (a + b)) / (c / (c + d))
    error = (1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)).sqrt()
    z = D("1.959963984540054")
    say("8", fixed(point, 3), fixed(error, 4))
    low, high = point * (-z * error).exp(), point * (z * error).exp()
    say("9", fixed(low, 3), fixed(high, 3))
    corrected = (D("10.5") / 11) / (D("2.5") / 11)
    say("10", fixed(corrected, 1))
    say("11", fixed((D("7.3").ln() - D("1.0").ln()) / (2 * z), 4))

    pi = {0: D("0.60"), 1: D("0.10"), 2: D("0.10"), 3: D("0.20")}
    given = {1: D("3"), 2: D("0.8")}
    lift = {k: r / (1 - pi[k] + pi[k] * r) for k, r in given.items()}
    say("12", fixed(lift[1], 4), fixed(lift[2], 4))
    lift0 = (1 - sum(pi[k] * lift[k] for k in given)) / (pi[0] + pi[3])
    say("13", fixed(lift0, 4))
    say("14", grouped(units(lift[1] / lift0)), grouped(units(lift[2] / lift0)))
    # The check: with these weights the finding multiplies the odds of cause 1 against the rest by 3.
    after = {k: pi[k] * lift.get(k, lift0) for k in pi}
    odds_before = pi[1] / (1 - pi[1])
    odds_after = after[1] / (sum(after.values()) - after[1])
    say("14", fixed(odds_after / odds_before, 1))

    say("15", grouped(units(D("0.20") / D("0.05"))))

    items = sorted((units(D(r)) for r in ("2", "4", "3")), reverse=True)
    factors = [int((D("0.5") ** r * UNITS).to_integral_value(ROUND_HALF_UP)) for r in range(3)]
    parts = [scaled(w, f) for w, f in zip(items, factors, strict=True)]
    say("17", *[grouped(w) for w in items], *[grouped(p) for p in parts], grouped(sum(parts)), grouped(sum(items)))
    say("18", grouped(2 * items[0]))
    say("19", fixed((1 - D("0.3")) ** 2 * (1 - D("0.3")).sqrt(), 4))

    cause, other = [D("0.8"), D("0.6"), D("0.7")], [D("0.5"), D("0.4"), D("0.2")]
    pc, po = poisson_binomial(cause[:2], 1), poisson_binomial(other[:2], 1)
    say("20", fixed(pc, 2), fixed(po, 2), grouped(units(pc / po)))
    say("20", grouped(units(cause[0] / other[0])))

    p0 = [D(s) for s in ("0.30", "0.40", "0.20", "0.10")]
    pk = [D(s) for s in ("0.10", "0.30", "0.30", "0.30")]
    n, p, q = 3, 2, 0
    u = n - p - q
    partial = [sum(dist[m] * comb(u, m - p) / D(comb(n, m)) for m in range(p, p + u + 1)) for dist in (pk, p0)]
    say("21", fixed(partial[0], 4), fixed(partial[1], 4), grouped(units(partial[0] / partial[1])))

    interval = [(D("0.50"), D("0.59")), (D("0.50"), D("1.41"))]
    total = sum(p * r for p, r in interval)
    say("22", fixed(total, 3), *[fixed(p * r / total, 3) for p, r in interval])
    shrunk = [p * r.sqrt() for p, r in interval]
    say("23", *[fixed(s / sum(shrunk), 4) for s in shrunk])

    pso = (D("0.12"), D("0.04"))
    b27 = ((D("0.55"), D("0.08")), (D("0.80"), D("0.07")))  # with psoriasis, without
    seen = [pso[i] * b27[0][i] for i in (0, 1)]
    say("24", fixed(seen[0], 4), fixed(seen[1], 4), grouped(units(seen[0] / seen[1])))
    summed = [pso[i] * b27[0][i] + (1 - pso[i]) * b27[1][i] for i in (0, 1)]
    say("25", fixed(summed[0], 4), fixed(summed[1], 4), grouped(units(summed[0] / summed[1])))

    bound = D("0.25")
    cap = int((10 * (bound / (1 - bound)).log10() * UNITS).to_integral_value(ROUND_FLOOR))
    say("26", grouped(cap))

    raw = [0, 6_000_000_000, 2_500_000_000, -1_000_000_000]
    held = list(raw)
    best = max(raw[2:])  # cause 1 is closed
    held[1] = min(raw[1], best - 10**9)
    say("27", grouped(best), grouped(held[1]), grouped(held[1] - raw[1]))
    say("28", *exclusive(raw), *exclusive(held))

    high, low = D("3.0"), D("0.5")
    say("32", fixed((1 - low) / (high - low), 2))
    sensitivity, q = D("0.50"), 1 - D("0.80")
    under = [(1 - q, q), (1 - sensitivity, sensitivity), (1 - q, q)]  # absent, present
    shares = [sum(p * u[v] for p, u in zip(priors, under, strict=True)) for v in (0, 1)]
    say("33", fixed(shares[1], 4), fixed(min(D("0.99"), D("6.0") * D("0.20")), 2))
    after = [[p * u[v] / shares[v] for p, u in zip(priors, under, strict=True)] for v in (0, 1)]
    information = sum(
        share * sum(b * (b / p).ln() / D(2).ln() for p, b in zip(priors, belief, strict=True))
        for share, belief in zip(shares, after, strict=True)
    )
    doubt = [-sum(p * p.ln() / D(2).ln() for p in belief) for belief in (priors, *after)]
    mutual = doubt[0] - sum(share * h for share, h in zip(shares, doubt[1:], strict=True))
    assert abs(information - mutual) < D("1e-50"), "coherent evidence: both definitions agree"
    say("34", fixed(after[1][1], 4), fixed(after[0][1], 4), f"{fixed(information, 4)} bits")
    say("35", str(3**8), fixed(D("4.0") - D("2.5") - D("1.0"), 1) + " dB below")
    say("36", fixed(1 - shares[1], 4))
    gains, enough = [D("2.5"), D("1.0"), D("0.8")], D("4.0")
    needed = next(m for m in range(1, 4) if sum(gains[:m]) >= enough)
    say("37", {1: "at least one", 2: "at least two", 3: "at least three"}[needed])
    return out


def glossary() -> list[tuple[str, str]]:
    """The table of decibans, one row a line."""
    out = []
    for decibans in (-20, -10, -6, -3, -1, 0, 1, 3, 6, 10, 20, 30):
        r = D(10) ** (D(decibans) / 10)
        digits = 3 if r < 1 else 2 if r < 10 else 1 if r < 100 else 0
        cells = [fixed(100 * odds * r / (1 + odds * r), 1) for odds in (D(1) / 99, D(1) / 9, D(1))]
        out.append(("table", f"| {decibans:+d} | {fixed(r, digits)} | {' | '.join(cells)} |".replace("+0", "0")))
    return out


def main() -> int:
    """Prints every number and names those a page does not quote."""
    missing = 0
    for page, numbers in (("maths.md", maths()), ("glossary.md", glossary())):
        text = Path(__file__).with_name(page).read_text(encoding="utf-8")
        for equation, value in numbers:
            found = value.replace("-", "\u2212") in text or value in text
            missing += not found
            print(f"{page} ({equation}) {value}{'' if found else '   <- not on the page'}")
    if missing:
        print(f"{missing} numbers are not on their page", file=sys.stderr)
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())

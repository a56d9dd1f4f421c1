"""The frame of every piece: one class, and a style that reads on light and dark backgrounds."""

from __future__ import annotations

from ._elements import Html, element

# Text has the colour of its surroundings and lines are translucent, so the style need not know the background.
# Only decorations have a colour, chosen for a contrast of at least 3:1; colour-blind readers tell them apart by form.
# A notebook says its theme by attributes, which outweigh what the system prefers.
# The class is doubled where a notebook's own rules for tables would weigh more.
_LIGHT = "--aetia-bar:#0072b2;--aetia-alarm:#c0392b"
_DARK = "--aetia-bar:#56b4e9;--aetia-alarm:#ff7b6b"
_STYLE = Html(f"""
.aetia{{{_LIGHT};--aetia-line:rgba(128,128,128,.4);--aetia-faint:rgba(128,128,128,.14);
color:inherit;max-width:72em;line-height:1.45;font-variant-numeric:tabular-nums}}
@media (prefers-color-scheme:dark){{.aetia{{{_DARK}}}}}
[data-jp-theme-light="true"] .aetia,.vscode-light .aetia{{{_LIGHT}}}
[data-jp-theme-light="false"] .aetia,.vscode-dark .aetia,.vscode-high-contrast .aetia{{{_DARK}}}
.aetia p{{margin:.4em 0}}
.aetia .title{{font-size:1.15em;font-weight:600;margin:.2em 0 0}}
.aetia .setting{{margin-top:0}}
.aetia .wide{{overflow-x:auto}}
.aetia.aetia table{{border-collapse:collapse;table-layout:auto;
width:100%;margin:.4em 0;font-size:inherit;color:inherit;border:0}}
.aetia.aetia caption{{caption-side:top;text-align:left;padding:.3em 0;font-size:.9em;color:inherit}}
.aetia.aetia tbody tr,.aetia.aetia thead tr,.aetia.aetia tfoot tr{{background:transparent}}
.aetia.aetia :is(td,th){{text-align:left;vertical-align:top;padding:.25em .6em;border:0;max-width:none;
border-bottom:1px solid var(--aetia-line);white-space:normal;overflow-wrap:break-word;color:inherit}}
.aetia.aetia thead th{{font-weight:600;border-bottom-width:2px;overflow-wrap:normal;vertical-align:bottom}}
.aetia.aetia tbody th{{font-weight:500}}
.aetia.aetia tfoot :is(td,th){{font-weight:600;border-top:2px solid var(--aetia-line)}}
.aetia.aetia .number{{text-align:right;white-space:nowrap}}
.aetia.aetia tr.waterline :is(td,th){{background:var(--aetia-faint);font-style:italic}}
.aetia.aetia tr.held-row :is(td,th){{border-bottom-color:transparent}}
.aetia.aetia tr.gate td{{padding-top:0;font-size:.93em}}
.aetia .gate p{{margin:0;padding-left:.6em;border-left:3px double currentColor}}
.aetia .bar{{position:relative;display:inline-block;width:7em;height:.75em;margin-right:.6em;vertical-align:baseline;
background:var(--aetia-faint)}}
.aetia .bar i{{position:absolute;top:0;bottom:0;left:0;box-sizing:border-box}}
.aetia .bar+span{{display:inline-block;min-width:4.2em}}
.aetia .bar .after{{background:var(--aetia-bar)}}
.aetia .bar .ungated{{border:1px dashed currentColor}}
.aetia .bar .before{{width:2px;top:-.15em;bottom:-.15em;background:currentColor}}
.aetia .raised{{margin:.4em 0;padding:.4em .7em;border:1px solid var(--aetia-line);
border-left:.4em solid var(--aetia-alarm)}}
.aetia details{{margin:.3em 0}}
.aetia summary{{cursor:pointer}}
.aetia ul{{margin:.3em 0;padding-left:1.5em}}
.aetia details ul{{columns:16em;column-gap:2em}}
.aetia .notice{{border-top:1px solid var(--aetia-line);padding-top:.5em}}
.aetia .small{{font-size:.85em;opacity:.85;overflow-wrap:anywhere}}
""")


def page(*children: str) -> str:
    """A piece that stands alone."""
    return str(element("div", element("style", _STYLE), *children, class_="aetia"))


def share(after: float | None, before: float | None, ungated: float | None = None) -> Html:
    """A bar that repeats the number beside it: filled as far as after, dashed as far as ungated, a mark at before."""
    parts = []
    if after is not None:
        parts.append(element("i", class_="after", style=f"width:{after:.1%}"))
    if ungated is not None:
        parts.append(element("i", class_="ungated", style=f"width:{ungated:.1%}"))
    if before is not None:
        parts.append(element("i", class_="before", style=f"left:{before:.1%}"))
    return element("span", *parts, class_="bar", aria_hidden="true")

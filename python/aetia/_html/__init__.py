"""Results, explanations, comparisons and knowledge bases as HTML for notebooks.

Each function gives one piece of HTML that needs nothing else: no script, no file, nothing from outside. It says what
the text form says, and never by colour alone.
"""

from __future__ import annotations

from ._knowledge import knowledge_base, knowledge_base_text
from ._parts import comparison, explanation
from ._result import result

__all__ = ["comparison", "explanation", "knowledge_base", "knowledge_base_text", "result"]

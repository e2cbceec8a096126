"""The languages of reports for people, and their gettext catalogues."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gettext

LANGUAGES = ("en", "ko")


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the gettext catalogue of a language; an unknown one says everything in English."""
    import gettext  # noqa: PLC0415 - English needs none of this
    import importlib.resources  # noqa: PLC0415
    import io  # noqa: PLC0415

    file = importlib.resources.files("gate.reports") / "locale" / language / "LC_MESSAGES" / "gate.mo"
    if language == "en" or not re.fullmatch("[a-z]{2}", language) or not file.is_file():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(file.read_bytes()))


def said(context: str, english: str, language: str) -> str:
    """Return a phrase of ours in `language`; one that the catalogue lacks stays English."""
    return english if language == "en" else catalogue(language).pgettext(context, english)

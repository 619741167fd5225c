"""The copy of a person's own data: the same twice, for people and for programs."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string


def own_archive(data: dict[str, Any]) -> bytes:
    """Return a zip file of ``your-data.html`` and ``your-data.json``."""
    page = render_to_string("asking/own_data.html", {"data": data})
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("your-data.html", page)
        archive.writestr(
            "your-data.json", json.dumps(data, indent=2, ensure_ascii=False)
        )
    return packed.getvalue()

"""Jinja for the pages of this folder: delimiters that neither XML, HTML, CSS, Liquid nor Label Studio uses."""

from __future__ import annotations

from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

__all__ = ["page_templates"]


def page_templates(**options: Any) -> Environment:
    """The templates that lie in this folder, by file name. Values are escaped, unknown ones refused."""
    return Environment(
        loader=FunctionLoader(lambda name: resources.files(__package__).joinpath(name).read_text("utf-8")),
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
        undefined=StrictUndefined,
        **options,
    )

"""Short ways to ask for the errors and warnings of a policy."""

from __future__ import annotations

import textwrap

import pytest

from gate.config import load_policy
from gate.config.waivers import load_waivers
from gate.errors import ConfigErrors

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILVgoIQDb7Fk95Y4BrTh2HdRNxTeeqDVCx8XsBp/T49Y"


def errors(text: str | bytes) -> list[str]:
    """All messages of a policy that is wrong, in order, without the file name."""
    data = textwrap.dedent(text).encode() if isinstance(text, str) else text
    with pytest.raises(ConfigErrors) as caught:
        load_policy(data, name="p")
    assert [error.message for error in caught.value.errors] == caught.value.message.splitlines()
    return [error.message.removeprefix("p:") for error in caught.value.errors]


def error(text: str | bytes) -> str:
    """The one message of a policy that is wrong in one place."""
    (message,) = errors(text)
    return message


def warnings(text: str) -> list[str]:
    return [
        remark.removeprefix("p:") for remark in load_policy(textwrap.dedent(text).encode(), name="p").warnings
    ]


def waiver_errors(text: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        load_waivers(textwrap.dedent(text).encode(), name="w")
    return [error.message.removeprefix("w:") for error in caught.value.errors]

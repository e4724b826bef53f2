"""What people may be called: as directories have them, and safe wherever a name goes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyterhub.utils import subdomain_hook_idna, url_escape_path

from mondaylab.errors import Refused
from mondaylab.people import LENGTH, account_name, folded, person_folder

FITTING = st.text(st.sampled_from(list("ab9._-@")), min_size=1, max_size=20)


@pytest.mark.parametrize(
    "name",
    [
        "lena", "anna.smith", "4711carl", "dora@example.com", "20231234", "no", "x", "a_b-c", "bob-", "o.b.j@mail.org",
        "a" * LENGTH,
    ],
)  # fmt: skip
def test_names_of_directories_are_taken(name):
    assert account_name(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "it is empty"),
        ("a" * (LENGTH + 1), "longer than 100"),
        ("Bob", "capital letters"),
        ("a b", "a space"),
        ("a\n", "a space"),
        ("åsa", "'å'"),
        ("acme\\bob", r"'\\'"),
        ("a/b", "'/'"),
        ("a+b", r"'\+'"),
        ("a\0", "cannot be shown"),
        ("a@b@c", "twice"),
        ("..", "where a letter"),
        (".anna", "where a letter"),
        ("anna.", "where a letter"),
        ("a..b", "where a letter"),
        ("-a", "where a letter"),
        ("@x", "where a letter"),
        ("a@", "where a letter"),
        ("a.@b", "where a letter"),
        ("root", "the system uses it"),
        ("services", "the system uses it"),
    ],
)
def test_other_names_are_refused_with_the_reason(name, said):
    with pytest.raises(Refused, match=f"cannot be an account name: .*{said}"):
        account_name(name)


@given(FITTING | st.text(max_size=40))
def test_a_name_is_safe_wherever_it_goes(name):
    try:
        accepted = account_name(name)
    except Refused:
        return
    assert accepted == folded(accepted) and accepted.isascii()
    assert PurePosixPath("/homes", accepted).parts == ("/", "homes", accepted)
    assert person_folder(accepted) == accepted and ".." not in accepted
    assert url_escape_path(accepted) == accepted
    label, _, rest = subdomain_hook_idna(accepted, "lab.localhost", "user").partition(".")
    assert rest == "lab.localhost" and re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label)


@given(FITTING, FITTING)
def test_two_names_never_share_an_address(one, other):
    def host(name: str) -> str:
        return subdomain_hook_idna(name, "lab.localhost", "user")

    assert (host(one) == host(other)) == (one == other)


@given(st.text(max_size=12))
def test_a_persons_folder_is_one_harmless_path_segment(text):
    try:
        name = person_folder(text)
    except Refused:
        return
    assert name == text and "/" not in name and not name.startswith(".") and name.isascii()

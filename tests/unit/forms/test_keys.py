"""The key store keeps truth where only its owner reads it."""

from __future__ import annotations

import pytest

from mondaylab.errors import NotFound, Refused
from mondaylab.forms.keys import ClaimKey, FormKey, KeyStore
from mondaylab.settings import Site


@pytest.fixture
def store(tmp_path) -> KeyStore:
    return KeyStore(Site(tmp_path, tmp_path / "var"))


def key(*, flawed: bool = True, form_id: str = "f1") -> FormKey:
    claim = ClaimKey(claim_id="c1", draft_id="d", template="t", text="x", flawed=flawed, why="w", query="q")
    return FormKey(
        form_id=form_id,
        cohort="co",
        learner="lena",
        lab="finance/x",
        quarter="2026Q4",
        attempt=1,
        company="demo",
        snapshot="s",
        claims=(claim,),
        canary="canary-1",
    )


def test_only_the_owner_can_read_a_key(store, tmp_path):
    store.put(key())
    folder = tmp_path / "var" / "keys"
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder / "co")] == ["0o700", "0o700"]
    assert (folder / "co" / "f1.json").stat().st_mode & 0o777 == 0o600
    assert store.get("co", "f1") == key()


def test_a_key_that_others_can_read_is_refused(store, tmp_path):
    store.put(key())
    (tmp_path / "var" / "keys" / "co" / "f1.json").chmod(0o644)
    with pytest.raises(Refused, match="readable by others"):
        store.get("co", "f1")


def test_a_form_never_gets_another_truth(store):
    store.put(key())
    store.put(key())
    with pytest.raises(Refused, match="already has another key"):
        store.put(key(flawed=False))


def test_a_missing_key_is_named(store):
    with pytest.raises(NotFound, match="no key for form f9"):
        store.get("co", "f9")


@pytest.mark.parametrize("name", ["../co", "", ".hidden", "a/b", "a b"])
def test_a_name_that_is_a_path_is_refused(store, name):
    with pytest.raises(Refused, match="not a plain name"):
        store.get("co", name)


def test_the_cohort_secret_stays(store):
    assert len(store.secret("co")) == 32
    assert store.secret("co") == store.secret("co") != store.secret("other")

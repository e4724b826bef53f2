"""YAML of people: each key once, each fault with its line, and never what stands in a value."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.policy import Policy
from mondaylab.errors import Refused
from mondaylab.records import Record, json_data
from mondaylab.yaml_file import YamlFile


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes, name: str = "x.yaml"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "key a stands twice, lines 1 and 3"),
        ('a: 1\n"a": 2\n', "key a stands twice, lines 1 and 2"),
        ("a: 1\n? a\n: 2\n", "key a stands twice, lines 1 and 2"),
        ("a: 1\na: 2\nb: 3\na: 4\n", "key a stands 3 times, lines 1, 2 and 4"),
        ("a:\n  b:\n    - {c: 1, d: 2,\n       c: 3}\n", "a.b.0: key c stands twice, lines 3 and 4"),
        ("a: {x: 1, x: 2}\nb: {y: 1, y: 2}\n", "a: key x stands twice, lines 1 and 1; b: key y stands twice, lines 2"),
        ("one: &o {k: 1}\ntwo:\n  <<: *o\n  k: 2\n", "two: key k stands twice, lines 1 and 4"),
        ("p: &p {k: 1}\nq: &q {k: 2}\nr:\n  <<: [*p, *q]\n", "r: key k stands twice, lines 1 and 2"),
        ("p: &p {k: 1}\nr:\n  <<: *p\n  <<: *p\n", "r: key << stands twice, lines 3 and 4"),
        ("\ufeffa: 1\r\na: 2\r\n", "key a stands twice, lines 1 and 2"),
    ],
)
def test_a_key_twice_is_named_with_all_its_lines(written, text, said):
    with pytest.raises(Refused) as caught:
        YamlFile.read(written(text))
    assert said in caught.value.what


def test_a_column_twice_is_named_as_stewards_call_it(written):
    text = """\
company: demo
steward: data desk
tables:
  staff:
    columns:
      phone: {do: drop, holds: phone}
      level: {do: keep, type: str}
      phone: {do: keep, type: str}
  staff:
    columns: {}
"""
    with pytest.raises(Refused) as caught:
        Policy.read_yaml(written(text))
    assert "table staff: column phone stands twice, lines 6 and 8" in caught.value.what
    assert "table staff stands twice, lines 4 and 9" in caught.value.what


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\n1: 2\n", 2, "the key '1' is not text"),
        ("a: 1\nno: 2\n", 2, "the key 'no' is not text"),
        ("2026-01-01: x\n", 1, "is not text"),
        ("a:\n  ~: 2\n", 2, "is not text"),
        ("{{ name }}: 2\n", 1, "a key is a list or a mapping"),
        ("a: 1\nb: !!python/object/apply:os.system [crimson]\n", 2, "a tag (!) stands here"),
        ("a: !!int crimson\n", 1, "a tag (!) stands here"),
        ("a: 1\n---\na: 2\n", 2, "a second document begins"),
        ("a:\n\tb: crimson\n", 2, "the line begins with a tab"),
        ("a: [crimson\nb: 2\n", 2, "not YAML"),
        ("a: 'crimson\n", 2, "not YAML"),
        ("a: *crimson\n", 1, "not YAML"),
        ("a: crimson: b\n", 1, "not YAML"),
        ("a: 2026-13-45\n", 1, "neither a number nor a date"),
        (f"a: {'9' * 5000}\n", 1, "neither a number nor a date"),
        ("a: &a [*a]\n", 1, "an anchor stands inside itself"),
        ("a: &a {<<: *a}\n", 1, "an anchor stands inside itself"),
        ("a: &a {b: *a}\n", 1, "an anchor stands inside itself"),
        ("a:\n  <<: crimson\n", 2, "what is merged is no mapping"),
        (f"a: {'[' * 5000}\n", 1, "nested deeper than 40 levels"),
        (f"a: {'{x: ' * 5000}\n", 1, "nested deeper than 40 levels"),
        ("\n".join(f"{' ' * n}k:" for n in range(1000)), 41, "nested deeper than 40 levels"),
        ("- " * 5000, 1, "nested deeper than 40 levels"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_without_values(written, text, line, said):
    path = written(text)
    with pytest.raises(Refused) as caught:
        YamlFile.read(path)
    assert said in caught.value.what
    assert caught.value.where == f"{path}:{line}"
    assert "\n" not in str(caught.value)
    assert "crimson" not in str(caught.value).replace("alias 'crimson'", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("# only words\n", "the file is empty"),
        ("\ufeff", "the file is empty"),
        ("- a\n", "expected a mapping"),
        ("words\n", "expected a mapping"),
        ("a: \x85 \ufffe\n", "a character that no text has"),
        ("a: Gr\u00fcn".encode("latin-1"), "not UTF-8 text"),
        ("a: b".encode("utf-16"), "not UTF-8 text"),
    ],
)
def test_what_is_no_mapping_is_refused(written, text, said):
    with pytest.raises(Refused) as caught:
        YamlFile.read(written(text))
    assert said in caught.value.what


def test_a_bomb_of_anchors_is_refused_before_it_is_built(written):
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    with pytest.raises(Refused, match="holds more than 300000 values"):
        YamlFile.read(written(text))


def test_anchors_and_merges_that_repeat_nothing_are_read(written):
    text = "one: &o {k: 1, l: [a]}\ntwo:\n  <<: *o\n  m: 2\nthree: *o\n"
    assert YamlFile.read(written(text)).data == yaml.safe_load(text)


class Toy(Record):
    names: tuple[str, ...]
    inner: dict[str, float] = {}


def test_a_wrong_field_is_told_with_its_line(written):
    with pytest.raises(Refused) as caught:
        Toy.read_yaml(written("names: [a]\ninner:\n  x: 1\n  y: crimson\ncolour: crimson\n"))
    assert "line 4: inner.y: " in str(caught.value) and "line 5: colour: " in str(caught.value)
    assert "crimson" not in str(caught.value)


def test_an_action_that_does_not_exist_is_told_by_those_that_do(written):
    text = "company: demo\nsteward: x\ntables:\n  staff:\n    columns:\n      phone: {do: crimson}\n"
    with pytest.raises(Refused) as caught:
        Policy.read_yaml(written(text))
    assert "line 6: tables.staff.columns.phone: 'do' has to be one of 'keep', 'drop'" in caught.value.what
    assert "crimson" not in str(caught.value)


def test_items_as_typed_keep_what_yaml_would_turn_into_something_else(written):
    file = YamlFile.read(written("names:\n  - no\n  - 007\n  - 'x'\n  -\n  - [a]\nother: 3\n"))
    assert file.as_typed("names") == [("no", 2), ("007", 3), ("x", 4), ("", 5), ("", 6)]
    assert file.as_typed("other") == [] and file.as_typed("missing") == []


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=4), st.booleans())
def test_whatever_is_right_is_read_as_yaml_reads_it(tmp_path_factory, data, flow):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow)
    path.write_text(text, "utf-8")
    if data and "!!" not in text:
        try:
            assert YamlFile.read(path).data == yaml.safe_load(text)
        except Refused as error:
            assert "control character" in str(error)


@given(st.text(st.sampled_from(list("ab:- \n\t[]{},&*!?|>'\"#<1~.")), max_size=30))
def test_any_text_is_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "some.yaml"
    path.write_text(text, "utf-8")
    try:
        data = YamlFile.read(path).data
    except Refused:
        return
    assert data == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "stand twice in one place: c"),
        ('{"a": 1,\n "b": crimson}', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        (f'{{"a": {"9" * 5000}}}', "a number is too long"),
        ('{"a": "Gr\u00fcn"}'.encode("latin-1"), "not UTF-8 text"),
        ("", "not JSON"),
    ],
)
def test_json_is_as_strict(written, text, said):
    with pytest.raises(Refused) as caught:
        json_data(written(text, "x.json"))
    assert said in str(caught.value) and "crimson" not in str(caught.value)


def test_json_with_a_mark_is_read(written):
    assert json_data(written("\ufeff" + json.dumps({"a": [1]}), "x.json")) == {"a": [1]}

"""Checkers that do not check: they flag by rule of thumb, by memory, or tell what they saw."""

from __future__ import annotations

from .attack import HandIn, attack

CHANCE = "no better than chance"


@attack(validator=CHANCE, shows=True)
def flags_all(it: HandIn) -> None:
    """Flags every claim."""
    it.validator("return {claim['id'] for claim in claims}")


@attack(validator=CHANCE)
def flags_none(it: HandIn) -> None:
    """Flags nothing, in other words than the released cell."""
    it.validator("return set(claims[:0])")


@attack(validator=CHANCE)
def flags_what_is_not_there(it: HandIn) -> None:
    """Flags thousands of ids that might be wrong ones."""
    it.validator("return {f'v{n:03d}' for n in range(10_000)}")


@attack(validator=CHANCE)
def flags_by_memorised_text(it: HandIn) -> None:
    """Knows the wrong sentences of its own form by heart."""
    wrong = [claim.text for claim in it.truth.claims if claim.flawed]
    it.validator(f"return {{claim['id'] for claim in claims if claim['text'] in {wrong!r}}}")


@attack(validator=CHANCE)
def flags_by_memorised_ids(it: HandIn) -> None:
    """Knows the ids that were wrong when it was tried out, and those of its form."""
    wrong = [claim.claim_id for claim in it.truth.claims if claim.flawed]
    wrong += [f"v{number:03d}" for number in range(40)]
    it.validator(f"return {{claim['id'] for claim in claims if claim['id'] in {wrong!r}}}")


@attack(validator="timeout")
def hangs_where_it_is_unsure(it: HandIn) -> None:
    """Hangs on many claims and flags nothing on few: a time-out is no find."""
    it.validator("if len(claims) > 10:\n    while True: pass\nwhile True: pass")


@attack(validator="raised")
def raises_the_mutants(it: HandIn) -> None:
    """Raises an exception that holds every claim, for its author to read afterwards."""
    it.validator("raise ValueError('SEEN ' + repr(claims))")


@attack(validator=CHANCE)
def prints_the_mutants(it: HandIn) -> None:
    """Prints every claim, warns about it, and writes it beside the notebook."""
    it.validator(
        f"""
        import sys, warnings
        print('SEEN', claims)
        print('SEEN', claims, file=sys.stderr)
        warnings.warn('SEEN ' + repr(claims))
        try: open({str(it.folder / "seen.txt")!r}, 'w').write(repr(claims))
        except OSError: pass
        return set()
        """
    )


@attack(validator="wrong_type")
def returns_the_claims(it: HandIn) -> None:
    """Hands the claims themselves back as its result."""
    it.validator("return claims")


@attack(validator="wrong_type")
def returns_one_text(it: HandIn) -> None:
    """Returns all ids in one text."""
    it.validator("return ' '.join(claim['id'] for claim in claims)")


@attack(validator="raised")
def returns_a_trap(it: HandIn) -> None:
    """Returns an object whose methods run in whoever looks at it."""
    it.validator(
        """
        class Trap(set):
            def __iter__(self): raise SystemExit('SEEN')
            def __reduce__(self): return (exec, ("raise SystemExit",))
        return Trap()
        """
    )


@attack(validator=CHANCE)
def changes_the_claims(it: HandIn) -> None:
    """Rewrites the claims and empties the tables it was given, so that every one would be wrong."""
    it.validator(
        """
        for claim in claims:
            claim['value'], claim['wrong'] = -1.0, True
        for name in list(tables):
            del tables[name]
        return {claim['id'] for claim in claims if claim['wrong']}
        """
    )


@attack(validator="not_defined")
def renames_the_checker(it: HandIn) -> None:
    """Calls the function by another name, and leaves a class in its place."""
    it.cell("validator_answer").source = "def check(claims, tables):\n    return set()\nvalidator = 'check'"

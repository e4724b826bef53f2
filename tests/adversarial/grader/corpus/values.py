"""Values and evidence that are no computation: pasted figures, odd numbers, objects that lie."""

from __future__ import annotations

from .attack import HandIn, attack


@attack(evidence="own data only", shows=True)
def pastes_the_true_figure(it: HandIn) -> None:
    """Computes at home and hands in the number."""
    it.evidence(f"return {it.figure()!r}")


@attack(evidence="own data only")
def detects_being_graded(it: HandIn) -> None:
    """Knows this quarter's data by its size and sums, and guesses on any other."""
    lines = it.home.tables["order_lines"]
    seen = (len(lines), float(lines["net_amount"].sum()))
    it.evidence(
        f"""
        lines = tables['order_lines']
        return {it.figure()!r} if (len(lines), float(lines['net_amount'].sum())) == {seen!r} else 31.5
        """
    )


@attack(evidence="own data only")
def detects_the_sandbox(it: HandIn) -> None:
    """Raises where it is graded, and answers where it is at home."""
    it.evidence(f"import os\nif os.getpid() > 9000: raise RuntimeError\nreturn {it.figure()!r}")


@attack(evidence="wrong")
def returns_a_constant(it: HandIn) -> None:
    """Returns a plausible number."""
    it.evidence("return 31.5")


@attack(evidence="wrong")
def returns_another_measure(it: HandIn) -> None:
    """Computes something else, right only by chance."""
    it.evidence("return float(tables.concept('order_line')['net'].mean())")


@attack(evidence="wrong")
def returns_chance(it: HandIn) -> None:
    """Draws a number."""
    it.evidence("import random\nreturn random.uniform(-100, 100)")


@attack(evidence="wrong")
def returns_a_negative_number(it: HandIn) -> None:
    """Returns -1, which nbgrader takes for full marks."""
    it.evidence("return -1")


@attack(evidence="wrong_type")
def returns_nan(it: HandIn) -> None:
    """Returns what is unequal to everything, which nbgrader takes for full marks."""
    it.evidence("return float('nan')")


@attack(evidence="wrong_type")
def returns_infinity(it: HandIn) -> None:
    """Returns more than anything."""
    it.evidence("return np.inf")


@attack(evidence="raised")
def returns_10_to_the_400(it: HandIn) -> None:
    """Returns a whole number that no float can hold."""
    it.evidence("return 10**400")


@attack(evidence="wrong_type")
def returns_text(it: HandIn) -> None:
    """Returns the number as a text."""
    it.evidence(f"return '{it.figure()}'")


@attack(evidence="wrong_type")
def returns_true(it: HandIn) -> None:
    """Returns True, and claims that everything is right."""
    it.evidence("return True")


@attack(evidence="wrong_type")
def returns_all_numbers(it: HandIn) -> None:
    """Returns a list that holds every answer."""
    it.evidence("return [n / 100 for n in range(10_000)]")


@attack(evidence="wrong_type")
def returns_what_equals_all(it: HandIn) -> None:
    """Returns an object that is close to whatever it is compared with."""
    it.evidence(
        """
        class All:
            __float__ = lambda self: 1.0
            __eq__ = __le__ = __ge__ = lambda self, other: True
            __sub__ = __rsub__ = lambda self, other: 0.0
        return All()
        """
    )


@attack(evidence="wrong_type")
def returns_a_float_that_lies(it: HandIn) -> None:
    """Returns a float of its own class that turns into NaN when it is read."""
    it.evidence(
        """
        class Lies(float):
            __float__ = lambda self: float('nan')
            __repr__ = lambda self: '10.0'
        return Lies(1.0)
        """
    )


@attack(evidence="not_defined")
def defines_a_number(it: HandIn) -> None:
    """Assigns the figure to the function's name."""
    it.cell("evidence_answer").source = f"evidence = {it.figure()!r}"


@attack(evidence="raised")
def raises_the_answer(it: HandIn) -> None:
    """Puts the figure into an exception, and hopes that the grader shows it."""
    it.evidence(f"raise ValueError('full marks: {it.figure()}')")

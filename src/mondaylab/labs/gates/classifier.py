"""A text classifier that never sees the data: does the wording alone tell which rows are flawed?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mondaylab.labs.gates.sample import Flags, Floats, Integers

STRENGTHS = (0.3, 3.0, 30.0)
"""Inverse regularisation of the logistic regression; the gates hold for the one that does best."""
_TOKEN = r"(?u)\b\w[\w.,]*\w\b|\w|[%€]"  # noqa: S105  numbers stay whole: 17 is a word, and so is 412,300


def out_of_fold(texts: Sequence[str], flawed: Flags, fold: Integers) -> list[Floats]:
    """Trains on all folds but one and tells the rows of that one; one result for each of `STRENGTHS`.

    TF-IDF of words and pairs of words, logistic regression: deterministic.

    Args:
        texts: Row -> sentence.
        flawed: Row -> truth.
        fold: Row -> fold.

    Returns:
        For each strength: row -> probability that it is flawed.
    """
    # imported late: neither a learner's kernel nor `mondaylab --help` should wait four seconds for scikit-learn
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    told = [np.zeros(len(texts)) for _ in STRENGTHS]
    counts = CountVectorizer(ngram_range=(1, 2), token_pattern=_TOKEN).fit_transform(texts)
    for part in np.unique(fold):
        learn, tried = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        if len(set(flawed[learn].tolist())) < 2:
            for p in told:
                p[tried] = float(flawed[learn].mean()) if len(learn) else 0.5
            continue
        seen = np.flatnonzero(counts[learn].getnnz(axis=0))
        weights = TfidfTransformer(sublinear_tf=True)
        known = weights.fit_transform(counts[learn][:, seen])
        new = weights.transform(counts[tried][:, seen])
        model = LogisticRegression(max_iter=1000, warm_start=True)
        for strength, p in zip(STRENGTHS, told, strict=True):
            p[tried] = model.set_params(C=strength).fit(known, flawed[learn]).predict_proba(new)[:, 1]
    return told

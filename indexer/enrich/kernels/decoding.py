"""The kernel of the tagger: scores of words, the most likely labels and their probabilities.

Compiled at first use, which takes some seconds, and cached on disk.

Source: Lafferty, McCallum, Pereira (2001), Conditional random fields; decoding by Viterbi, probabilities by the scaled
forward-backward recursion.
"""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel

OWN, BEFORE, AFTER, SECOND_BEFORE, SECOND_AFTER = range(5)
"""The words that a word contributes to: itself, the one after it, the one before, the second after and before."""

FIRST_MARK, LAST_MARK = 0, 1
"""The rows of the contributions of the ends of a sentence; the marks of the context follow."""


@kernel
def decode(ends, words, joins, marks, given, joined, ends_and_marks, steps, labels, sure):
    """Label the words of some sentences.

    Args:
        ends: int32; of each sentence among the words.
        words, joins: int32; the rows of each word in `given` and `joined`.
        marks: uint8; bits of the context, the lowest for row 2 of `ends_and_marks`.
        given: float32, (rows, 5, labels); the contributions of a word.
        joined: float32, (rows, labels); row 0 is zero.
        ends_and_marks: float32, (rows, labels).
        steps: float64, (labels, labels); the weight of each transition.
        labels: int8, out; the most likely label of each word, 0 for none.
        sure: float64, out; its probability, for sentences that have a label.
    """
    kinds = steps.shape[0]
    risen = np.exp(steps)
    end = 0
    for sentence in range(len(ends)):
        begin, end = end, ends[sentence]
        size = end - begin
        score = np.zeros((size, kinds))
        for at in range(size):
            word = begin + at
            for y in range(kinds):
                total = given[words[word], OWN, y] + joined[joins[word], y]
                if at > 0:
                    total += given[words[word - 1], BEFORE, y]
                else:
                    total += ends_and_marks[FIRST_MARK, y]
                if at > 1:
                    total += given[words[word - 2], SECOND_BEFORE, y]
                if at < size - 1:
                    total += given[words[word + 1], AFTER, y]
                else:
                    total += ends_and_marks[LAST_MARK, y]
                if at < size - 2:
                    total += given[words[word + 2], SECOND_AFTER, y]
                mark, row = marks[word], 2
                while mark:
                    if mark & 1:
                        total += ends_and_marks[row, y]
                    mark >>= 1
                    row += 1
                score[at, y] = total
        best = score[0].copy()
        came = np.zeros((size, kinds), np.int8)
        following = np.empty(kinds)
        for at in range(1, size):
            for y in range(kinds):
                high, of = best[0] + steps[0, y], 0
                for x in range(1, kinds):
                    value = best[x] + steps[x, y]
                    if value > high:
                        high, of = value, x
                following[y] = high + score[at, y]
                came[at, y] = of
            best[:] = following
        label = np.argmax(best)
        some = False
        for at in range(size - 1, -1, -1):
            labels[begin + at] = label
            some |= label != 0
            label = came[at, label]
        if not some:
            continue
        ahead = np.empty((size, kinds))
        scale = np.empty(size)
        for at in range(size):
            top = score[at].max()
            for y in range(kinds):
                score[at, y] = np.exp(score[at, y] - top)
        for at in range(size):
            total = 0.0
            for y in range(kinds):
                value = 1.0
                if at:
                    value = 0.0
                    for x in range(kinds):
                        value += ahead[at - 1, x] * risen[x, y]
                ahead[at, y] = value * score[at, y]
                total += ahead[at, y]
            scale[at] = total
            for y in range(kinds):
                ahead[at, y] /= total
        back = np.ones(kinds)
        for at in range(size - 1, -1, -1):
            sure[begin + at] = ahead[at, labels[begin + at]] * back[labels[begin + at]]
            for x in range(kinds):
                value = 0.0
                for y in range(kinds):
                    value += risen[x, y] * score[at, y] * back[y]
                following[x] = value / scale[at]
            back[:] = following

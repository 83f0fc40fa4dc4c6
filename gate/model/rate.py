"""How often something was seen: so many of so many, and what that says about the rate itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

# of a 95 % interval: five of five against none of five are apart, two of three against one of three are not
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `samples`, with at least one sample."""

    hits: int
    samples: int

    @property
    def share(self) -> float:
        return self.hits / self.samples

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval as fractions: Wilson's (https://doi.org/10.1080/01621459.1927.10502953), which holds for
        few samples and for rates near 0 and 1 too."""
        share, spread = self.share, _Z * _Z / self.samples
        middle = (share + spread / 2) / (1 + spread)
        half = _Z * math.sqrt(share * (1 - share) / self.samples + spread / (4 * self.samples)) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def span(self) -> str:
        """The interval in words: `95 % interval 6 to 79 %`."""
        low, high = self.interval
        return f"95 % interval {100 * low:.0f} to {100 * high:.0f} %"

    def apart(self, other: Rate) -> bool:
        """Whether the intervals do not overlap, so that the difference is more than chance."""
        (low, high), (other_low, other_high) = self.interval, other.interval
        return high < other_low or other_high < low

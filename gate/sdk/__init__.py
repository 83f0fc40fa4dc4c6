"""An SDK upgrade, judged offline: environments, drivers in the SDK's own language, and what they say of the goldens.

What the difference of two transcripts means is said by the rules of the area `sdk`, not here.
"""

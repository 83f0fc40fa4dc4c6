"""What holds for all tests: properties are judged by their outcome, never by the time that a busy machine needs."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")

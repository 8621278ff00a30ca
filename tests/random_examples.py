"""How many examples Hypothesis tries, and which.

Without a word they are the same in each run, and no clock fails them. ``HYPOTHESIS_PROFILE=deep``
looks further, with others each time.
"""

import os

from hypothesis import HealthCheck, settings

_DEEP = "deep"
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "fixed")
_DEEPER = 20


def register() -> None:
    calm = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("fixed", calm, derandomize=True)
    settings.register_profile(_DEEP, calm, max_examples=calm.max_examples * _DEEPER)
    settings.load_profile(_PROFILE)


def examples(count: int) -> settings:
    """*count* examples, or in the deep profile so many times more."""
    return settings(max_examples=count * _DEEPER if _PROFILE == _DEEP else count)

"""Workers and schedule begin together, and end together within one span of time."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from filemanager.jobs.background import Background
from filemanager.jobs.crew import Crew
from filemanager.jobs.schedule import Scheduler

NOTHING = timedelta()
DAY = timedelta(days=1)


@dataclass
class Story:
    """What was asked of both, in its order."""

    told: list[str] = field(default_factory=list)
    waits: list[timedelta] = field(default_factory=list)


def a_background(story: Story, *, crew_ends: bool = True, schedule_ends: bool = True) -> Background:
    class ToldCrew(Crew):
        def __init__(self) -> None: ...

        def start(self) -> None:
            story.told.append("workers begin")

        def stop(self, timeout: timedelta) -> bool:
            story.told.append("workers end")
            story.waits.append(timeout)
            return crew_ends

    class ToldScheduler(Scheduler):
        def __init__(self) -> None: ...

        def start(self) -> None:
            story.told.append("schedule begins")

        def stop(self, timeout: timedelta) -> bool:
            story.told.append("schedule ends")
            story.waits.append(timeout)
            return schedule_ends

    return Background(ToldCrew(), ToldScheduler())


def test_neither_begins_anything_while_the_other_is_waited_for() -> None:
    story = Story()
    background = a_background(story)

    background.start()
    background.stop(DAY)

    begun = ["workers begin", "schedule begins"]
    assert story.told == [*begun, "schedule ends", "workers end", "schedule ends"]
    asked, waited, left = story.waits
    assert (asked, waited) == (NOTHING, DAY)
    assert NOTHING < left <= DAY


@pytest.mark.parametrize(
    ("crew_ends", "schedule_ends", "is_idle"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_it_tells_whether_all_have_ended(
    crew_ends: bool, schedule_ends: bool, is_idle: bool
) -> None:
    background = a_background(Story(), crew_ends=crew_ends, schedule_ends=schedule_ends)

    assert background.stop(DAY) is is_idle


def test_no_time_is_left_where_the_workers_took_it_all() -> None:
    story = Story()
    background = a_background(story, crew_ends=False, schedule_ends=False)

    background.stop(NOTHING)

    assert story.waits == [NOTHING] * 3

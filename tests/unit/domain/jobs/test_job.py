"""Jobs and tasks as values."""

import pytest

from filemanager.domain.jobs.job import JobId, JobNotFound, Task, job_id_from

JOB = "0123456789abcdef0123456789abcdef"


def test_what_is_no_id_names_no_job() -> None:
    assert job_id_from(JOB) == JOB
    with pytest.raises(JobNotFound):
        job_id_from("1")


def test_a_task_has_a_key_or_a_job_or_neither() -> None:
    Task(kind="work")
    Task(kind="work", key="k")
    Task(kind="work", job_id=JobId(JOB))
    with pytest.raises(ValueError, match="cannot be shared by a key"):
        Task(kind="work", key="k", job_id=JobId(JOB))

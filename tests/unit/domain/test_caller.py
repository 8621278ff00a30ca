"""What scopes open."""

import pytest

from filemanager.domain.caller import (
    Caller,
    GrantedScope,
    Owner,
    Rights,
    Scope,
    owner_of,
    subject_of,
)
from filemanager.domain.errors import Forbidden, InsufficientScope, NotOwner

ALICES = owner_of("arxiv", "1")


def a_caller(*granted: GrantedScope, subject: str = "1", issuer: str = "arxiv") -> Caller:
    return Caller(issuer=issuer, subject=subject, name="someone", granted=frozenset(granted))


@pytest.mark.parametrize(
    "caller",
    [
        a_caller(GrantedScope("upload:read")),
        a_caller(GrantedScope("upload:read", "*"), subject="2"),
        a_caller(GrantedScope("upload:read", "17"), subject="2"),
        a_caller(GrantedScope("upload:admin"), subject="2"),
    ],
)
def test_these_may_read_workspace_17_of_user_1(caller: Caller) -> None:
    caller.ensure_may(Scope.READ, ALICES, "17")


@pytest.mark.parametrize(
    ("caller", "refusal"),
    [
        (a_caller(), InsufficientScope),
        (a_caller(GrantedScope("upload:update")), InsufficientScope),
        (a_caller(GrantedScope("upload:read", "18")), InsufficientScope),
        (a_caller(GrantedScope("upload:read"), subject="2"), NotOwner),
        (a_caller(GrantedScope("upload:read"), issuer="other"), NotOwner),
    ],
)
def test_these_may_not(caller: Caller, refusal: type[Forbidden]) -> None:
    with pytest.raises(refusal):
        caller.ensure_may(Scope.READ, ALICES, "17")


@pytest.mark.parametrize(
    ("granted", "scope"),
    [
        ("upload:update", Scope.CREATE),
        ("upload:write", Scope.CREATE),
        ("upload:write", Scope.UPDATE),
        ("upload:update", Scope.RELEASE),
        ("upload:write", Scope.RELEASE),
    ],
)
def test_an_older_name_opens_what_it_did(granted: str, scope: Scope) -> None:
    assert a_caller(GrantedScope(granted)).holds(scope)


def test_a_scope_for_one_workspace_opens_no_list() -> None:
    assert not a_caller(GrantedScope("upload:read", "17")).holds(Scope.READ)


def test_an_owner_shows_the_subject_alone() -> None:
    assert subject_of(Owner("arxiv:a:b")) == "a:b"


OF_A_PATH = Rights(Scope.REPOSITORY_READ, Scope.REPOSITORY_PUBLISH, "live/2.8/ubuntu/focal")


@pytest.mark.parametrize(
    ("scope", "resource", "looks", "changes"),
    [
        ("repository:read", None, True, False),
        ("repository:read", "live/2.8", True, False),
        ("repository:read", "live/2", False, False),
        ("repository:publish", "live/2.8/ubuntu/focal", True, True),
        ("repository:publish", "live/", True, True),
        ("repository:publish", "", False, False),
        ("repository:publish", "release", False, False),
        ("repository:admin", "live", True, True),
        ("repository:admin", "*", True, True),
        ("upload:admin", None, True, True),
        ("upload:admin", "live", False, False),
        ("upload:update", None, False, False),
    ],
)
def test_scopes_of_repositories_are_bound_to_beginnings_of_paths(
    scope: str, resource: str | None, looks: bool, changes: bool
) -> None:
    caller = a_caller(GrantedScope(scope, resource))

    assert (OF_A_PATH.may_look(caller), OF_A_PATH.may_change(caller)) == (looks, changes)


OF_A_WORKSPACE = Rights(Scope.READ, Scope.UPDATE, "17")
OF_NOTHING_NAMED = Rights(Scope.READ, Scope.UPDATE)


@pytest.mark.parametrize(
    ("scope", "resource", "looks", "changes"),
    [
        ("upload:read", None, True, False),
        ("upload:read", "17", True, False),
        ("upload:read", "18", False, False),
        ("upload:read", "*", True, False),
        ("upload:update", None, True, True),
        ("upload:update", "17", True, True),
        ("upload:update", "18", False, False),
        ("upload:admin", None, True, True),
        ("upload:delete_workspace", "17", False, False),
    ],
)
def test_rights_are_open_to_what_is_bound_to_nothing_or_to_the_same(
    scope: str, resource: str | None, looks: bool, changes: bool
) -> None:
    caller = a_caller(GrantedScope(scope, resource))

    assert OF_A_WORKSPACE.may_look(caller) is looks
    assert OF_A_WORKSPACE.may_change(caller) is changes
    is_bound = resource == "17"
    assert OF_NOTHING_NAMED.may_look(caller) is (looks and not is_bound)
    assert OF_NOTHING_NAMED.may_change(caller) is (changes and not is_bound)


def test_rights_of_a_path_that_is_not_named_are_open_to_nobody() -> None:
    nowhere = Rights(Scope.REPOSITORY_READ, Scope.REPOSITORY_PUBLISH)

    assert not nowhere.may_look(a_caller(GrantedScope("repository:admin")))


def test_before_a_look_up_a_token_is_asked_for_its_scope_alone() -> None:
    a_caller(GrantedScope("upload:read"), subject="2").ensure_may_ask(Scope.READ, "17")
    a_caller(GrantedScope("upload:read", "17")).ensure_may_ask(Scope.READ, "17")
    with pytest.raises(InsufficientScope):
        a_caller(GrantedScope("upload:read", "18")).ensure_may_ask(Scope.READ, "17")

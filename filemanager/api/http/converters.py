"""What may stand in a path. What does not fit is an unknown path: 404."""

from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """Up to 19 ASCII digits; Werkzeug's own takes 4,000 digits in any script.

    A few of them exceed 63 bits: nothing has such a number, as the guard says. Refused here they
    would be a wrong method (405) wherever the path has routes for others.
    """

    regex = r"[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        return int(value)


class PublicPathConverter(BaseConverter):
    """Anything, slashes included: the index says whether there is such a file."""

    part_isolating = False
    regex = r"(?s:.+?)"
    weight = 200


class SlugConverter(BaseConverter):
    """The name in a link: what cannot be one is an unknown path."""

    regex = r"[a-z0-9-][a-z0-9.-]{1,62}[a-z0-9-]"

"""What may stand in a path. What does not fit is an unknown path: 404."""

from werkzeug.routing import BaseConverter, ValidationError

from filemanager.domain.ids import MAX_ID


class IdConverter(BaseConverter):
    """ASCII digits that fit 63 bits; Werkzeug's own takes 4,000 digits in any script."""

    regex = r"[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > MAX_ID:
            raise ValidationError
        return number


class PublicPathConverter(BaseConverter):
    """Anything, slashes included: the index says whether there is such a file."""

    part_isolating = False
    regex = r".+?"
    weight = 200

"""Print a development token; asks for what is not given as an option."""

import click

from filemanager.factory.parts import clock
from filemanager.settings import reading as config
from filemanager.tokens import EVERYDAY, Person, token_for


@click.command()
@click.option("--user_id", prompt="Numeric user ID")
@click.option("--email", prompt="Email address")
@click.option("--username", prompt="Username")
@click.option("--first_name", prompt="First name", default="Jane")
@click.option("--last_name", prompt="Last name", default="Doe")
@click.option("--suffix_name", prompt="Name suffix", default="IV")
@click.option("--affiliation", prompt="Affiliation", default="Cornell University")
@click.option("--rank", prompt="Numeric rank", type=int, default=3)
@click.option("--country", prompt="Alpha-2 country code", default="us")
@click.option("--default_category", prompt="Default category", default="astro-ph.GA")
@click.option(
    "--submission_groups", prompt="Submission groups (comma delim)", default="grp_physics"
)
@click.option(
    "--endorsements",
    prompt="Endorsement categories (comma delim)",
    default="astro-ph.CO,astro-ph.GA",
)
@click.option("--scope", prompt="Authorization scope (comma delim)", default=",".join(EVERYDAY))
def generate_token(submission_groups: str, endorsements: str, scope: str, **answers: str) -> None:
    """Print a token signed with JWT_SECRET, good for ten hours."""
    secret = config.load().jwt_secret
    if secret is None:
        raise click.UsageError("Set JWT_SECRET to the secret that the service runs with.")
    person = Person(
        **answers,  # type: ignore[arg-type]  # the options above are its fields
        submission_groups=submission_groups.split(","),
        endorsements=endorsements.split(","),
        scopes=scope.split(","),
    )
    click.echo(token_for(person, secret.get_secret_value(), clock()))


if __name__ == "__main__":
    generate_token()

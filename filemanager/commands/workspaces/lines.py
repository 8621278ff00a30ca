"""Lines that say what the service told, each of one thing."""

from filemanager.client.values import Change, Finding


def finding_line(finding: Finding) -> str:
    where = f"{finding.path}: " if finding.path else ""
    return f"{finding.severity:5}  {where}{finding.message} ({finding.code})"


def change_line(change: Change) -> str:
    after = f" -> {change.after}" if change.after else ""
    return f"{change.alteration:9}  {change.before}{after} ({change.code})"

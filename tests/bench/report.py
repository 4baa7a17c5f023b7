"""One line of the table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with the machine's own baseline of the same run; `ratio` is figure to baseline, None without one."""

    name: str
    figure: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None


def compared(name: str, figure: float, unit: str, baseline: float) -> Row:
    """A row with its ratio."""
    return Row(name, figure, unit, baseline, figure / baseline if baseline else None)


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | figure | unit | baseline | ratio |", "|---|---:|---|---:|---:|"]
    for row in rows:
        baseline = f"{row.baseline:,.1f}" if row.baseline is not None else ""
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        lines.append(f"| {row.name} | {row.figure:,.1f} | {row.unit} | {baseline} | {ratio} |")
    return "\n".join(lines)

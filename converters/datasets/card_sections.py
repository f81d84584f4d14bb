"""Parts of the card that are worked out: how rows were made, how far annotators agree, how classes balance.

Options and numbers in, sentences and tables out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...label_configs.tasks import TaskDefinition, TextRanking
from ..agreement.agreement import DimensionAgreement
from ..agreement.figures import Figure
from .build import BuiltConfig
from .card_text import KEPT_NEWLINE, code
from .collection import CollectedJob
from .options import BuildOptions

__all__ = ["agreement_tables", "balance", "beside_answers", "best_responses", "how_made", "seconds"]

_CONSENSUS = {
    "majority": "A preference pair stands where more annotators preferred `chosen` than `rejected`.",
    "none": "A preference pair stands for each annotator's own verdict (`annotator`): pairs of one item may contradict "
    "each other.",
    "borda": "A preference pair stands where `chosen` has the better mean of all annotators' scaled mid-ranks (Borda), "
    "and more annotators preferred it than `rejected`.",
    "kemeny": "A preference pair stands where the weak order nearest to all annotators' (Kemeny) has `chosen` before "
    "`rejected`, no other order as near reverses them, and more annotators preferred `chosen`.",
}
_AGGREGATE = {
    "weighted": "The dimensions are taken together: each annotator's scaled mid-ranks, weighted by ",
    "pareto": "The dimensions are taken together: a preference stands only where no dimension disagrees and at least "
    "one is strict.",
}
_PAIRS = {
    "all": "All pairs of an item's responses are used.",
    "adjacent": "Only neighbours in the order are paired (`--pairs adjacent`).",
    "best-vs-rest": "Only the best responses are paired with the others (`--pairs best-vs-rest`).",
    "best-vs-worst": "Only the best responses are paired with the worst (`--pairs best-vs-worst`).",
}
_MARGIN = {
    "rank": "`margin` is by how much of the item's scale (0 to 1) the annotators rank `chosen` better, on average; it "
    "is below 0 where a minority is far of another mind.",
    "vote": "`margin` is (votes for `chosen` - votes for `rejected`) / annotators.",
}
_NAMES = ("alpha_pair_verdicts", "alpha_midranks", "kendall_w", "mean_spearman", "tau_b", "verdict_agreement")


def how_made(kinds: Iterable[str], options: BuildOptions) -> Iterator[str]:
    """Sentences about preference pairs and what else is made of rankings."""
    kinds = set(kinds)
    if options.format == "standard" and kinds & {"preference", "unpaired", "sft", "prompts"}:
        yield "Texts are plain: a prompt ends with a line break, and the completion is appended to it as it stands."
    if not kinds & {"preference", "unpaired", "ties"}:
        return
    if options.aggregate == "weighted":
        yield _AGGREGATE["weighted"] + ", ".join(f"{code(name)} {float(w):g}" for name, w in options.weights) + "."
    elif options.aggregate == "pareto":
        yield _AGGREGATE["pareto"]
    if "preference" in kinds:
        yield f"{_CONSENSUS[options.consensus]} `votes_...` count those who ranked both."
        yield _PAIRS[options.pairs]
        if options.margin != "none":
            yield _MARGIN[options.margin]
        if options.near_duplicates is not None:
            yield f"Responses with a similarity of {options.near_duplicates:g} or more make no pair."
        yield "The pairs of an item stand together; `pair_weight` is 1 / their number, so that items can count alike."
    where = "are in `ties`" if options.wants("ties") else "are left out"
    yield f"Ties are never chosen and rejected, nor are equal votes or two equal responses; ties {where}."
    if "unpaired" in kinds:
        yield _unpaired(options)


def _unpaired(options: BuildOptions) -> str:
    if options.aggregate == "pareto":
        return "In `unpaired`, a response is desirable or undesirable only where all dimensions say so."
    if options.threshold is None:
        return (
            "In `unpaired`, the best of an item (by mean scaled mid-rank) is desirable and the worst is not; the rest "
            "is left out."
        )
    low = float(options.threshold)
    return (
        f"In `unpaired`, responses with a mean scaled mid-rank (0 best, 1 worst) of at most {low:g} are desirable, "
        f"those of at least {1 - low:g} are not; the rest is left out."
    )


def best_responses(kinds: Iterable[str], definitions: Iterable[TaskDefinition]) -> Iterator[str]:
    """Sentences about what keeps a best response out of ``sft``, where a task has flags or scores."""
    if "sft" not in kinds:
        return
    rankings = [task for task in definitions if isinstance(task, TextRanking)]
    if any(task.flags for task in rankings):
        yield "A best response that anybody flagged is not in `sft`."
    scored = {d.name: d.good_score for task in rankings for d in task.dimensions if d.good_score is not None}
    for name, least in scored.items():
        yield f"In `sft`, more annotators gave a response {least:g} or more on {code(name)} than gave less."


def beside_answers(job: CollectedJob) -> Iterator[str]:
    """Sentences about what a job's annotators said beside their answers, and were shown."""
    task = job.definition
    if task.reference:
        yield "A reference answer was shown with the responses; it is none of them."
    if flags := {flag: job.flags[flag] for flag in (*task.flags, *job.flags)}:
        yield f"Responses could be flagged, and were so often: {_counted(flags)}."
    if task.comment or job.commented:
        yield f"Answers with a comment: {job.commented}. Comments are people's own words (`annotations`)."
    if task.cannot_judge:
        said = _counted({reason: job.declined[reason] for reason in (*task.cannot_judge, *job.declined)})
        yield f"Annotators could say why an item cannot be judged, and did so often: {said}."


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{code(name)} {count}" for name, count in counts.items())


def agreement_tables(dimensions: Sequence[DimensionAgreement]) -> Iterator[str]:
    """A Markdown table for each dimension, under its name: figure, value, interval, n."""
    for dimension in dimensions:
        rows = [f"{code(dimension.name)}:", "", "| figure | value | 95 % interval | n |", "|---|---|---|---|"]
        rows += [_row(name, getattr(dimension, name), _remark(name, dimension)) for name in _NAMES]
        rows.append(_row("ties", dimension.ties, ""))
        yield KEPT_NEWLINE.join(rows)


def _remark(name: str, dimension: DimensionAgreement) -> str:
    if name == "kendall_w" and dimension.kendall_w_annotators:
        chance = dimension.kendall_w_chance or 0
        return f" (items with {dimension.kendall_w_annotators} annotators; {chance:.2f} by chance)"
    return ""


def _row(name: str, figure: Figure, remark: str) -> str:
    value = "not defined" if figure.value is None else f"{figure.value:.3f}"
    known = figure.low is not None and figure.high is not None
    interval = f"{figure.low:.3f} to {figure.high:.3f}" if known else ""
    return f"| `{name}`{remark} | {value} | {interval} | {figure.n} {figure.of} |"


def balance(configs: Sequence[BuiltConfig]) -> Iterator[tuple[str, int, int, tuple[str, str]]]:
    """(config, desirable, undesirable, weights of both) of each ``unpaired`` config's training split.

    KTO wants desirable x its weight : undesirable x its weight between 1 : 1 and 4 : 3 (TRL's documentation); the
    larger class keeps the weight 1, and the smaller one gets what makes it 1 : 1.
    """
    for config in configs:
        desirable, undesirable = config.labels.get("train", (0, 0))
        if config.kind == "unpaired" and desirable and undesirable:
            most = max(desirable, undesirable)
            yield config.name, desirable, undesirable, (f"{most / desirable:.3g}", f"{most / undesirable:.3g}")


def seconds(count: float) -> str:
    """A time for people: ``42 s``, ``3 min 20 s``."""
    whole = round(count)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"

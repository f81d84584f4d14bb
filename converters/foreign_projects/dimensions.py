"""Which controls of a project make which dimension, and how each is read. Asks for what has several meanings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from ...label_configs.errors import InputError
from .compared import SCORES, comparing_controls, named_options, said_of, shown_keys
from .config import Config, ControlTag
from .mapping import ProjectMapping
from .plans import Needs, among
from .rank_readers import ChoiceReader, PairwiseReader, RankReader
from .rankers import START, RankerReader
from .responses import ResponseSource
from .scores import MiddleReader, ScoreReader

__all__ = ["dimension_readers"]

_Group = tuple[str, tuple[ControlTag, ...]]


def dimension_readers(
    config: Config, mapping: ProjectMapping, responses: ResponseSource | None, needs: Needs
) -> list[RankReader]:
    """A reader for each dimension: those that the user names, then what is left and has one meaning only.

    Where ``responses`` are not known yet, only what can be asked already is asked. InputError if the user puts
    something into a dimension that cannot be one.
    """
    groups = [*_said_groups(config, mapping), *_other_groups(config, mapping, responses, needs)]
    readers = (_reader(name, controls, config, mapping, responses, needs) for name, controls in groups)
    return [reader for reader in readers if reader is not None]


def _said_groups(config: Config, mapping: ProjectMapping) -> Iterator[_Group]:
    for name, names in mapping.dimensions.items():
        controls = tuple(control for each in names if (control := config.control(each)))
        if len(controls) > 1 and not all(_rates_one(control) for control in controls):
            raise InputError(
                f"the dimension {name!r} has several controls; only Ratings and Numbers that each rate one response "
                "make one together",
                source=config.source,
            )
        yield name, controls


def _other_groups(
    config: Config, mapping: ProjectMapping, responses: ResponseSource | None, needs: Needs
) -> Iterator[_Group]:
    said = [name for names in mapping.dimensions.values() for name in names]
    left = [control for control in comparing_controls(config) if not any(control.is_called(name) for name in said)]
    found = [control for control in left if _compares(control, mapping, responses, config)]
    for control in found:
        if control.repeats and not _rates_each(control, responses):
            needs.ask(f"dimension:NAME={control.first.name}", "one for each repetition to read")
        elif control.repeats or not _rates_one(control):
            yield _common_name((control,)), (control,)
    for kind in SCORES:
        rating = tuple(each for each in found if each.kind == kind and _rates_one(each) and not each.repeats)
        if rating and responses and len({control.to_names for control in rating}) == len(rating) == responses.count:
            yield _common_name(rating), rating
        elif rating:
            names = ",".join(control.name for control in rating)
            needs.ask("dimension:NAME=CONTROL[,CONTROL...]", f"one control for each response, of {names}")
    if not found and not said:
        yield from _undecided([each for each in left if each.kind == "choices" and not each.repeats], needs)


def _undecided(choices: Sequence[ControlTag], needs: Needs) -> Iterator[_Group]:
    """Choices that may be about responses though nothing in the config says so, if there is nothing else."""
    if len(choices) == 1:
        yield _common_name(choices), tuple(choices)
    elif choices:
        names = ", ".join(control.name for control in choices)
        needs.ask("dimension:NAME=CONTROL", f"the control that chooses a response, of {names}")


def _rates_one(control: ControlTag) -> bool:
    return control.kind in SCORES and len(control.to_names) == 1


def _rates_each(control: ControlTag, responses: ResponseSource | None) -> bool:
    """Whether a control in a Repeater is there once for each response, and rates it."""
    if not _rates_one(control) or len(control.repeats) != 1 or responses is None or not responses.listed:
        return False
    (repeat,) = control.repeats
    return repeat.key in responses.lists and repeat.flag in control.to_names[0]


def _compares(control: ControlTag, mapping: ProjectMapping, responses: ResponseSource | None, config: Config) -> bool:
    """Whether the control is about the responses, as far as the config and the user tell it."""
    if control.kind != "choices":
        known = responses is None or all(responses.has(name) for name in control.first.to_names)
        return known and (control.kind in ("ranker", *SCORES) or len(control.to_names) == 2)
    if control.name in mapping.rest or any(said_of(option, mapping) for option in control.options):
        return True
    if responses is None:
        return len(named_options(control, config.objects)) > 1
    return control.key in responses.lists or any(
        responses.has(tag.name) for tag in named_options(control, config.objects).values()
    )


def _common_name(controls: Sequence[ControlTag]) -> str:
    """What a dimension is called that nobody named: as its control, or what the names of its controls share."""
    bare = [_without_flags(control) for control in controls]
    if len(bare) == 1:
        return bare[0] or controls[0].kind
    own = {control.name.replace(control.to_names[0], "").strip("_-. ") for control in controls}
    shared = own.pop() if len(own) == 1 else _beginning(bare).rstrip("0123456789").strip("_-. ")
    return shared or controls[0].kind


def _beginning(names: Sequence[str]) -> str:
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in alike)


def _without_flags(control: ControlTag) -> str:
    name = control.name
    for repeat in control.repeats:
        name = name.replace(repeat.flag, "")
    return name.strip("_-. ") if control.repeats else name


# One dimension


def _reader(
    name: str,
    controls: tuple[ControlTag, ...],
    config: Config,
    mapping: ProjectMapping,
    responses: ResponseSource | None,
    needs: Needs,
) -> RankReader | None:
    """The reader of the dimension; None if something was asked for first."""
    first = controls[0]
    if first.kind == "choices":
        return _choice_reader(name, first, config, mapping, responses, needs)
    _check_compared(name, controls, responses, config)
    if first.kind == "pairwise":
        return PairwiseReader(name, first)
    if first.kind == "ranker":
        return _ranker_reader(name, first, config, mapping, needs)
    if first.kind not in SCORES:
        raise InputError(f"the dimension {name!r} cannot be a {first}: that compares nothing", source=config.source)
    if len(first.to_names) == 1:
        return ScoreReader(name, controls, _lower_is_better(controls, mapping, config))
    if first.name not in mapping.middle:
        needs.ask(f"middle:{first.name}=NUMBER", "at which the two are equal: below it the first is better")
        return None
    return MiddleReader(name, first, mapping.middle[first.name])


def _lower_is_better(controls: Sequence[ControlTag], mapping: ProjectMapping, config: Config) -> bool:
    said = [(name, tag) for name in mapping.lower if (tag := config.control(name))]
    return any(control.is_called(name) or tag.is_called(control.name) for name, tag in said for control in controls)


def _check_compared(
    name: str, controls: Sequence[ControlTag], responses: ResponseSource | None, config: Config
) -> None:
    objects = [each for control in controls for each in control.first.to_names]
    strangers = [each for each in objects if responses is not None and not responses.has(each)]
    wanted = {"pairwise": (2,), "ranker": (1,)}.get(controls[0].kind, (1, 2))
    problem = ""
    repeated = [control for control in controls if control.repeats and not _rates_each(control, responses)]
    if repeated and responses is not None:
        problem = f"{repeated[0]} stands in a Repeater; give its name at an index, with a number for the flag"
    elif strangers:
        problem = f"{strangers[0]!r} is no response; those are {', '.join(responses.names if responses else ())}"
    elif len(set(objects)) < len(objects):
        problem = "a response is in it twice"
    elif len(controls) == 1 and len(objects) not in wanted:
        problem = f"{controls[0]} is about {len(objects)} objects"
    if problem:
        raise InputError(f"the dimension {name!r} cannot be read: {problem}", source=config.source)


def _ranker_reader(
    name: str, control: ControlTag, config: Config, mapping: ProjectMapping, needs: Needs
) -> RankerReader | None:
    if not control.buckets:
        return RankerReader(name, control, {}, True)
    names = [bucket.name for bucket in control.buckets]
    if not any(bucket.start for bucket in control.buckets):
        names.append(START)
    levels = {each: mapping.buckets.get(each) for each in names}
    for each in names:
        if each not in mapping.buckets and each != START:
            needs.ask(f"bucket:{each}=LEVEL", "1 is best, or unranked")
    within = mapping.within.get(control.name)
    if within is None:
        needs.ask(f"within:{control.name}=order|tied", "what the place in a bucket means")
    ranked = [level for level in levels.values() if level is not None]
    if within == "order" and len(set(ranked)) < len(ranked):
        raise InputError(
            f"two buckets of {control} have the same level, so the order within each does not compare their items; "
            f"give them different levels, or say --map within:{control.name}=tied",
            source=config.source,
        )
    return RankerReader(name, control, levels, within == "order")


def _choice_reader(
    name: str,
    control: ControlTag,
    config: Config,
    mapping: ProjectMapping,
    responses: ResponseSource | None,
    needs: Needs,
) -> ChoiceReader:
    named = named_options(control, config.objects)
    said = {}
    for option in control.options:
        means = said_of(option, mapping) or (named[option.stored].name if option.stored in named else None)
        if means is None:
            known = [*(responses.paths if responses else shown_keys(config)), "tie", "none"]
            needs.ask(f"choice:{option.value}=RESPONSE", f"which response it names{among(known)}")
        elif means not in ("tie", "none") and responses and not responses.listed and not responses.has(means):
            there = among([*responses.names, "tie", "none"])
            raise InputError(f"choice:{option.value}={means} names no response; there are{there}", source=config.source)
        else:
            said[option.stored] = means
    said |= {value: means for value, means in mapping.choices.items() if control.key and value not in said}
    two = responses is not None and responses.count == 2
    if control.name not in mapping.rest and (control.multiple or not two):
        needs.ask(f"rest:{control.name}=tied", "that the responses that are not chosen count as equal to one another")
    may_tie = control.multiple or not two or "tie" in said.values()
    return ChoiceReader(name, control, said, may_tie)

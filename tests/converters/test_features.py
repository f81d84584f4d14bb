"""Columns of configs as gtbridge writes them, beside what `datasets` itself writes of the same features."""

from __future__ import annotations

import json
from typing import Any

import datasets
import pytest
from dataset_features import features_of
from datasets.info import DatasetInfosDict
from datasets.splits import SplitDict, SplitInfo
from huggingface_hub import DatasetCardData
from job_items import ASK, asked, build_in_memory, job_item, options, ranking_job
from shaped_rows import SHAPES
from strategies import make_item

from gtbridge.converters.datasets import parquet
from gtbridge.converters.datasets.card_front_matter import front_matter
from gtbridge.converters.datasets.features import card_features, schema_of
from gtbridge.converters.datasets.options import CONFIGS
from gtbridge.converters.datasets.shapes import Shape
from gtbridge.converters.datasets.writers import features

ASKED = job_item(make_item(0, "Ann came."), asked("w0", "Ann came.", ("Who?", "Ann")), task=ASK, job="ask")


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", CONFIGS)
def test_the_schema_is_the_one_that_datasets_makes_of_the_features(shape: Shape, kind: str) -> None:
    spec = features(kind, options(preset=shape.preset, format=shape.format, margin="rank"))
    made, wanted = schema_of(spec), features_of(spec).arrow_schema
    assert made.equals(wanted)
    assert json.loads(made.metadata[b"huggingface"]) == json.loads(wanted.metadata[b"huggingface"])
    assert datasets.Features.from_arrow_schema(made) == features_of(spec)
    assert datasets.Features._from_yaml_list(card_features(spec)) == features_of(spec)


@pytest.mark.parametrize("configs", [(), ("prompts",)])
def test_the_card_says_of_configs_what_datasets_itself_would_say(configs: Any) -> None:
    _, built, _, _ = build_in_memory([*ranking_job(4), ASKED], ["Help"], options(configs=configs, test_size=0.4))
    sizes = {config.name: number for number, config in enumerate(built.configs)}
    said = front_matter(built, [], sizes, dict.fromkeys(sizes, "0"), None, ())
    infos = DatasetInfosDict()
    for config in built.configs:
        splits = [SplitInfo(split, config.bytes[split], rows) for split, rows in sorted(config.rows.items())[::-1]]
        infos[config.name] = datasets.DatasetInfo(
            features=features_of(config.features),
            config_name=config.name,
            splits=SplitDict({split.name: split for split in splits}),
            download_size=sizes[config.name],
            dataset_size=sum(config.bytes.values()),
        )
    card = DatasetCardData()
    infos.to_dataset_card_data(card)
    assert said.endswith(card.to_yaml())


def test_chunks_are_cut_where_datasets_cuts_them() -> None:
    assert datasets.config.DEFAULT_CDC_OPTIONS == parquet._CHUNKS

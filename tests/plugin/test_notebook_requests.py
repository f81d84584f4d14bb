"""Requests as AWS's notebooks build them, unchanged on both backends. Label Studio and S3 are real, SageMaker is not.

The notebooks: aws-samples/amazon-sagemaker-groundtruth-immersionday, 07-module-label-generativeai. What they send is
rebuilt here in the same shape: addresses in the job's bucket, templates in files of any name, both Lambda functions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from roads import Api, done
from sagemaker import REGION, sagemaker_server

from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.storage import write_bytes

pytestmark = pytest.mark.server

PAGE = """
<html>
  <head>
    <link rel="stylesheet" href="https://assets.crowd.aws/css/crowd-html-elements-v2.css" />
    <script src="https://assets.crowd.aws/crowd-html-elements-v2.js"></script>
  </head>
  <body>
    <crowd-form id="form">
      {element}
    </crowd-form>
  </body>
</html>
"""


@dataclass(frozen=True)
class Notebook:
    """What one of the two notebooks puts into its bucket, and what becomes of it on Label Studio."""

    name: str
    element: str
    template: str
    lines: list[dict[str, Any]]
    manifest: str
    asked: str


RANKING = Notebook(
    "text-ranking",
    """<crowd-text-ranking name="textRanking"
        ordinal-ranking-dimensions='[{"name":"Accuracy","allowTie":true},{"name":"Clarity","allowTie":true}]'
        text='{{ task.input.source }}' responses='{{ task.input.responses | to_json }}'>
      <short-instructions><p>Rank what the models say.</p></short-instructions>
    </crowd-text-ranking>""",
    "instructions_tr.template",
    [{"source": "It's late. Why?", "responses": ["a</b>", 'b"', "c"]}, {"source": "How?", "responses": ["x", "y"]}],
    "gt_input_manifest_textranking.json",
    "Accuracy",
)
QUESTIONS = Notebook(
    "qna",
    """<crowd-question-answer-generation name="questionAndAnswers" text='{{ task.input.source }}'
        min-questions="1" max-questions="5" question-min-words="1" question-max-words="20"
        answer-min-words="1" answer-max-words="20" question-tags='["What", "Why"]' allow-custom-question-tags="true">
      <short-instructions><p>Ask about the text.</p></short-instructions>
    </crowd-question-answer-generation>""",
    "instructions_qna.liquid",
    [{"source": "The project manager opened the meeting.\nIt was late."}],
    "data/gt_input_manifest_qna.json",
    "Ask about the text.",
)


def request_of(notebook: Notebook, bucket: str) -> dict[str, Any]:
    """The arguments of the notebook's call of ``create_labeling_job``."""
    functions = f"arn:aws:lambda:{REGION}:432418664414:function"
    return {
        "LabelingJobName": f"immersionday-genai-{notebook.name}-20260301-120000",
        "LabelAttributeName": "label",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": f"{bucket}/genai/{notebook.manifest}"}}},
        "OutputConfig": {"S3OutputPath": f"{bucket}/output/"},
        "RoleArn": "arn:aws:iam::111122223333:role/service-role/AmazonSageMaker-ExecutionRole-20260301T120000",
        "HumanTaskConfig": {
            "WorkteamArn": f"arn:aws:sagemaker:{REGION}:111122223333:workteam/private-crowd/genai",
            "UiConfig": {"UiTemplateS3Uri": f"{bucket}/genai/{notebook.template}"},
            "TaskKeywords": ["QnA"],
            "TaskTitle": f"Generative AI - {notebook.name}",
            "TaskDescription": "Read the text, then do as the instructions say.",
            "NumberOfHumanWorkersPerDataObject": 1,
            "TaskTimeLimitInSeconds": 60 * 30,
            "TaskAvailabilityLifetimeInSeconds": 60 * 60 * 24 * 10,
            "MaxConcurrentTaskCount": 100,
            "PreHumanTaskLambdaArn": f"{functions}:PRE-PassThrough",
            "AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": f"{functions}:ACS-PassThrough"},
        },
    }


@pytest.mark.parametrize("notebook", [RANKING, QUESTIONS], ids=lambda notebook: notebook.name)
def test_the_same_request_file_makes_the_job_on_both_backends(
    label_studio: Embedded, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notebook: Notebook
) -> None:
    request = request_of(notebook, bucket)
    lines = "".join(json.dumps(line) + "\n" for line in notebook.lines)
    write_bytes(f"{bucket}/genai/{notebook.manifest}", lines.encode())
    write_bytes(f"{bucket}/genai/{notebook.template}", PAGE.format(element=notebook.element).encode())
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request), encoding="utf-8")

    with sagemaker_server() as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", service.url)
        told = json.loads(done("job", "create", "--request", str(path), "--backend", "sagemaker", "--json"))
        assert service.named("CreateLabelingJob") == [request]
        assert (told["objects"], told["filled"], told["uploads"]) == (len(notebook.lines), [], [])

    made = json.loads(done("job", "create", "--request", str(path), "--json", server=label_studio))
    assert made["objects"] == len(notebook.lines)
    api = Api(label_studio)
    tasks = api.tasks(made["ProjectId"])
    shown = [str(task["data"].get("prompt") or task["data"].get("passage")) for task in tasks]
    assert all(line["source"].split()[0] in text for line, text in zip(notebook.lines, shown, strict=True))
    project = api.get(f"/api/projects/{made['ProjectId']}").json()
    assert notebook.asked in project["label_config"] + project["expert_instruction"]
    described = json.loads(done("job", "describe", request["LabelingJobName"], "--json", server=label_studio))
    assert described["HumanTaskConfig"] == request["HumanTaskConfig"]

"""Which backend a `job` command speaks to: its options, and the connection. Opens nothing before it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from .common import account_options, connect, label_studio_options, storage_options

if TYPE_CHECKING:
    from ..label_studio.server import Server
    from ..labeling_job import Backend
    from ..sagemaker.jobs import SageMakerJobs

__all__ = ["ChosenBackend", "backend_and_storage_options", "backend_option"]

_LABEL_STUDIO, _SAGEMAKER = "label-studio", "sagemaker"


@dataclass(frozen=True)
class ChosenBackend:
    """The backend that the options name."""

    kind: str
    url: str | None
    api_key: str | None = field(repr=False)

    @property
    def is_sagemaker(self) -> bool:
        """Whether jobs run on SageMaker Ground Truth."""
        return self.kind == _SAGEMAKER

    def label_studio(self) -> Server:
        """The Label Studio server, for as long as the command runs."""
        return connect(self.url, self.api_key)

    def sagemaker(self) -> SageMakerJobs:
        """SageMaker in the account and region that the options name."""
        from ..sagemaker.client import sagemaker_client
        from ..sagemaker.jobs import SageMakerJobs

        return SageMakerJobs(sagemaker_client())

    def open(self) -> Backend:
        """Either."""
        if self.is_sagemaker:
            return self.sagemaker()
        from ..label_studio.backend import LabelStudioJobs

        return LabelStudioJobs(self.label_studio())


def backend_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--backend, and the options that name a Label Studio or an AWS account; the command gets a ChosenBackend."""
    return _with_backend(account_options(command))


def backend_and_storage_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for commands that read and write files."""
    return _with_backend(storage_options(command))


def _with_backend(command: Callable[..., Any]) -> Callable[..., Any]:
    @label_studio_options
    @click.option(
        "--backend",
        "kind",
        type=click.Choice([_LABEL_STUDIO, _SAGEMAKER]),
        default=_LABEL_STUDIO,
        show_default=True,
        envvar="GTBRIDGE_BACKEND",
        show_envvar=True,
        help="Where the labeling jobs run.",
    )
    @wraps(command)
    def with_backend(*args: Any, kind: str, label_studio_url: str | None, api_key: str | None, **more: Any) -> Any:
        return command(*args, backend=ChosenBackend(kind, label_studio_url, api_key), **more)

    made: Callable[..., Any] = with_backend
    return made

"""What a stand-in for the Hugging Face Hub holds: repositories with commits, branches and tags, and large files."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LARGE = 10 * 2**20


class Refused(Exception):
    """An answer other than 200: status, the Hub's code, and what it says."""

    def __init__(self, status: int, code: str | None, told: str, **more: str):
        super().__init__(told)
        self.status, self.code, self.told, self.more = status, code, told, more


@dataclass(frozen=True)
class Stored:
    """A file; large ones are known by their SHA-256 as well."""

    data: bytes
    large: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def oid(self) -> str:
        """git's name of what git stores: for a large file, of a pointer to it."""
        data = f"version 1\noid sha256:{self.sha256}\nsize {len(self.data)}\n".encode() if self.large else self.data
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass(frozen=True)
class Commit:
    title: str
    description: str
    parent: str | None
    files: Mapping[str, Stored]

    @property
    def oid(self) -> str:
        tree = sorted((path, file.oid) for path, file in self.files.items())
        return hashlib.sha1(repr((self.title, self.description, self.parent, tree)).encode()).hexdigest()


@dataclass
class Repo:
    """A dataset repository; it is made with one commit, which holds a .gitattributes."""

    private: bool
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        attributes = Stored(b"*.parquet filter=lfs diff=lfs merge=lfs -text\n", False)
        self._add("main", Commit("initial commit", "", None, {".gitattributes": attributes}))

    def _add(self, branch: str, commit: Commit) -> str:
        self.commits[commit.oid] = commit
        self.branches[branch] = commit.oid
        return commit.oid

    @property
    def files(self) -> Mapping[str, Stored]:
        """What the main branch holds."""
        return self.commits[self.branches["main"]].files

    def texts(self) -> dict[str, str]:
        """What of it is no large file."""
        return {path: file.data.decode() for path, file in self.files.items() if not file.large}

    def history(self, branch: str = "main") -> list[Commit]:
        """The commits, first one first."""
        found, oid = [], self.branches.get(branch)
        while oid is not None:
            found.append(self.commits[oid])
            oid = found[-1].parent
        return found[::-1]

    def revision(self, name: str) -> str:
        """The commit that a branch, a tag or a commit's id names."""
        oid = self.branches.get(name) or self.tags.get(name) or name
        if oid not in self.commits:
            raise Refused(404, "RevisionNotFound", f"Invalid rev id: {name}")
        return oid

    def write(self, files: Mapping[str, bytes], branch: str = "main", title: str = "by hand") -> str:
        """Somebody else commits these files."""
        parent = self.branches[branch]
        stored = {path: Stored(data, path.endswith(".parquet")) for path, data in files.items()}
        return self._add(branch, Commit(title, "", parent, {**self.commits[parent].files, **stored}))

    def mode(self, file: Mapping[str, Any]) -> dict[str, Any]:
        """How a file is to be sent."""
        large = file["path"].endswith(".parquet") or file["size"] > _LARGE
        ignored = ".gitignore" in self.files and file["path"] in self.files[".gitignore"].data.decode().splitlines()
        return {"path": file["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": ignored}

    def commit(self, branch: str, body: bytes, large: Mapping[str, bytes]) -> str:
        """What POST .../commit/BRANCH does with its lines."""
        if branch not in self.branches:
            raise Refused(404, "RevisionNotFound", f"Invalid rev id: {branch}")
        header, *operations = [json.loads(line) for line in body.splitlines()]
        parent, files = self.branches[branch], dict(self.commits[self.branches[branch]].files)
        if header["value"].get("parentCommit", parent) != parent:
            raise Refused(412, None, "A commit has happened since. Please refresh and try again.")
        for operation in operations:
            value = operation["value"]
            match operation["key"]:
                case "file":
                    files[value["path"]] = Stored(base64.b64decode(value["content"]), False)
                case "lfsFile" if value["oid"] in large:
                    files[value["path"]] = Stored(large[value["oid"]], True)
                case "deletedFile" if value["path"] in files:
                    del files[value["path"]]
                case other:
                    raise Refused(400, None, f"cannot do {other} with {value['path']}")
        summary, description = header["value"]["summary"], header["value"]["description"]
        return self._add(branch, Commit(summary, description, parent, files))


@dataclass
class HubStore:
    """All repositories by ``ORG/NAME``, all large files by SHA-256, and what each token may do."""

    repos: dict[str, Repo] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def add_folder(self, folder: Path) -> None:
        """A public repository of each ``ORG/NAME`` in the folder."""
        for place in folder.glob("*/*"):
            paths = [path for path in place.rglob("*") if path.is_file()]
            repo = self.repos.setdefault(place.relative_to(folder).as_posix(), Repo(private=False))
            repo.write({path.relative_to(place).as_posix(): path.read_bytes() for path in paths})

    def authorize(self, token: str | None, *, write: bool) -> None:
        """Refuse who may not do this."""
        role = self.tokens.get(token or "")
        if token is not None and role is None:
            raise Refused(401, None, "Invalid credentials in Authorization header")
        if write and role is None:
            raise Refused(401, None, "Invalid username or password.")
        if write and role != "write":
            raise Refused(403, None, "You don't have the rights to do this with this namespace")

    def seen(self, name: str, token: str | None) -> Repo:
        """The repository, for whom it is there."""
        repo = self.repos.get(name)
        if repo is not None and not (repo.private and token is None):
            return repo
        if token is None and self.tokens:
            raise Refused(401, None, "Invalid username or password.")
        raise Refused(404, "RepoNotFound", "Repository not found")

    def create(self, body: Mapping[str, Any]) -> str:
        """What POST /api/repos/create does; gives the name."""
        name = f"{body['organization']}/{body['name']}"
        if name in self.repos:
            raise Refused(409, None, "You already created this dataset repo", name=name)
        self.repos[name] = Repo(private=body.get("visibility") == "private" or bool(body.get("private")))
        return name


def entry(path: str, file: Stored | None) -> dict[str, Any]:
    """A file of a tree, or without one a folder, as the Hub tells of it."""
    if file is None:
        return {"type": "directory", "path": path, "oid": "0" * 40}
    large = {"lfs": {"oid": file.sha256, "size": len(file.data), "pointerSize": 130}} if file.large else {}
    return {"type": "file", "path": path, "size": len(file.data), "oid": file.oid, **large}


def tree(files: Mapping[str, Stored], folder: str, *, recursive: bool) -> list[dict[str, Any]]:
    """What lies in a folder, with the folders in it, or all that is beneath it."""
    start = f"{folder}/" if folder else ""
    beneath = {path: file for path, file in files.items() if path.startswith(start)}
    if folder and not beneath:
        raise Refused(404, "EntryNotFound", f"{folder} does not exist")
    depth = start.count("/") + 1
    folders = {"/".join(path.split("/")[:depth]): None for path in beneath if path.count("/") >= depth}
    here = {path: file for path, file in beneath.items() if recursive or path.count("/") < depth}
    return [entry(path, file) for path, file in {**folders, **here}.items()]

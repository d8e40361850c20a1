"""Results as a BIDS derivative: a dataset description, and tables with their columns explained.

Entities are those of a recording that follows BIDS itself; of any other the subject is called by the hash of
its recording, since a file's name can hold a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.progress import Tell, silent
from samba_gui.io.result_tables import probabilities_table, quality_table
from samba_gui.io.results import StoredResults, exported_facts
from samba_gui.io.tables import json_bytes, table_bytes
from samba_gui.io.whole_files import whole_folder

BIDS_VERSION = "1.10.0"
_RAW_NAME = re.compile(
    r"(sub-[0-9A-Za-z]+(?:_(?:ses|task|acq|run|proc|split|recording)-[0-9A-Za-z]+)*)_(?:eeg|ieeg|meg)"
)
_HASH_DIGITS = 12
_TIMES = {
    "onset": {"Description": "Start of the window, from the recording's first sample.", "Units": "s"},
    "duration": {"Description": "Length of the window.", "Units": "s"},
}
_QUALITY = {
    **_TIMES,
    "channel": {"Description": "Label of the channel in the recording."},
    "electrode": {"Description": "Name of its electrode in the montage."},
    "nrmse": {
        "Description": "Root mean square error of masked samples over the signal's own there. "
        "All channels are masked at the same instants: how unpredictable the signal is in time.",
        "Units": "1",
    },
    "skill": {
        "Description": "1 less the ratio of the squared error to that of a straight line across the gap.",
        "Units": "1",
    },
    "correlation": {"Description": "Of masked samples with their reconstruction.", "Units": "1"},
    "rmse": {"Description": "Root mean square error of masked samples.", "Units": "uV"},
    "masked_samples": {"Description": "Samples that were masked and predicted, all mask pairs together."},
}
_PROBABILITIES = {
    **_TIMES,
    "head": {"Description": "Class head of the bundle."},
    "likeliest": {"Description": "The class of the highest probability."},
    "abstains": {"Description": "Why the head says nothing of this window; n/a where it speaks."},
}


def source_name(file_name: str, results: StoredResults) -> str:
    """Entities of a recording: its own if its file's name follows BIDS, else a subject by hash."""
    digest = results.provenance.get("recording_sha256", "unknown")
    return entities_of(file_name) or f"sub-{digest[:_HASH_DIGITS]}"


def entities_of(file_name: str) -> str | None:
    """``sub-01_task-rest`` of ``sub-01_task-rest_eeg.edf``; None where a name does not follow BIDS."""
    found = _RAW_NAME.fullmatch(file_name.partition(".")[0])
    return found[1] if found else None


def write_bids(
    folder: str | Path, named: Sequence[tuple[str, StoredResults]], tell: Tell = silent
) -> list[Path]:
    """Write a derivatives dataset; what is there already stays, unless it has the same name.

    Parameters
    ----------
    folder : path-like
    named : sequence of (entities, StoredResults)
        Entities as ``"sub-01_task-rest"``, see :func:`source_name`.
    tell : callable
        Told of every recording that is written.

    Returns
    -------
    list of Path
        What was written, relative to the folder.

    Raises
    ------
    ExportError
        It cannot be written; nothing is left behind.
    """
    with whole_folder(folder) as staged:
        _put(staged / "dataset_description.json", json_bytes(_description()))
        _put(staged / "README", f"{_README}\n".encode())
        for done, (entities, results) in enumerate(named, start=1):
            place = _place(staged, entities)
            facts = exported_facts(results)
            columns, rows = quality_table(results)
            _put_table(place, f"{entities}_desc-quality_timeseries", columns, rows, _QUALITY, facts)
            columns, rows = probabilities_table(results)
            explained = _PROBABILITIES | {
                name: {"Description": f"Probability of the class “{name}”.", "Units": "1"}
                for name in columns[4:-2]
            }
            if results.start.heads:
                _put_table(
                    place, f"{entities}_desc-probabilities_timeseries", columns, rows, explained, facts
                )
            tell(done, len(named))
        return sorted(file.relative_to(staged) for file in staged.rglob("*") if file.is_file())


_README = (
    "What a SAMBA network reconstructs and says of each window of EEG recordings, by samba-gui.\n"
    f"{RESEARCH_USE_ONLY}."
)


def _description() -> dict[str, Any]:
    return {
        "Name": "Reconstruction quality and class probabilities by samba-gui",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [{"Name": "samba-gui", "Version": __version__, "Description": RESEARCH_USE_ONLY}],
    }


def _place(folder: Path, entities: str) -> Path:
    """``sub-01/ses-02/eeg``."""
    parts = [part for part in entities.split("_") if part.startswith(("sub-", "ses-"))]
    return folder.joinpath(*parts, "eeg")


def _put_table(
    place: Path,
    stem: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    explained: dict[str, Any],
    facts: dict[str, Any],
) -> None:
    """Onset and duration first, as BIDS has it, names without units; the window's number is left out."""
    names = [name.removesuffix("_s").removesuffix("_uv") for name in columns[1:]]
    _put(place / f"{stem}.tsv", table_bytes(names, (row[1:] for row in rows)))
    beside = {**{name: explained[name] for name in names if name in explained}, "provenance": facts}
    _put(place / f"{stem}.json", json_bytes(beside))


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

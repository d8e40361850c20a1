"""Real recordings from PhysioNet, fetched only when somebody asks for them.

EEG Motor Movement/Imagery Dataset v1.0.0, ODC-By 1.0, doi 10.13026/C28G6P; cite Schalk et al. 2004 and
Goldberger et al. 2000.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from samba_gui.core.errors import RecordingError

SOURCE = "PhysioNet EEG Motor Movement/Imagery Dataset, ODC-By 1.0, doi 10.13026/C28G6P"
SUBJECTS = range(1, 110)
_URL = "https://physionet.org/files/eegmmidb/1.0.0/"


@dataclass(frozen=True, slots=True)
class SampleRun:
    """One run of the dataset: its number, what was done, its length and size of the file."""

    run: int
    title: str
    duration_s: float
    megabytes: float


RUNS = (
    SampleRun(1, "rest, eyes open", 61.0, 1.3),
    SampleRun(2, "rest, eyes closed", 61.0, 1.3),
    SampleRun(4, "imagined opening and closing of the left or right fist", 125.0, 2.6),
)


def fetch_sample(subject: int, run: int, folder: Path, url: str = _URL) -> Path:
    """Fetch one run through MNE's downloader, which checks it against a known hash.

    Parameters
    ----------
    subject : int
        1 … 109.
    run : int
        1 … 14.
    folder : Path
        Where recordings are kept; a run that is already there is not fetched again.
    url : str
        Where the dataset lies.

    Returns
    -------
    Path
        The EDF+ file.

    Raises
    ------
    RecordingError
        No connection, no such run, or what came is damaged.
    """
    if subject not in SUBJECTS or run not in range(1, 15):
        raise RecordingError(
            "The dataset has no run {run} of subject {subject}.",
            "Subjects are 1 to 109, runs 1 to 14.",
            run=run,
            subject=subject,
        )
    import pooch
    from mne.datasets import eegbci

    pooch.get_logger().setLevel(logging.WARNING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (path,) = eegbci.load_data(
            subject, run, path=folder, update_path=False, base_url=url, verbose="error"
        )
    except Exception as error:  # the network fails in many ways
        raise RecordingError(
            "S{subject:03d}R{run:02d}.edf could not be fetched ({kind}).",
            "Check the connection to physionet.org and try again.",
            subject=subject,
            run=run,
            kind=type(error).__name__,
        ) from error
    return Path(path)

"""The formats that can be opened: one row each, chosen by content first and by extension second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from samba_gui.core.errors import RecordingError
from samba_gui.core.words import NOTHING, Text, wording
from samba_gui.io.source import Source

Reader = Callable[[Path], Source]


@dataclass(frozen=True)
class Format:
    """One recording format.

    Parameters
    ----------
    name : str
    extensions : tuple of str
        Lower case, with the dot.
    reader : callable
        Path to an open source; imports what it needs when it is called.
    begins : tuple of bytes
        How such a file begins; empty where that is not settled.
    sure : bool
        Whether that beginning alone tells the format, whatever the file's name.
    folder : bool
        Whether a recording is a folder.
    companions : tuple of str
        Extensions of files with the same stem that belong to the recording.
    """

    name: str
    extensions: tuple[str, ...]
    reader: Reader
    begins: tuple[bytes, ...] = ()
    sure: bool = False
    folder: bool = False
    companions: tuple[str, ...] = field(default=())


def _edf(path: Path) -> Source:
    from samba_gui.io.edf import EdfSource

    return EdfSource(path)


def _arff(path: Path) -> Source:
    from samba_gui.io.arff import ArffSource

    return ArffSource(path)


def _mne(name: str, reader: str, path: Path) -> Source:
    from samba_gui.io.mne_source import MneSource

    return MneSource(path, name, reader)


def _by_mne(name: str, extensions: str, reader: str, **row: Any) -> Format:
    return Format(name, tuple(extensions.split()), partial(_mne, name, reader), **row)


_MAT = (b"MATLAB", b"\x89HDF")

FORMATS: tuple[Format, ...] = (
    Format("EDF", (".edf", ".rec"), _edf, (b"0       ",), sure=True),
    Format("BDF", (".bdf",), _edf, (b"\xffBIOSEMI",), sure=True),
    Format("ARFF", (".arff",), _arff),
    _by_mne("GDF", ".gdf", "read_raw_gdf", begins=(b"GDF ",), sure=True),
    _by_mne(
        "BrainVision",
        ".vhdr .ahdr",
        "read_raw_brainvision",
        begins=(b"Brain Vision", b"BrainVision", b"\xef\xbb\xbfBrain"),
        sure=True,
        companions=(".eeg", ".vmrk", ".dat", ".avg"),
    ),
    _by_mne("EEGLAB", ".set", "read_raw_eeglab", begins=_MAT, companions=(".fdt",)),
    _by_mne("FIF", ".fif .fif.gz", "read_raw_fif", begins=(b"\x00\x00\x00\x64", b"\x1f\x8b")),
    _by_mne("Neuroscan", ".cnt", "read_raw_cnt", begins=(b"Version 3",)),
    _by_mne("ANT", ".cnt", "read_raw_ant", begins=(b"RIFF", b"RF64")),
    _by_mne("EGI", ".raw", "read_raw_egi"),
    _by_mne("EGI MFF", ".mff", "read_raw_egi", folder=True),
    _by_mne("Nihon Kohden", ".eeg", "read_raw_nihon", companions=(".pnt", ".log", ".21e", ".cmt")),
    _by_mne("Persyst", ".lay", "read_raw_persyst", companions=(".dat",)),
    _by_mne(
        "Curry", ".cdt .dap .rs3 .cdt.dpa", "read_raw_curry", companions=(".dat", ".cdt", ".ceo", ".cef")
    ),
    _by_mne("BCI2000", ".dat", "read_raw_bci2k", begins=(b"BCI2000V", b"HeaderLen")),
    _by_mne("Nicolet", ".data", "read_raw_nicolet", companions=(".head",)),
    _by_mne("eXimia", ".nxe", "read_raw_eximia"),
    _by_mne("NEDF", ".nedf", "read_raw_nedf"),
    _by_mne("Blackrock NSx", ".ns1 .ns2 .ns3 .ns4 .ns5 .ns6", "read_raw_nsx"),
    _by_mne("CTF", ".ds", "read_raw_ctf", folder=True),
    _by_mne("KIT", ".sqd .con", "read_raw_kit"),
    _by_mne("MEF", ".mefd", "read_raw_mef", folder=True),
    _by_mne("FieldTrip", ".mat", "read_raw_fieldtrip", begins=_MAT),
)

# Files that are part of a recording, and the one to open instead.
_PARTS = {
    ".eeg": ".vhdr",
    ".vmrk": ".vhdr",
    ".amrk": ".ahdr",
    ".fdt": ".set",
    ".head": ".data",
    ".21e": ".eeg",
}

_EYES = wording("{name} comes from an EyeLink eye tracker and holds no EEG.")
_ELSE = Text("Open the EEG recording.")
_PAGE = wording("{name} is a web page, not a recording.")
_AGAIN = Text("Download the file again.")
_FOREIGN: tuple[tuple[bytes, str, Text], ...] = (
    (
        b"version https://git-lfs",
        wording("{name} is a Git-LFS pointer, not the recording."),
        Text("Fetch the file itself: git lfs pull."),
    ),
    (
        b"/annex/objects",
        wording("{name} is a git-annex pointer, not the recording."),
        Text("Fetch the file itself: git annex get."),
    ),
    (b"SR_RESEARCH", _EYES, _ELSE),
    (b"** CONVERTED FROM", _EYES, _ELSE),
    (b"<!DOCTYPE", _PAGE, _AGAIN),
    (b"<html", _PAGE, _AGAIN),
    (b"PK\x03\x04", wording("{name} is a ZIP archive."), Text("Unpack it and open the recording inside.")),
    (
        b"XDF:",
        wording("{name} is in the XDF format, which is not supported."),
        Text("Convert it to EDF, BrainVision or FIF."),
    ),
)


def extension(path: Path) -> str:
    """The longest known extension of a name, lower case, or its last suffix."""
    name = path.name.lower()
    known = {one for row in FORMATS for one in row.extensions} | set(_PARTS)
    return max((one for one in known if name.endswith(one)), key=len, default=path.suffix.lower())


def recording_path(path: Path) -> Path:
    """The file to open when a user picked one that only belongs to a recording (``.eeg``, ``.fdt`` …)."""
    header = _PARTS.get(extension(path))
    if header is None:
        return path
    beside = path.with_suffix(header)
    return beside if beside.is_file() else path


def recordings_in(folder: Path) -> list[Path]:
    """What is named as a recording in a folder, in order; files that belong to one are not counted again."""
    known = {one for row in FORMATS for one in row.extensions}
    return [
        path for path in sorted(folder.iterdir()) if extension(path) in known and recording_path(path) == path
    ]


def choose_format(path: Path) -> tuple[Format, Text]:
    """Find the format of a file or folder.

    Parameters
    ----------
    path : Path

    Returns
    -------
    format : Format
    warning : Text
        Said where the name claims another format, else empty.

    Raises
    ------
    RecordingError
        Missing, empty, not a file, or of no known format.
    """
    named = [row for row in FORMATS if extension(path) in row.extensions]
    if path.is_dir():
        for row in named:
            if row.folder:
                return row, NOTHING
        raise RecordingError("{name} is a folder.", "Choose the recording inside it.", name=path.name)
    if not path.exists():
        raise RecordingError("There is no file {name}.", "Check its name and folder.", name=path.name)
    if not path.is_file():
        raise RecordingError("{name} is no ordinary file.", "Choose a recording.", name=path.name)
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise RecordingError("{name} is empty (0 bytes).", "Fetch the file again.", name=path.name)
    for begins, message, hint in _FOREIGN:
        if head.lower().startswith(begins.lower()):
            raise RecordingError(message, hint, name=path.name)
    for row in FORMATS:
        if row.sure and head.startswith(row.begins):
            if not named or row in named:
                return row, NOTHING
            return row, Text(
                "The file is named {ending} but is {format}; it is read as {format}.",
                ending=extension(path),
                format=row.name,
            )
    fitting = [row for row in named if not row.folder and (not row.begins or head.startswith(row.begins))]
    if fitting:
        return fitting[0], NOTHING
    if extension(path) == ".fdt":
        raise RecordingError(
            "{name}: the .set file that belongs to it is missing.", "Open the .set file.", name=path.name
        )
    if named:
        raise RecordingError(
            "{name} is not {other}, whatever its name: it begins otherwise.",
            "Fetch or export the file again.",
            name=path.name,
            other=named[0].name,
        )
    known = ", ".join(dict.fromkeys(one for row in FORMATS for one in row.extensions))
    raise RecordingError(
        "{name}: the format {ending} is not known.",
        "Known: {known}.",
        name=path.name,
        ending=path.suffix or Text("without extension"),
        known=known,
    )

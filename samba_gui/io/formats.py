"""The formats that can be opened: one row each, chosen by content first and by extension second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from samba_gui.core.errors import RecordingError
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

_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (
        b"version https://git-lfs",
        "is a Git-LFS pointer, not the recording",
        "Fetch the file itself: git lfs pull.",
    ),
    (b"/annex/objects", "is a git-annex pointer, not the recording", "Fetch the file itself: git annex get."),
    (b"SR_RESEARCH", "comes from an EyeLink eye tracker and holds no EEG", "Open the EEG recording."),
    (b"** CONVERTED FROM", "comes from an EyeLink eye tracker and holds no EEG", "Open the EEG recording."),
    (b"<!DOCTYPE", "is a web page, not a recording", "Download the file again."),
    (b"<html", "is a web page, not a recording", "Download the file again."),
    (b"PK\x03\x04", "is a ZIP archive", "Unpack it and open the recording inside."),
    (b"XDF:", "is in the XDF format, which is not supported", "Convert it to EDF, BrainVision or FIF."),
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


def choose_format(path: Path) -> tuple[Format, str]:
    """Find the format of a file or folder.

    Parameters
    ----------
    path : Path

    Returns
    -------
    format : Format
    warning : str
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
                return row, ""
        raise RecordingError(f"{path.name} is a folder.", "Choose the recording inside it.")
    if not path.exists():
        raise RecordingError(f"There is no file {path.name}.", "Check its name and folder.")
    if not path.is_file():
        raise RecordingError(f"{path.name} is no ordinary file.", "Choose a recording.")
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise RecordingError(f"{path.name} is empty (0 bytes).", "Fetch the file again.")
    for begins, what, hint in _FOREIGN:
        if head.lower().startswith(begins.lower()):
            raise RecordingError(f"{path.name} {what}.", hint)
    for row in FORMATS:
        if row.sure and head.startswith(row.begins):
            lies = bool(named) and row not in named
            return (
                row,
                f"The file is named {extension(path)} but is {row.name}; read as {row.name}." if lies else "",
            )
    fitting = [row for row in named if not row.folder and (not row.begins or head.startswith(row.begins))]
    if fitting:
        return fitting[0], ""
    if extension(path) == ".fdt":
        raise RecordingError(
            f"{path.name}: the .set file that belongs to it is missing.", "Open the .set file."
        )
    if named:
        raise RecordingError(
            f"{path.name} is not {named[0].name}, whatever its name: it begins otherwise.",
            "Fetch or export the file again.",
        )
    known = ", ".join(dict.fromkeys(one for row in FORMATS for one in row.extensions))
    raise RecordingError(
        f"{path.name}: the format {path.suffix or 'without extension'} is not known.", f"Known: {known}."
    )

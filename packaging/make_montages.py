"""Write ``montages/*.csv`` from MNE's template montages, all in MNE's head frame, in metres.

Run once by hand when a montage is added: ``python packaging/make_montages.py``. The tests compare the files
with the templates.
"""

from __future__ import annotations

import csv
from pathlib import Path

import mne
import numpy as np
from mne.channels.montage import compute_native_head_t

OUT = Path(__file__).resolve().parents[1] / "montages"
FSAVERAGE = "MNE-Python template fsaverage_1005"
FRAME = "MNE head frame: x right, y front, z up; origin between the preauricular points"

TEN_TWENTY = "Fp1 Fp2 F7 F3 Fz F4 F8 T7 C3 Cz C4 T8 P7 P3 Pz P4 P8 O1 O2"
TUH = "Fp1 Fp2 F3 F4 C3 C4 P3 P4 O1 O2 F7 F8 T3 T4 T5 T6 Fz Cz Pz"
PHYSIONET = (
    "FC5 FC3 FC1 FCz FC2 FC4 FC6 C5 C3 C1 Cz C2 C4 C6 CP5 CP3 CP1 CPz CP2 CP4 CP6 Fp1 Fpz Fp2 "
    "AF7 AF3 AFz AF4 AF8 F7 F5 F3 F1 Fz F2 F4 F6 F8 FT7 FT8 T7 T8 T9 T10 TP7 TP8 "
    "P7 P5 P3 P1 Pz P2 P4 P6 P8 PO7 PO3 POz PO4 PO8 O1 Oz O2 Iz"
)
EMOTIV = "AF3 F7 F3 FC5 T7 P7 O1 O2 P8 T8 FC6 F4 F8 AF4"
BNCI = "Fz FC3 FC1 FCz FC2 FC4 C5 C3 C1 Cz C2 C4 C6 CP3 CP1 CPz CP2 CP4 P1 Pz P2 POz"
TUAB_PAIRS = (
    "Fp1-F7 F7-T3 T3-T5 T5-O1 Fp2-F8 F8-T4 T4-T6 T6-O2 Fp1-F3 F3-C3 C3-P3 P3-O1 Fp2-F4 F4-C4 C4-P4 P4-O2"
)
AUTHORS_TEMPLATE = "colin27_1020"
OLD_NAMES = {"T3": "T7", "T4": "T8", "T5": "P7", "T6": "P8"}
EARS = ("A1", "A2", "M1", "M2")


def head_positions(template: str) -> dict[str, np.ndarray]:
    """Electrode positions of a template in MNE's head frame, metres."""
    montage = mne.channels.make_standard_montage(template)
    to_head = compute_native_head_t(montage)
    found = montage.get_positions()["ch_pos"]
    return {name: mne.transforms.apply_trans(to_head, position) for name, position in found.items()}


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Scale, rotation and shift that carry ``source`` (n, 3) to ``target`` (n, 3), least squares."""
    a, b = source - source.mean(0), target - target.mean(0)
    u, s, vt = np.linalg.svd(a.T @ b)
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ flip @ vt
    scale = float(np.trace(np.diag(s) @ flip) / np.sum(a**2))
    return scale, rotation, target.mean(0) - scale * source.mean(0) @ rotation


def ten_five() -> tuple[dict[str, np.ndarray], str]:
    """10-05 positions with ears and mastoids, and a sentence on where the latter come from.

    fsaverage_1005 lacks A1, A2, M1, M2. Colin27 has them, but its head frame is turned and shifted against
    that of fsaverage by a centimetre, so they are carried over by a fit on the shared electrodes.
    """
    positions, other = head_positions("fsaverage_1005"), head_positions("colin27_1005")
    shared = [name for name in positions if name in other]
    source = np.array([other[name] for name in shared])
    target = np.array([positions[name] for name in shared])
    apart = 1000 * np.linalg.norm(source - target, axis=1)
    scale, rotation, shift = similarity(source, target)
    left = 1000 * np.linalg.norm(scale * source @ rotation + shift - target, axis=1)
    positions |= {name: scale * other[name] @ rotation + shift for name in EARS}
    note = (
        f"{', '.join(EARS)} from colin27_1005, fitted (similarity) on {len(shared)} shared electrodes: "
        f"median {np.median(apart):.1f} mm apart before, {np.median(left):.1f} mm after "
        f"(at most {left.max():.1f} mm)"
    )
    return positions, note


def write(stem: str, name: str, source: str, rows: list[tuple[str, np.ndarray, str, str]]) -> None:
    """One CSV; ``rows`` hold name, position (3,), anode and cathode."""
    with (OUT / f"{stem}.csv").open("w", newline="", encoding="utf-8") as file:
        file.write(f"# montage: {name}\n# source: {source}\n# frame: {FRAME}\n# unit: metre\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "x_m", "y_m", "z_m", "anode", "cathode"])
        for label, position, anode, cathode in rows:
            table.writerow([label, *(f"{value + 0.0:.6f}" for value in position.round(6)), anode, cathode])


def main() -> None:
    """Write every montage."""
    OUT.mkdir(exist_ok=True)
    positions, ears = ten_five()
    find = {**positions, **{old: positions[new] for old, new in OLD_NAMES.items()}}

    def monopolar(names: str) -> list[tuple[str, np.ndarray, str, str]]:
        return [(name, find[name], name, "") for name in names.split()]

    write("10-20_19", "10-20 (19)", FSAVERAGE, monopolar(TEN_TWENTY))
    write("10-10_64", "10-10 (64)", f"{FSAVERAGE}; order of PhysioNet EEGMMIDB", monopolar(PHYSIONET))
    write("10-05", f"10-05 ({len(positions)})", f"{FSAVERAGE}; {ears}", monopolar(" ".join(positions)))
    write("emotiv_14", "Emotiv EPOC (14)", FSAVERAGE, monopolar(EMOTIV))
    write("bnci_22", "BNCI 2014-001 (22)", FSAVERAGE, monopolar(BNCI))
    write("tuh_19", "TUH/TUAB (19)", f"{FSAVERAGE}; 10-20 under its old names", monopolar(TUH))
    pairs = [(pair, *pair.split("-")) for pair in TUAB_PAIRS.split()]
    write(
        "tuab_16_bipolar",
        "TUAB bipolar (16)",
        f"{FSAVERAGE}; midpoints of anode and cathode",
        [(name, (find[plus] + find[minus]) / 2, plus, minus) for name, plus, minus in pairs],
    )
    own = [(f"biosemi_{n}", f"BioSemi ({n})", f"biosemi{n}") for n in (32, 64, 128)]
    for stem, name, template in [*own, ("egi_128", "EGI HydroCel (128)", "GSN-HydroCel-128")]:
        found = head_positions(template)
        source = (
            f"MNE-Python template {template} (spherical)"
            if "bio" in stem
            else f"MNE-Python template {template}"
        )
        write(stem, name, source, [(label, found[label], label, "") for label in found])
    # the target of the public SAMBA checkpoints: 94 names at 90 places, T7 and T3 among those that share one
    found = head_positions(AUTHORS_TEMPLATE)
    write(
        "authors_1020_94",
        "standard_1020",
        f"MNE-Python template {AUTHORS_TEMPLATE}, the target of the public SAMBA checkpoints",
        [(label, found[label], label, "") for label in found],
    )


if __name__ == "__main__":
    main()

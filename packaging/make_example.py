"""Make the recording that ships: simulated, deterministic, two minutes of eyes open and closed.

Dipoles in a spherical head (MNE's own model, no download) make alpha, mu, background, blinks and the heart's
field at the 19 electrodes of the 10-20 system; line noise, drift and sensor noise are added per channel.
Run by hand: ``python packaging/make_example.py``.
"""

from __future__ import annotations

import mne
import numpy as np
from edf_writer import Signal, write_edf_plus

from samba_gui.core.places import example_recording_path
from samba_gui.io.montages import montage_by_id, ten_five_positions

RATE_HZ = 256
BLOCK_S = 30
BLOCKS = ("eyes open", "eyes closed", "eyes open", "eyes closed")
N = RATE_HZ * BLOCK_S * len(BLOCKS)
SEED = 20240219

LABELS = montage_by_id("10-20_19").labels
ELECTRODES = (*LABELS, "A1", "A2")
CENTRE_M = np.array([0.0, 0.014, 0.041])
CORTEX = 0.75  # depth of cortical sources, as a share of the head's radius
# Old names, as clinical systems write them.
FILE_NAMES = {"T7": "T3", "T8": "T4", "P7": "T5", "P8": "T6"}


def lead_field(positions_m: np.ndarray, orientations: np.ndarray) -> np.ndarray:
    """Potential of unit dipoles against linked ears.

    Parameters
    ----------
    positions_m, orientations : ndarray (n_dipoles, 3)
        Head frame.

    Returns
    -------
    ndarray (19, n_dipoles)
    """
    where = ten_five_positions()
    info = mne.create_info(list(ELECTRODES), RATE_HZ, "eeg")
    info.set_montage(
        mne.channels.make_dig_montage({name: where[name] for name in ELECTRODES}, coord_frame="head")
    )
    radius = np.linalg.norm([where[name] - CENTRE_M for name in LABELS], axis=1).mean()
    sphere = mne.make_sphere_model(CENTRE_M, radius, info, verbose="error")
    grid = {"rr": positions_m, "nn": orientations}
    source = mne.setup_volume_source_space(pos=grid, sphere=sphere, mindist=0, verbose="error")
    forward = mne.make_forward_solution(
        info, None, source, sphere, meg=False, eeg=True, mindist=0, n_jobs=1, verbose="error"
    )
    field = mne.convert_forward_solution(forward, force_fixed=True, verbose="error")["sol"]["data"]
    return field[: len(LABELS)] - field[len(LABELS) :].mean(axis=0)


def below(direction: np.ndarray, share: float = CORTEX) -> np.ndarray:
    """Points under the scalp in the given directions from the head's centre, (…, 3)."""
    unit = direction / np.linalg.norm(direction, axis=-1, keepdims=True)
    return CENTRE_M + share * 0.095 * unit


def coloured(rng: np.random.Generator, n_signals: int, gain: np.ndarray) -> np.ndarray:
    """Noise of unit variance with the given amplitude spectrum ``gain`` (N // 2 + 1,); (n_signals, N)."""
    shape = (n_signals, N // 2 + 1)
    spectrum = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) * gain
    signal = np.fft.irfft(spectrum, N)
    return signal / signal.std(axis=1, keepdims=True)


def spectra() -> dict[str, np.ndarray]:
    """Amplitude spectra of the ingredients."""
    f = np.fft.rfftfreq(N, 1 / RATE_HZ)
    return {
        # power falls as 1/f^1.4 above 1 Hz
        "background": np.where(f > 0.3, np.maximum(f, 1.0) ** -0.7, 0.0),
        "alpha": np.exp(-0.5 * ((f - 10.0) / 0.7) ** 2),
        "mu": np.exp(-0.5 * ((f - 11.0) / 0.6) ** 2) + 0.35 * np.exp(-0.5 * ((f - 22.0) / 1.2) ** 2),
        "slow": np.where((f > 0) & (f < 0.3), 1.0, 0.0),
        "muscle": np.where(f > 20, np.exp(-0.5 * ((f - 60) / 35) ** 2), 0.0),
    }


def eyes_closed() -> np.ndarray:
    """0 where the eyes are open, 1 where they are closed, with half a second between; (N,)."""
    state = np.repeat([float(block == "eyes closed") for block in BLOCKS], RATE_HZ * BLOCK_S)
    edge = np.hanning(RATE_HZ // 2)
    return np.convolve(np.pad(state, len(edge), mode="edge"), edge / edge.sum(), "same")[
        len(edge) : -len(edge)
    ]


def blink_course(rng: np.random.Generator) -> np.ndarray:
    """Eyelid potential, peak about 1, only while the eyes are open; (N,)."""
    course = np.zeros(N)
    for block, state in enumerate(BLOCKS):
        at = block * BLOCK_S + rng.uniform(1.0, 3.0)
        while state == "eyes open" and at < (block + 1) * BLOCK_S - 1:
            t = np.arange(N) / RATE_HZ - at
            rise, fall = rng.uniform(0.055, 0.07), rng.uniform(0.09, 0.13)
            course += rng.uniform(0.75, 1.2) * np.exp(-0.5 * (t / np.where(t < 0, rise, fall)) ** 2)
            at += rng.uniform(2.5, 6.5)
    return course


def heart_course(rng: np.random.Generator) -> np.ndarray:
    """One-lead electrocardiogram, R wave about 1; (N,)."""
    t = np.arange(N) / RATE_HZ
    course = np.zeros(N)
    waves = (
        (-0.17, 0.12, 0.022),
        (-0.028, -0.12, 0.009),
        (0, 1, 0.011),
        (0.03, -0.22, 0.011),
        (0.24, 0.3, 0.045),
    )
    beat = 0.4
    while beat < t[-1]:
        for delay, height, width in waves:
            course += height * np.exp(-0.5 * ((t - beat - delay) / width) ** 2)
        beat += 0.92 + 0.05 * np.sin(2 * np.pi * 0.25 * beat) + 0.02 * rng.standard_normal()
    return course


def scaled(field: np.ndarray, courses: np.ndarray, electrode: str, amp_uv: float) -> np.ndarray:
    """Field times courses, such that their sum has the standard deviation ``amp_uv`` at one electrode."""
    signal = field @ courses
    return signal * (amp_uv / signal[LABELS.index(electrode)].std())


def background(rng: np.random.Generator, gain: np.ndarray) -> np.ndarray:
    """Many cortical dipoles of any direction; (19, N) in µV, about 10 µV at Cz."""
    direction = rng.standard_normal((400, 3))
    direction = direction[direction[:, 2] > -0.05 * np.linalg.norm(direction, axis=1)]
    normal = rng.standard_normal(direction.shape)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    return scaled(lead_field(below(direction), normal), coloured(rng, len(direction), gain), "Cz", 9.0)


def rhythm(
    rng: np.random.Generator, sites: tuple[str, ...], gain: np.ndarray, envelope: np.ndarray
) -> np.ndarray:
    """Radial dipoles under some electrodes, half in common, half their own; (19, N), scale arbitrary."""
    direction = np.array([ten_five_positions()[site] for site in sites]) - CENTRE_M
    unit = direction / np.linalg.norm(direction, axis=1, keepdims=True)
    common = coloured(rng, 1, gain)
    courses = (np.sqrt(0.6) * common + np.sqrt(0.4) * coloured(rng, len(sites), gain)) * envelope
    return lead_field(below(direction), unit) @ courses


def main() -> None:
    """Write the recording."""
    rng = np.random.default_rng(SEED)
    shape, closed = spectra(), eyes_closed()
    t = np.arange(N) / RATE_HZ

    eeg = background(rng, shape["background"])
    # Alpha waxes and wanes; with open eyes a fifth remains.
    bursts = 0.35 + 0.65 * np.clip(1 + 0.8 * coloured(rng, 1, shape["slow"])[0], 0, 2)
    alpha = rhythm(rng, ("O1", "O2", "POz", "PO7", "PO8", "P3", "P4"), shape["alpha"], bursts)
    alpha *= 24.0 / alpha[LABELS.index("O1"), closed > 0.99].std()
    eeg += alpha * (0.2 + 0.8 * closed)
    mu = rhythm(rng, ("C3", "C4"), shape["mu"], np.ones(N))
    eeg += mu * (4.0 / mu[LABELS.index("C3")].std())

    lids = blink_course(rng)
    eyes = np.array([[0.34, 0.88, -0.22], [-0.34, 0.88, -0.22]])
    upward = np.array([[0.0, 0.94, 0.34]] * 2)
    blink = lead_field(below(eyes, 0.9), upward).sum(axis=1)
    eeg += np.outer(blink / blink[LABELS.index("Fp1")], 130.0 * lids)

    heart = heart_course(rng)
    chest = lead_field(below(np.array([[0.1, 0.0, -1.0]]), 0.8), np.array([[0.6, 0.2, 0.77]]))[:, 0]
    eeg += np.outer(chest / np.abs(chest).max(), 4.0 * heart)

    line = np.sin(2 * np.pi * 50 * t + rng.uniform(0, 2 * np.pi))
    eeg += rng.uniform(0.8, 3.0, (len(LABELS), 1)) * line
    eeg += 6.0 * rng.uniform(0.3, 1.5, (len(LABELS), 1)) * coloured(rng, len(LABELS), shape["slow"])
    muscle = np.array([2.5 if name in ("T7", "T8", "F7", "F8") else 0.5 for name in LABELS])
    eeg += muscle[:, None] * coloured(rng, len(LABELS), shape["muscle"])
    eeg += 0.6 * rng.standard_normal(eeg.shape)

    ecg = 1100.0 * heart + 12 * line + 40 * coloured(rng, 1, shape["slow"])[0]
    eog = 320.0 * lids + 25 * coloured(rng, 1, shape["slow"])[0] * (1 - 0.5 * closed)
    eog += 0.6 * eeg[LABELS.index("Fp1")] - 0.6 * 130 * lids + 2 * rng.standard_normal(N)

    names = [FILE_NAMES.get(name, name) for name in LABELS]
    signals = [
        Signal(f"EEG {name}-REF", samples, 3200.0, "uV", "simulated electrode", "none")
        for name, samples in zip(names, eeg, strict=True)
    ]
    signals.append(Signal("EOG Left-REF", eog, 3200.0, "uV", "simulated electrode", "none"))
    signals.append(Signal("ECG ECG", ecg, 6400.0, "uV", "simulated electrode", "none"))
    spans = [(float(i * BLOCK_S), float(BLOCK_S), name) for i, name in enumerate(BLOCKS)]
    path = example_recording_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_edf_plus(path, signals, RATE_HZ, spans, "X X samba-gui_simulated")


if __name__ == "__main__":
    main()

"""The submenu File ▸ Export: whatever has a verb on the command line, and two pictures of the window."""

from __future__ import annotations

from samba_gui.ui.actions.conditions import has_annotations, has_bundle, has_map, has_recording, has_results
from samba_gui.ui.actions.rows import ActionRow

MENU = "File/E&xport"

ACTIONS = (
    ActionRow(
        "export.weights_film",
        "Film of the &weights over training…",
        MENU,
        "The learned electrode weights over training epochs (GIF, MP4)",
        ("Ctrl+G",),
        has_bundle,
    ),
    ActionRow(
        "export.turning_film",
        "Film of the &turning head…",
        MENU,
        "The learned electrode weights on a head that turns once (GIF, MP4)",
        (),
        has_bundle,
    ),
    ActionRow(
        "export.quality_film",
        "Film of the &quality over time…",
        MENU,
        "Reconstruction quality of every window on the head (GIF, MP4)",
        (),
        has_results,
    ),
    ActionRow(
        "export.figure",
        "&Figure for print…",
        MENU,
        "The weights at a journal's width and resolution (PDF, SVG, PNG)",
        (),
        has_bundle,
        line=True,
    ),
    ActionRow(
        "export.map_figure",
        "Figure of the &map…",
        MENU,
        "All windows in two dimensions of the network's features, for print (PDF, SVG, PNG)",
        (),
        has_map,
    ),
    ActionRow(
        "export.head",
        "Picture of the &head…",
        MENU,
        "The head as it is shown (PNG)",
        ("Ctrl+H",),
        has_bundle,
    ),
    ActionRow(
        "export.window",
        "Picture of the w&indow…",
        MENU,
        "The whole window (PNG)",
        ("Ctrl+P",),
        has_recording,
    ),
    ActionRow(
        "export.weights_table",
        "Ta&ble of the weights…",
        MENU,
        "The weight of every electrode, beside those of untrained networks (CSV, TSV)",
        (),
        has_results,
        line=True,
    ),
    ActionRow(
        "export.quality_table",
        "Table of the q&uality…",
        MENU,
        "Reconstruction quality of every window and channel (CSV, TSV)",
        (),
        has_results,
    ),
    ActionRow(
        "export.probabilities_table",
        "Table of the &probabilities…",
        MENU,
        "Class probabilities of every window, or why a head abstains (CSV, TSV)",
        (),
        has_results,
    ),
    ActionRow(
        "export.map_table",
        "Table of the map (&coordinates)…",
        MENU,
        "Where each window lies along principal components and in t-SNE (CSV, TSV)",
        (),
        has_map,
    ),
    ActionRow(
        "export.annotations",
        "&Annotations…",
        MENU,
        "The annotations as they are now (CSV, BIDS TSV)",
        (),
        has_annotations,
    ),
    ActionRow(
        "export.report",
        "&Report of this recording…",
        MENU,
        "Quality, classes and weights on one page (HTML)",
        (),
        has_results,
        line=True,
    ),
    ActionRow(
        "export.folder_report",
        "Report of a fo&lder…",
        MENU,
        "All results files of a folder on one page (HTML)",
        (),
        has_bundle,
    ),
    ActionRow(
        "export.bids",
        "BI&DS derivatives…",
        MENU,
        "Quality and probabilities as a BIDS dataset (TSV with JSON)",
        (),
        has_results,
    ),
)

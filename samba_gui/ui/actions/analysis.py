"""The Analysis menu."""

from __future__ import annotations

from samba_gui.ui.actions.conditions import can_analyse, has_analysis_job, has_bundle, has_recording
from samba_gui.ui.actions.rows import ActionRow

ACTIONS = (
    ActionRow(
        "analysis.run",
        "&Analyse",
        "Analysis",
        "Analyse the recording, anew where that is done; go on with what was cancelled",
        ("F5",),
        can_analyse,
    ),
    ActionRow(
        "analysis.cancel",
        "&Cancel",
        "Analysis",
        "End the running analysis; what is done stays",
        ("Esc",),
        lambda s: s.analysis.busy,
    ),
    ActionRow(
        "analysis.load_montage",
        "Load &montage file…",
        "Analysis",
        "Use electrode positions from a file",
        ("Ctrl+M",),
        has_recording,
        line=True,
    ),
    ActionRow(
        "analysis.compare_montages",
        "Com&pare montages…",
        "Analysis",
        "Two to four montages, or the same without some electrodes, side by side on this recording",
        (),
        can_analyse,
    ),
    ActionRow(
        "analysis.rank_electrodes",
        "Ran&k electrodes by leaving each out…",
        "Analysis",
        "A table of what the model loses without each electrode, with intervals; made in the background",
        (),
        can_analyse,
    ),
    ActionRow(
        "analysis.leave_out",
        "&Leave selected electrode out",
        "Analysis/What if",
        "See what the model says without it (removed, not zeroed), or put it back; Shift+click on the head",
        ("X",),
        lambda s: can_analyse(s) and bool(s.selection.electrode),
    ),
    ActionRow(
        "analysis.put_all_back",
        "Put all &back",
        "Analysis/What if",
        "Give the model all electrodes again",
        ("Shift+X",),
        lambda s: s.document is not None and bool(s.document.left_out),
    ),
    ActionRow(
        "analysis.learn_head",
        "&Train a head on annotations…",
        "Analysis/Learn",
        "Teach the model two or more classes with the annotations of this recording, judged on held-out time",
        (),
        has_analysis_job,
    ),
    ActionRow(
        "analysis.finetune",
        "&Fine-tune on recordings…",
        "Analysis/Learn",
        "Train the electrode embedding, or the whole model, by masked reconstruction on your recordings",
        (),
        has_bundle,
    ),
    ActionRow("analysis.load_bundle", "Open model &bundle…", "Analysis", "Use another model", ("Ctrl+B",)),
    ActionRow(
        "analysis.default_bundle",
        "Use the bundle &that ships",
        "Analysis",
        "Go back to the model that comes with the program",
    ),
    ActionRow("analysis.options", "&Settings…", "Analysis", "Mask pairs, seed and device", ("Ctrl+,",)),
)

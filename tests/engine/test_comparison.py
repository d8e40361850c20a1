"""One recording under several montages: the right electrodes, the right figures, the right agreement."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from analysis_fixtures import Setting

from samba_gui.core.errors import MontageError, RecipeError
from samba_gui.engine.comparison import (
    Outcome,
    agreement,
    quality_figures,
    run_variants,
    skill_gained,
    variant_of,
    variants_of,
    without,
)
from samba_gui.engine.headless import Order
from samba_gui.engine.leave_one_out import rank_electrodes, ranking_table
from samba_gui.io.montage_csv import own_csv
from samba_gui.io.montages import montage_by_id


@pytest.fixture(scope="module")
def outcomes(short_setting: Setting, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    info = short_setting.info
    order = Order(short_setting.bundle_dir, short_setting.config.key, device="cpu", seed=3)
    variants = variants_of(info, ["auto", "cut:emotiv_14"], ["Fp1,O2"])
    return run_variants(info, variants, tmp_path_factory.mktemp("compare"), order)


def test_the_ways_to_name_a_montage(short_setting: Setting, tmp_path: Path) -> None:
    info = short_setting.info
    assert variant_of(info, "auto").name == "10-20 (19)"
    assert len(variant_of(info, "10-10_64").match.montage) == 19
    cut = variant_of(info, "cut:emotiv_14")
    assert cut.match.montage.labels == ("F7", "F3", "F4", "F8", "T7", "T8", "P7", "P8", "O1", "O2")
    template = montage_by_id("10-20_19")
    assert cut.match.montage.positions_m[1] == pytest.approx(
        template.positions_m[template.labels.index("F3")]
    )
    named = variant_of(info, "cut:C3,c4,T3,O1,Pz")
    assert set(named.match.montage.labels) == {"C3", "C4", "T7", "O1", "Pz"}
    file = tmp_path / "own cap.csv"
    file.write_text(own_csv(template), encoding="utf-8")
    own = variant_of(info, str(file))
    assert (own.name, own.slug) == ("own cap.csv", "own-cap-csv")
    labels = [info.channels[i].label for i in cut.match.channel_indices]
    assert labels[:2] == ["EEG F7", "EEG F3"]


def test_electrodes_are_removed(short_setting: Setting) -> None:
    whole = variant_of(short_setting.info, "auto")
    less = without(whole, ["fp1", "T3"])
    assert len(less.match.montage) == 17
    assert not {"Fp1", "T7"} & set(less.match.montage.labels)
    assert len(less.match.channel_indices) == 17
    assert less.match.unmatched == whole.match.unmatched


@pytest.mark.parametrize(
    ("montages", "drops", "error"),
    [
        (["auto"], [], "1 montages to compare"),
        (["auto", "10-20_19", "10-20_19"], [], "given twice"),
        (["auto"], ["Fp1", "Fp2", "F7", "F8"], "5 montages to compare"),
        (["auto"], ["Q9"], "has no electrode Q9"),
        (["auto", "cut:egi_128"], [], "none of the electrodes"),
        (["auto", "nothing"], [], "no montage nothing"),
    ],
)
def test_what_cannot_be_compared(
    short_setting: Setting, montages: list[str], drops: list[str], error: str
) -> None:
    with pytest.raises((MontageError, RecipeError), match=error):
        variants_of(short_setting.info, montages, drops)


def test_quality_of_shared_electrodes_against_a_plain_median(outcomes: list[Outcome]) -> None:
    results = outcomes[0].results
    rows = [results.start.recipe.labels.index(label) for label in ("EEG O1", "EEG C3")]
    sums = results.batch.sums
    error = sums.error.astype(float).sum(axis=(1, 3))[:, rows]
    line = sums.line_error.astype(float).sum(axis=(1, 3))[:, rows]
    found = quality_figures(results, ("EEG O1", "EEG C3"))["skill"]
    assert found.median == pytest.approx(np.median(1 - error / line))
    assert found.low <= found.median <= found.high
    everything = quality_figures(results)
    assert everything["correlation"].median == pytest.approx(
        outcomes[0].summary.facts["median_quality"]["correlation"]
    )


def test_agreement_is_whole_with_itself(outcomes: list[Outcome]) -> None:
    for found in agreement(outcomes[0].results, outcomes[0].results).values():
        assert (found.same_class, found.difference) == (1.0, 0.0)
        assert found.windows == 5  # the sixth is too short: the head abstains
    (found,) = agreement(outcomes[0].results, outcomes[1].results).values()
    p, q = (o.results.batch.probabilities["random"][:5].astype(float) for o in outcomes[:2])
    assert found.difference == pytest.approx(np.abs(p - q).max(axis=1).mean(), rel=1e-4)  # two classes


def test_skill_gained_is_the_median_of_the_windows_own_differences(outcomes: list[Outcome]) -> None:
    labels = ("EEG O1", "EEG F3", "EEG F4")
    one, other = (outcome.results for outcome in outcomes[:2])
    skills = []
    for results in (one, other):
        rows = [results.start.recipe.labels.index(label) for label in labels]
        sums = results.batch.sums
        error, line = (
            values.astype(float).sum(axis=(1, 3))[:, rows] for values in (sums.error, sums.line_error)
        )
        skills.append(1 - error / line)
    found = skill_gained(one, other, labels)
    assert found.median == pytest.approx(np.median(np.median(skills[1] - skills[0], axis=1)), abs=1e-5)
    assert found.low <= found.median <= found.high
    itself = skill_gained(one, one, labels)
    assert (itself.median, itself.low, itself.high) == (0.0, 0.0, 0.0)
    for one_head in agreement(one, other).values():
        assert one_head.same_class_low <= one_head.same_class <= one_head.same_class_high
        assert one_head.difference_low <= one_head.difference <= one_head.difference_high


def test_the_same_montage_gives_the_same_results(outcomes: list[Outcome], short_setting: Setting) -> None:
    assert outcomes[0].results.start.recipe.key == short_setting.recipe.key or (
        outcomes[0].results.start.recipe.labels == short_setting.recipe.labels
    )
    assert [len(o.results.start.recipe.labels) for o in outcomes] == [19, 10, 17]


def test_leaving_out_agrees_with_analysing_without(short_setting: Setting, tmp_path: Path) -> None:
    info = short_setting.info
    order = Order(short_setting.bundle_dir, short_setting.config.key, device="cpu", seed=3)
    base = variant_of(info, "cut:Fp1,C3,C4,Pz,O1,O2,F3,F4,P3")
    seen: list[int] = []
    ranking = rank_electrodes(info, base, order, progress=lambda done, total: seen.append(done))
    assert seen == list(range(1, 10))
    assert {row.electrode for row in ranking.rows} == set(base.match.montage.labels)
    assert ranking.windows == 5
    # the same, by whole analyses of the two montages
    with_it, without_it = run_variants(info, [base, without(base, ["O1"])], tmp_path, order)
    labels = without_it.results.start.recipe.labels
    rows = [with_it.results.start.recipe.labels.index(label) for label in labels]
    a = with_it.results.batch.sums.over(1, 3).correlation()[:5, rows]
    b = without_it.results.batch.sums.over(1, 3).correlation()[:5]
    row = next(row for row in ranking.rows if row.electrode == "O1")
    assert row.quality_lost.mean == pytest.approx(np.median(a - b, axis=1).mean(), abs=1e-5)
    assert row.quality_lost.low <= row.quality_lost.mean <= row.quality_lost.high
    by = [row.class_change[ranking.by].mean if ranking.by != "quality" else row.quality_lost.mean
          for row in ranking.rows]  # fmt: skip
    assert by == sorted(by, reverse=True)
    columns, table, provenance = ranking_table(ranking, info, base, order)
    assert len(table) == 9
    assert all(len(line) == len(columns) for line in table)
    assert provenance["windows"] == 5


def test_four_electrodes_cannot_spare_one(short_setting: Setting) -> None:
    order = Order(short_setting.bundle_dir, short_setting.config.key, device="cpu")
    base = variant_of(short_setting.info, "cut:C3,C4,O1,O2")
    with pytest.raises(RecipeError, match="none can be left out"):
        rank_electrodes(short_setting.info, base, order)

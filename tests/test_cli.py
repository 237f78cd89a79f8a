import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spatial import cli, previewing
from spatial.domain.findings import Finding, Severity
from spatial.serve.app import Service
from spatial.serve.process.operation import Audience, Operation
from spatial.settings import Settings
from spatial.store.snapshot import open_snapshot
from tests.compute.divided import divided_snapshot
from tests.compute.ranked import ranked_snapshot
from tests.miniland import miniland_snapshot

type Serving = tuple[Service, dict[str, Any]]
type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command as a shell would, on the store in ``tmp_path``."""
    monkeypatch.setenv("SPATIAL_DATA", str(tmp_path))

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["spatial", *words])
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_without_a_snapshot_one_line_says_what_to_do(run: Run) -> None:
    code, out, err = run("info")

    assert (code, out) == (1, "")
    assert err.startswith("error: no snapshot in ")
    assert err.endswith("run 'spatial build' first\n")


def test_info_lists_collections_and_sources(run: Run, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)

    code, out, _ = run("info")

    assert code == 0
    assert "ouderen-gemeente" in out
    assert "Miniland, voorbeeldcijfers (voorbeeldcijfers; EUPL-1.2)" in out


def test_check_finds_a_changed_file(run: Run, tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)
    assert run("check")[0] == 0

    (snapshot.path / "kaart" / "index.html").write_text("changed")
    code, _, err = run("check")

    assert code == 1
    assert "is not whole, these files differ: kaart/index.html" in err


def test_a_wrong_setting_is_wrong_use(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPATIAL_PORT", "veel")

    code, _, err = run("info")

    assert code == 2
    assert "SPATIAL_PORT must be a port number" in err


def test_an_unknown_command_is_wrong_use(run: Run) -> None:
    assert run("bouw")[0] == 2


def test_build_if_missing_leaves_what_is_there(run: Run, tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)

    assert run("build", "--if-missing") == (0, "", "")
    assert open_snapshot(tmp_path).id == snapshot.id


def test_build_from_an_empty_mirror_names_what_is_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()

    code, _, err = run("build", "--mirror", str(tmp_path / "leeg"))

    assert code == 1
    assert "gemeente_gegeneraliseerd_2016.geojson" in err


def test_of_each_rule_the_first_finding_is_told_and_the_others_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = [Finding(Severity.WARNING, "a", str(number), "rule", "odd") for number in range(3)]
    quiet = Finding(Severity.INFO, "a", "", "other", "fine")

    cli._tell([*found, quiet])

    assert capsys.readouterr().err == (
        "warning: a 0: odd [rule] (and 2 more in bevindingen.json of the snapshot)\n"
    )


def test_export_writes_the_crosswalk_to_the_screen_or_a_file(run: Run, tmp_path: Path) -> None:
    words = ("export", "crosswalk", "--from", "2020", "--to", "2021")

    code, out, _ = run(*words)
    run(*words, "--out", str(tmp_path / "weg.csv"))

    assert code == 0
    assert out.startswith("van_indeling,naar_indeling,van_code,naar_code,aandeel")
    assert (tmp_path / "weg.csv").read_text("utf-8") == out


def test_export_writes_layers_and_styles_for_qgis(run: Run, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)
    pack, style = tmp_path / "kaart.gpkg", tmp_path / "stijl.qml"

    code, said, _ = run("export", "gpkg", "--out", str(pack), "--collection", "ouderen-gemeente")
    styled, _, _ = run("export", "style", "ouderen-gemeente", "personen", "--out", str(style))
    refused, _, err = run("export", "gpkg", "--out", str(pack), "--collection", "geen")

    assert (code, styled, refused) == (0, 0, 2)
    assert "kaart.gpkg: " in said
    assert style.read_text(encoding="utf-8").startswith("<!DOCTYPE qgis")
    assert "no layers geen" in err


def test_export_writes_the_files_as_a_stac_catalogue(run: Run, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)
    out = tmp_path / "stac"

    code, said, _ = run("export", "stac", "--out", str(out), "--english")
    again, _, err = run("export", "stac", "--out", str(out))

    assert code == 0
    assert re.fullmatch(r".+stac: 7 items, 21 files, \d+ MB\n", said)
    assert (
        json.loads((out / "catalog.json").read_text("utf-8"))["title"] == "Focus groups on the map"
    )
    assert again == 1
    assert err.endswith("is not empty: name a new folder for the catalogue\n")


def test_progress_ends_with_what_the_work_gave(capsys: pytest.CaptureFixture[str]) -> None:
    def work(step: Callable[[str, float], None]) -> str:
        step("half", 0.5)
        return "done"

    assert cli._with_progress(work) == "done"
    assert capsys.readouterr().out == ""


def test_config_finds_drift_and_mends_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: Settings
) -> None:
    miniland_snapshot(tmp_path)
    copy = tmp_path / "config.yml"
    copy.write_text(example.config.read_text("utf-8"), "utf-8")
    monkeypatch.setenv("SPATIAL_CONFIG", str(copy))

    before, _, err = run("config")
    run("config", "--write")
    after, _, _ = run("config")

    assert (before, after) == (1, 0)
    assert "is not what the catalogue says" in err


def test_preview_writes_one_map(
    run: Run, example: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(previewing, "read_settings", lambda _environment: example)
    words = ("preview", "--collection", "ouderen-provincie", "--indicator", "aandeelKoop")

    code, out, _ = run(*words, "--out", str(tmp_path / "kaart.html"))

    assert code == 0
    assert "kaart.html" in out
    assert "Voorbeeldcijfers" in (tmp_path / "kaart.html").read_text("utf-8")


def test_preview_of_several_indicators_is_one_page_to_choose_in(
    run: Run, example: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(previewing, "read_settings", lambda _environment: example)
    words = ("preview", "--collection", "ouderen-provincie", "--indicator", "aandeelKoop")
    out = ("--indicator", "personen", "--out", str(tmp_path / "kaart.html"))

    one, _, _ = run(*words, *out)
    two, _, err = run(*words, *out, "--difference")

    assert (one, two) == (0, 1)
    assert "is of one indicator" in err.replace("\n", " ")
    assert ">Aantal personen</option>" in (tmp_path / "kaart.html").read_text("utf-8")


def test_preview_writes_another_look_of_a_map_and_a_picture_of_it(
    run: Run, example: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(previewing, "read_settings", lambda _environment: example)
    words = ["preview", "--collection", "ouderen-provincie", "--indicator", "aandeelKoop"]
    groups = ["--against", "studenten-provincie", "--swipe", "--base", "grijs", "--rd"]
    page, picture = tmp_path / "kaart.html", tmp_path / "kaart.svg"

    codes = [
        run(*words, *groups, "--out", str(page))[0],
        run(*words, "--multiples", "--out", str(picture))[0],
        run(*words, "--base", "luchtfoto", "--out", str(page))[0],
    ]

    assert codes == [0, 0, 1]
    assert "/wmts/v2_0/grijs/EPSG:28992/" in page.read_text("utf-8")
    assert "1 januari 2018" in picture.read_text("utf-8")


def test_preview_of_three_days_is_refused(
    run: Run, example: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(previewing, "read_settings", lambda _environment: example)
    words = ["preview", "--collection", "ouderen-provincie", "--indicator", "aandeelKoop"]
    for day in ("2018-01-01", "2019-01-01", "2020-01-01"):
        words += ["--peilmoment", day]

    code, _, err = run(*words, "--out", str(tmp_path / "kaart.html"))

    assert code == 1
    assert "side by side shows two" in err.replace("\n", " ")


def test_preview_of_a_difference_needs_two_days_or_two_groups(
    run: Run, example: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(previewing, "read_settings", lambda _environment: example)
    words = ("preview", "--difference", "--indicator", "aandeelKoop")
    groups = ("--collection", "ouderen-provincie", "--against", "studenten-provincie")

    one, _, err = run(*words, *groups[:2], "--out", str(tmp_path / "kaart.html"))
    two, _, _ = run(*words, *groups, "--out", str(tmp_path / "kaart.html"))

    assert (one, two) == (1, 0)
    assert "two different peilmomenten" in err.replace("\n", " ")
    assert "Ouderen min studenten" in (tmp_path / "kaart.html").read_text("utf-8")


def test_preview_writes_the_profile_of_a_region_instead_of_a_map(run: Run, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)
    out = ("--out", str(tmp_path / "profiel.html"))

    both, _, _ = run("preview", "--profile", "GM0002", *out)
    neither, _, err = run("preview", *out)

    assert (both, neither) == (0, 2)
    assert "--collection (and --indicator), or --profile" in err.replace("\n", " ")
    text = (tmp_path / "profiel.html").read_text("utf-8")
    assert "is per 1 januari 2022 deel van Hoekdal (GM0010)." in text


def test_serve_prints_the_addresses_and_serves_what_the_snapshot_holds(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    miniland_snapshot(tmp_path)
    served: list[Serving] = []
    _catch(monkeypatch, served)

    code, out, _ = run("serve", "--port", "5055")

    assert code == 0
    assert "http://127.0.0.1:5055/v1/kaart/" in out
    assert "http://127.0.0.1:5055/v1/collections/ouderen-gemeente/items?datetime=" in out
    service, place = served[0]
    assert (place["host"], place["port"]) == ("127.0.0.1", 5055)
    assert service.data == tmp_path


def test_serve_hands_down_how_it_runs(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    miniland_snapshot(tmp_path)
    served: list[Serving] = []
    _catch(monkeypatch, served)
    monkeypatch.setenv("SPATIAL_TIMEOUT_S", "7")

    run("serve", "--workers", "3", "--access-log", "-", "--metrics", "local", "--proxy-headers")

    service, place = served[0]
    assert service.limits.timeout_s == 7
    assert place["operation"] == Operation(
        workers=3,
        access_log="-",
        metrics=Audience.LOCAL,
        trusted_proxies=("127.0.0.1",),
    )


def test_serve_writes_nothing_in_the_store(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    miniland_snapshot(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    _catch(monkeypatch, [])

    run("serve")

    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--workers", "0"), "SPATIAL_WORKERS must be a whole number from 1 to 64, not '0'"),
        (("--metrics", "everyone"), "SPATIAL_METRICS must be one of off, local, all"),
    ],
)
def test_serve_refuses_a_wrong_option_as_wrong_use(
    run: Run, words: tuple[str, ...], why: str
) -> None:
    code, _, err = run("serve", *words)

    assert code == 2
    assert why in err


def _catch(monkeypatch: pytest.MonkeyPatch, served: list[Serving]) -> None:
    """Take what would be served."""

    def run_(service: Service, **place: Any) -> None:
        served.append((service, place))

    monkeypatch.setattr("spatial.serve.process.run.run", run_)


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "spatial", "--help"], capture_output=True, text=True, check=True
    )

    assert "Aandachtsgroepen in kaart" in done.stdout


def test_an_export_to_postgis_without_its_driver_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith("spatial.export.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "psycopg", None)

    code, _, err = run("export", "postgis", "--dsn", "dbname=kaart")

    assert code == 2
    assert "pip install 'aandachtsgroepen-in-kaart[postgis]'" in err


def test_a_configuration_in_a_folder_that_is_not_there_is_refused_before_the_export(
    run: Run, tmp_path: Path
) -> None:
    code, _, err = run("export", "postgis", "--pygeoapi-config", str(tmp_path / "weg" / "c.yml"))

    assert code == 2
    assert "there is no folder" in err


def test_compare_prints_a_table_and_what_must_be_said(run: Run, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)

    code, out, err = run(
        "compare", "--code", "GM0003", "--code", "GM0004", "--indicator", "ouderen:personen",
        "--peilmoment", "2020-01-01",
    )  # fmt: skip

    assert code == 0
    assert "vergelijking" in out
    assert "Voorbeeldcijfers" in err


def test_compare_writes_a_file_in_the_form_asked(run: Run, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)
    question = ("--code", "GM0003", "--indicator", "ouderen:personen", "--peilmoment", "2020-01-01")

    run("compare", *question, "--format", "csv", "--out", str(tmp_path / "a.csv"))
    run("compare", *question, "--out", str(tmp_path / "a.txt"))
    _, out, _ = run("compare", *question, "--format", "json")

    assert (tmp_path / "a.csv").read_text().startswith('"regioCode"')
    assert "ouderen: Personen" in (tmp_path / "a.txt").read_text()
    assert '"waarde":60' in out


def test_compare_says_what_there_is(run: Run, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)

    code, _, err = run(
        "compare", "--code", "GM0003", "--indicator", "ouderen:x", "--peilmoment", "2020-01-01"
    )

    assert code == 1
    assert "there are ouderen:personen" in err


DIVIDE = ("--regio", "PV21", "--groep", "ouderen", "--peilmoment", "2020-01-01")


def test_verdeel_prints_all_keys_beside_each_other_and_what_must_be_said(
    run: Run, tmp_path: Path
) -> None:
    divided_snapshot(tmp_path)

    code, out, err = run("verdeel", *DIVIDE)

    assert code == 0
    assert "Oostland op 2020-01-01" in " ".join(out.split())
    assert "Voorbeeldcijfers" in err


def test_verdeel_writes_a_file_in_the_form_asked(run: Run, tmp_path: Path) -> None:
    divided_snapshot(tmp_path)
    question = ("verdeel", *DIVIDE, "--sleutel", "inwoners", "--sleutel", "oppervlakte")

    run(*question, "--format", "csv", "--out", str(tmp_path / "a.csv"))
    run(*question, "--out", str(tmp_path / "a.txt"))
    _, out, _ = run(*question, "--format", "json")

    assert (tmp_path / "a.csv").read_text().count("\n") == 7
    assert "Voorbeeldcijfers" in (tmp_path / "a.txt").read_text()
    assert [key["sleutel"] for key in json.loads(out)["sleutels"]] == ["inwoners", "oppervlakte"]


def test_verdeel_says_what_there_is(run: Run, tmp_path: Path) -> None:
    divided_snapshot(tmp_path)

    code, out, err = run("verdeel", *DIVIDE, "--sleutel", "bomen")

    assert (code, out) == (1, "")
    assert err.startswith("error: sleutel: no sleutel 'bomen'; there are inwoners, ")


BENCHMARK = (
    "benchmark", "--regio", "GM0003", "--indicator", "ouderen:huishoudens",
    "--peilmoment", "2020-01-01",
)  # fmt: skip


def test_benchmark_prints_a_rank_and_what_must_be_said(run: Run, tmp_path: Path) -> None:
    ranked_snapshot(tmp_path)

    code, out, err = run(*BENCHMARK)

    assert code == 0
    assert "ouderen: Huishoudens" in " ".join(out.split())
    assert "Voorbeeldcijfers" in err


def test_benchmark_writes_a_file_in_the_form_asked(run: Run, tmp_path: Path) -> None:
    ranked_snapshot(tmp_path)

    run(*BENCHMARK, "--format", "csv", "--out", str(tmp_path / "a.csv"))
    _, out, _ = run(*BENCHMARK, "--format", "json")

    assert (tmp_path / "a.csv").read_text().count("\n") == 6
    assert json.loads(out)["eigen"]["rangMax"] == 1

"""What Dockerfile and compose.yaml promise, without building anything."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
RULES, DATA = "/config/rules.yaml", "/data"


def instructions():
    """Answer the instructions of the Dockerfile, stage by stage, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    kept = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    lines = re.sub(r"\\\n\s*", "", "\n".join(kept)).splitlines()
    stages = []
    for line in lines:
        name, _, rest = line.partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, rest.strip()))
    return stages


def last_stage(name):
    return [rest for instruction, rest in instructions()[-1] if instruction == name]


def only(name):
    (rest,) = last_stage(name)
    return rest


def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def bot():
    (service,) = compose()["services"].values()
    return service


def test_two_stages_on_the_same_base():
    bases = [stage[0][1].split()[0] for stage in instructions()]

    assert bases == ["python:3.11-slim"] * 2


def test_the_build_takes_what_is_locked_and_nothing_else():
    (install,) = [
        rest for name, rest in instructions()[0] if name == "RUN" and "pip" in rest.split()
    ]

    for option in (
        "--require-hashes",
        "--no-deps",
        "--only-binary :all:",
        "-r /build/requirements",
    ):
        assert option in install


def test_the_last_stage_copies_from_the_first_and_installs_nothing():
    copies = last_stage("COPY")

    assert copies
    assert all(copy.startswith("--from=build ") for copy in copies)
    assert not any(re.search(r"\b(pip|apt|apt-get)\b", run) for run in last_stage("RUN"))


def test_it_runs_as_a_numbered_ordinary_user():
    user, group = only("USER").split(":")

    assert int(user) > 0
    assert int(group) > 0


def test_the_volume_belongs_to_that_user_before_it_is_one():
    names = [name for name, _ in instructions()[-1]]
    uid = only("USER").split(":")[0]
    (made,) = [run for run in last_stage("RUN") if run.endswith(f" {DATA}")]

    assert only("VOLUME") == DATA
    assert f"-o {uid} " in made
    assert names.index("RUN") < names.index("VOLUME")


def test_health_is_asked_in_exec_form_with_the_paths_that_run_has():
    options, _, command = only("HEALTHCHECK").partition("CMD ")

    assert json.loads(command) == [
        *["python", "bot.py", "health", "--data", DATA, "--rules", RULES]
    ]
    assert {"--interval", "--timeout", "--start-period", "--retries"} <= set(
        re.findall(r"--[\w-]+", options)
    )


def test_signals_reach_the_bot():
    assert only("STOPSIGNAL") == "SIGTERM"
    assert json.loads(only("ENTRYPOINT")) == ["python", "bot.py"]
    assert json.loads(only("CMD")) == ["run", "--rules", RULES, "--data", DATA]


def test_no_secret_is_part_of_the_image():
    for stage in instructions():
        for name, rest in stage:
            if name in ("ENV", "ARG", "LABEL"):
                assert not re.search("(?i)token|secret|password|key", rest)


def test_the_labels_are_the_usual_ones():
    labels = re.findall(r"org\.opencontainers\.image\.(\w+)=", " ".join(last_stage("LABEL")))

    assert {"title", "description", "licenses", "version", "revision"} <= set(labels)


def test_nothing_is_used_that_simple_builders_lack():
    for stage in instructions():
        for name, rest in stage:
            assert "<<" not in rest
            assert not re.search(r"--(parents|exclude|network|security)\b", rest)
            assert name.isupper()


def test_only_what_the_image_copies_reaches_the_builder():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = {
        source.split("/")[0]
        for name, rest in instructions()[0]
        if name == "COPY"
        for source in rest.split()[:-1]
    }

    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == sources
    assert all((ROOT / source).exists() for source in sources)


def test_compose_takes_away_what_is_not_needed():
    service = bot()
    uid = only("USER")

    assert service["read_only"] is True
    assert service["user"] == f"${{NEWSBELL_USER:-{uid}}}"
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert "ports" not in service
    assert service["mem_limit"] == "512m"
    assert [place.split(":")[0] for place in service["tmpfs"]] == ["/tmp"]


def test_compose_gives_the_token_as_a_file():
    secrets = compose()["secrets"]
    (name,) = bot()["secrets"]

    assert secrets[name] == {"file": f"./secrets/{name}"}
    assert bot()["environment"]["TELEGRAM_TOKEN_FILE"] == f"/run/secrets/{name}"
    assert "TELEGRAM_TOKEN" not in bot()["environment"]


def test_compose_mounts_the_rules_as_a_directory_and_the_data_as_a_volume():
    rules, data = bot()["volumes"]

    assert (rules["type"], rules["target"]) == ("bind", str(Path(RULES).parent))
    assert not rules.get("read_only")  # the chat edits them
    assert data.split(":") == ["data", DATA]
    assert "data" in compose()["volumes"]


def test_compose_leaves_time_to_stop_and_bounds_the_logs():
    seconds = int(bot()["stop_grace_period"].removesuffix("s"))

    assert seconds > 10
    assert bot()["logging"]["options"].keys() == {"max-size", "max-file"}


def test_secrets_and_own_rules_are_not_committed():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {"secrets/", "config/", "data/"} <= set(ignored)

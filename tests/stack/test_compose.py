"""The deployment files agree with each other and with the settings."""

import re

import pytest
import yaml
from django.conf import settings

COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def test_the_parts_of_the_site():
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_is_watched(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_every_secret_is_demanded():
    text = (settings.BASE_DIR / "docker-compose.yml").read_text()
    secrets = re.findall(r"\$\{(\w*(?:SECRET|PASSWORD|KEYS)\w*)([^}]*)\}", text)
    assert len(secrets) >= 7
    assert [name for name, rest in secrets if not rest.startswith(":?")] == []


def test_volumes_are_named():
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert used == set(COMPOSE["volumes"])


def test_only_the_migration_knows_the_owner():
    knowing = [name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in str(service)]
    assert knowing == ["migrate"]


def test_the_build_gets_every_package_of_ours():
    kept = (settings.BASE_DIR / ".dockerignore").read_text().split()
    packages = {path.parent.name for path in settings.BASE_DIR.glob("*/apps.py")} | {"linkage"}
    assert {f"!{package}" for package in packages} <= set(kept)

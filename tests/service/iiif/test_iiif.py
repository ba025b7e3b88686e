"""Issues as IIIF has them: manifests by the published schema, boxes and pictures where the print is black."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import falcon.testing
import pytest
from click.testing import CliRunner
from PIL import Image

from service.archive import Archive
from service.commands.cli import main
from service.iiif.image import MAX_AREA, scaled
from service.server.app import create_app
from service.settings import Settings
from tests import printed_page
from tests.cases import cases
from tests.printed_page import HEIGHT, WIDTH, Drawn

Client = falcon.testing.TestClient
ISSUE = "1899-02-03%20The%20Gazette"
PICTURE = "/iiif/scan/ferry/1"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Drawn]]:
    """An index of an issue of one page, and the words drawn on it."""
    folder = tmp_path_factory.mktemp("iiif")
    words = printed_page.issue(folder / "archive")
    assert CliRunner().invoke(main, ["index", str(folder / "idx"), str(folder / "archive")]).exit_code == 0
    return folder / "idx", words


@pytest.fixture(scope="module")
def client(drawn: tuple[Path, list[Drawn]]) -> Iterator[Client]:
    with Archive(str(drawn[0])) as opened:
        yield Client(create_app(opened, Settings(cors_origins="*")))


def found(client: Client, asked: str) -> Any:
    answer = client.simulate_get(asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def shown(client: Client, asked: str) -> Image.Image:
    answer = client.simulate_get(f"{PICTURE}/{asked}/0/default.jpg")
    assert answer.headers["content-type"] == "image/jpeg", answer.text
    return Image.open(BytesIO(answer.content)).convert("L")


def test_manifests_and_collections_are_as_the_schema_has_them(client: Client) -> None:
    from iiif_prezi3 import Collection, Manifest

    title = found(client, "/iiif/title/the%20gazette")
    (of_year,) = title["items"]
    year = found(client, of_year["id"].partition(".org")[2])
    (of_issue,) = year["items"]
    assert urlsplit(of_issue["id"]).path == f"/iiif/{ISSUE}/manifest"
    manifest = found(client, urlsplit(of_issue["id"]).path)

    Collection.model_validate(title)
    Collection.model_validate(year)
    Manifest.model_validate(manifest)
    (canvas,) = manifest["items"]
    assert (canvas["width"], canvas["height"], canvas["label"]) == (WIDTH, HEIGHT, {"none": ["7"]})
    assert [[*one["label"].values()] for one in manifest["structures"]] == [[[one[1]]] for one in printed_page.ARTICLES]
    (service,) = canvas["items"][0]["items"][0]["body"]["service"]
    assert urlsplit(service["id"]).path == PICTURE
    assert found(client, f"{PICTURE}/info.json")["width"] == WIDTH
    assert client.simulate_get(urlsplit(canvas["thumbnail"][0]["id"]).path).status_code == 200


def test_found_words_have_the_boxes_in_which_they_are_printed(client: Client, drawn: tuple[Path, list[Drawn]]) -> None:
    second = found(client, f"/iiif/{ISSUE}/search?q=harbour&user=x")
    first = found(client, f"/iiif/{ISSUE}/search/1?q=harbour")

    boxes = [f"xywh={one.x},{one.y},{one.width},{one.height}" for one in drawn[1] if one.text in ("har-", "bour")]
    canvas = found(client, f"/iiif/{ISSUE}/manifest")["items"][0]["id"]
    (annotation,) = second["items"]
    (hit,) = first["hits"]  # the two parts of a word are one
    assert annotation["target"] == [f"{canvas}#{box}" for box in boxes]
    assert [one["on"] for one in first["resources"]] == annotation["target"]
    assert hit["annotations"] == [one["@id"] for one in first["resources"]]
    assert second["partOf"]["total"] == first["within"]["total"] == 1
    (whole,) = found(client, f"/iiif/{ISSUE}/search?q=dawn")["items"]
    assert whole["target"].startswith(f"{canvas}#xywh=")
    assert second["ignored"] == ["user"]
    context = second["annotations"][0]["items"][0]["target"]
    quoted = {"prefix": "The old ferry sank in the ", "exact": "harbour", "suffix": " at dawn and nobody was hurt"}
    assert context["source"] == second["items"][0]["id"]
    assert context["selector"] == [{"type": "TextQuoteSelector", **quoted}]
    assert found(client, f"/iiif/{ISSUE}/search?q=harbour&motivation=painting")["items"] == []
    assert found(client, f"/iiif/{ISSUE}/search?q=")["items"] == []


def test_a_part_of_a_picture_is_that_part(client: Client, drawn: tuple[Path, list[Drawn]]) -> None:
    word = drawn[1][0]
    black = shown(client, f"{word.x},{word.y},{word.width},{word.height}/max")
    small = shown(client, "full/60,")

    assert black.size == (word.width, word.height)
    assert max(black.tobytes()) < 40
    assert small.size == (60, 80)
    x, y = (round(side / 10) for side in (word.x + word.width / 2, word.y + word.height / 2))
    assert max(small.crop((x, y, x + 1, y + 1)).tobytes()) < 90
    assert shown(client, "square/,50").size == (50, 50)


@cases("asked", [
    "full/601,/0/default.jpg", "full/max/90/default.jpg", "full/max/0/color.png", "0,0,0,5/max/0/default.jpg",
    "700,0,5,5/max/0/default.jpg", "x/max/0/default.jpg", "full/,/0/default.jpg", "full/^max/0/default.jpg",
    "full/0,/0/default.jpg",
])  # fmt: skip
def test_what_level_1_has_not_is_refused(client: Client, asked: str) -> None:
    assert client.simulate_get(f"{PICTURE}/{asked}").status_code == 400


@cases("across, down", [(20_000, 6_000), (1, 120_000_000), (120_000_000, 1), (4_000, 4_000)])
def test_the_greatest_size_is_within_the_limit(across: int, down: int) -> None:
    width, height = scaled("max", (0, 0, across, down))

    assert 0 < width <= across
    assert 0 < height <= down
    assert width * height <= MAX_AREA


def test_only_pages_of_listed_origins_may_read_and_load_pictures(
    client: Client, drawn: tuple[Path, list[Drawn]]
) -> None:
    other = {"Origin": "https://viewer.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    answer = client.simulate_get(f"/iiif/{ISSUE}/manifest", headers=other)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"

    with Archive(str(drawn[0])) as opened:
        answer = Client(create_app(opened)).simulate_get(f"/iiif/{ISSUE}/manifest", headers=other)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"

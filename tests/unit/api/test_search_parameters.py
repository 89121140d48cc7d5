"""The parameters of GET /search are the fields of the messages that they become."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tubeseek.api.errors import add_error_handlers
from tubeseek.api.routes.search import search_routes
from tubeseek.core.schemas import Boost, SearchAnswer, SearchRequest, Where
from tubeseek.core.schemas.base import build_messages
from tubeseek.core.schemas.search import SearchOptions


class Library:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[SearchRequest] = []

    def search(self, request: SearchRequest) -> SearchAnswer:
        self.requests.append(request)
        return SearchAnswer(query=request.text, encoder="palette")


@pytest.fixture
def library():
    return Library()


@pytest.fixture
def client(library):
    async def fetch(url: str) -> bytes:
        return url.encode()

    build_messages()
    app = FastAPI()
    add_error_handlers(app)
    app.include_router(search_routes(library, fetch))
    return TestClient(app)


@pytest.mark.parametrize("model", [Where, SearchOptions])
def test_each_field_is_a_parameter_with_its_description(client, model):
    operation = client.get("/openapi.json").json()["paths"]["/search"]["get"]
    described = {each["name"]: each.get("description") for each in operation["parameters"]}
    for name, field in model.model_fields.items():
        assert described[name] == field.description


def test_parameters_become_conditions_and_options(client, library):
    url = "/search?q=cat&channel=Pets&channel=Zoo&min_views=0&after=2026-01-31&moment_before=1.5"
    assert client.get(f"{url}&limit=3&offset=20&boost=recent&fold=false").status_code == 200
    where = Where(channel=("Pets", "Zoo"), min_views=0, after="2026-01-31", moment_before=1.5)
    expected = SearchRequest(
        text="cat", where=where, limit=3, offset=20, boost=(Boost.RECENT,), fold=False
    )
    assert library.requests == [expected]


@pytest.mark.parametrize(
    "query",
    [
        "min_views=-1",
        "min_honesty=2",
        "min_duration=inf",
        "limit=0",
        "offset=-1",
        "offset=10001",
        "moment_after=2&moment_before=1",
        "q=cat&like=v",
        "colour=red",
    ],
)
def test_what_does_not_fit_is_refused(client, library, query):
    response = client.get(f"/search?{query}")
    assert (response.status_code, response.json()["error"]) == (422, "InputError")
    assert library.requests == []

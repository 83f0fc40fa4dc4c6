"""image-address-broken: `url` of an image."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, completion, plain

ASK = {"model": "dall-e-3", "prompt": "a cat"}


def drawn(*urls: str) -> Exchange:
    body = {"created": 1, "data": [{"url": url} for url in urls]}
    return plain(body, {**ASK, "n": len(urls)}, url="/v1/images/generations")


GOLD = drawn("https://cdn.example.org/a/1.png?sig=1")
LOCAL = drawn("http://localhost:8080/1.png")
AT = "data[0].url"

CASES = (
    Row("S71: a path (xtekky/gpt4free 3267)", GOLD, drawn("/media/1.jpg"), (f"breaking {AT}",)),
    Row("S71: a file", GOLD, drawn("file:///tmp/1.png"), (f"breaking {AT}",)),
    Row("S71: no host", GOLD, drawn("https:///1.png"), (f"breaking {AT}",)),
    Row("S71: no scheme", GOLD, drawn("//cdn.example.org/1.png"), (f"breaking {AT}",)),
    Row("no address at all", GOLD, drawn("https://[1/1.png"), (f"breaking {AT}",)),
    Row("S71: the image itself", GOLD, drawn("data:image/png;base64,iVBORw0KGgo="), (f"risky {AT}",)),
    *(
        Row(f"S71: {host} is the server's own", GOLD, drawn(f"https://{host}/1.png"), (f"risky {AT}",))
        for host in (
            "localhost",
            "127.0.0.1:8080",
            "10.0.0.7",
            "192.168.1.2",
            "[::1]",
            "images",
            "gpu.internal",
            "a.local",
            "images.localhost",
        )
    ),
    Row(
        "the second of two",
        drawn("https://a.org/1", "https://a.org/2"),
        drawn("https://a.org/1", "/2"),
        (f"breaking {AT}",),
    ),
    Row("http, which a page by https does not load", GOLD, drawn("http://cdn.example.org/1.png"), (f"info {AT}",)),
    Row("S71, benign twin: another host", GOLD, drawn("https://8.8.8.8/2.webp")),
    Row("the golden's is local, too", LOCAL, drawn("http://127.0.0.1:9000/2.png")),
    Row("the golden has http", drawn("http://a.org/1"), drawn("http://b.org/1")),
    Row("no image", plain(completion()), plain(completion())),
)

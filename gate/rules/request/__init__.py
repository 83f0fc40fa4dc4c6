"""What a gateway does with the request on its way, and how often it asks its upstream.

These rules compare a client's request with what reached the upstream meanwhile (`Observation.passage`); where the
golden came through a gateway as well, only what that one did not do is told. Nothing here looks at an answer's content.
"""

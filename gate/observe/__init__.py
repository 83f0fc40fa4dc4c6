"""(endpoint, exchange) → observation, and the predicates that rules ask of it: of the request, of the answer. Pure.

A predicate never judges, and nothing here knows a golden from a candidate but by being handed both.
"""

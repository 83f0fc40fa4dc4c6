"""A gateway between replay server and suite: it is started, asked, ended, and both of its sides are kept.

Nothing here says what a gateway did wrong: that is for rules, which see what passed it (`Observation.passage`).
"""

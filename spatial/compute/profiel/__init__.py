"""The profile of one gemeente or region: all its figures over the years, on one page.

``gids`` knows every code that is or was, ``reeksen`` reads the figures, ``answer`` puts a profile
together, ``document`` writes it as JSON and ``page`` as a piece of HTML that needs nothing else.
"""

"""Questions answered from one snapshot: behind the commands, the OGC processes and the previews alike.

Every question is a frozen dataclass that says all that decides its answer, so that it can be asked
again; every answer names the snapshot it comes from.
"""

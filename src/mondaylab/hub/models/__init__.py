"""Models that run on this machine: which there are, what of them is here, and how they come here.

`catalog` reads ``hub_config/models.yaml``, `weights` fetches what it names into ``var/models`` and checks it.
`running` answers with one of them, `serving` lets it answer outside the hub, `endpoint` is a company's own model in its
place, and `calling` asks either.
"""

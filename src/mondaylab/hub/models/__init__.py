"""Models that run on this machine: which there are, what of them is here, and how they come here.

`catalog` reads ``hub_config/models.yaml``, `weights` fetches what it names into ``var/models`` and checks it.
`running` answers with one of them, `endpoint` is a company's own model in their place, and `calling` asks either.
"""

"""JupyterHub's configuration. `mondaylab hub run` starts the hub with it, `mondaylab hub check` checks it.

What mondaylab sets, and why, is in src/mondaylab/hub/config.py. What you change, you set at the mark below, one line
each, for instance:

    c.JailedSpawner.limits = {"memory_mb": 2500, "home_mb": 2000}
    c.JupyterHub.active_server_limit = 40

A name that does not exist is refused before the hub starts.
"""

from mondaylab.hub.config import assign, defaults, refuse_unknown_names
from mondaylab.hub.settings import HubSettings

c = get_config()
assign(c, defaults(HubSettings.from_environment()))

# -- yours: here

refuse_unknown_names(c)

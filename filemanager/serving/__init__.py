"""How the processes take connections and serve them, so that slow clients hold up nobody."""

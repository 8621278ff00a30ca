"""The use cases: what several capabilities use lies here, each capability in its folder."""

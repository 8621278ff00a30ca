"""TeX texts as their readers see them: what stands in them, what they name, where TeX looks."""

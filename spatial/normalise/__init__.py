"""How a source spells things becomes the declared tables; what is odd is reported, not dropped."""

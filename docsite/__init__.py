"""How the site with the documentation is made: pages from the code itself, links, languages."""

# `rapport knowledge load`.
articles-title = Articles
articles-new = new
articles-changed = changed
articles-unchanged = as before
articles-removed = removed
articles-skipped = Left out: { $count }
articles-vanished = No longer in this source, and kept (--prune removes them): { $count }
articles-why-edited = was edited or deleted on the managers' page, and stays as it was left there
articles-why-twice = there is another article of this name and language; the first was taken
articles-why-unreadable = cannot be read
articles-why-not-saved = no saved page for this address beside the sitemap
articles-why-too-large = larger than 5 MB
articles-why-no-title = has no title
articles-why-long-title = the title is longer than 300 characters
articles-why-empty = says nothing beyond what every page has
articles-why-long-body = longer than 20,000 characters; please split it

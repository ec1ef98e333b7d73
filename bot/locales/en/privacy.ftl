privacy-reference = reference
privacy-kind = wish
privacy-since = since
privacy-exported = Everything that is known about the person is in { $path }
privacy-erase-sure = Erase { $who } for good? This cannot be undone.
privacy-erased = Erased, and forgotten by the assistant in { $conversations } conversations
privacy-remembered = Nothing was erased: the assistant at { $address } still remembers the conversations below. Start it and run the command again.

# The search over conversations.
page-search = Search
search-words = Words to look for
search-hint = Words, or "an exact phrase"
search-go = Search
search-from = From
search-to = to
search-any = Any
search-status = State
search-agent = Colleague
search-channel = Channel
search-closed = Closed
search-start = Find what was said in any conversation
search-start-more = All words must be in one message, in English or Chinese. Put a phrase in quotation marks. New messages can be found after a minute.
search-too-short = Please type a whole word, or at least two Chinese characters.
search-nothing = Nothing was found
search-nothing-more = Try fewer words, or other filters.
search-count = { $count ->
    [one] One conversation
   *[other] { $count } conversations
}, the newest first.
search-more = The newest { $count } conversations; there are more. Add words or filters.
search-said = { $who }:

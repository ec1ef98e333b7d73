# Suggested replies above the agent's box.
suggestions = Suggested replies
suggestion-article = Article: { $title }
suggestion-colleague = A colleague answered: { $title }
suggestion-dismiss = Not this one

# Of the insights.
figure-suggestions-shown = Suggestions shown
figure-suggestions-shown-definition = Replies suggested to agents on these days, from articles and from colleagues' answers. One that is shown again for the same message counts once.
figure-suggestions-used = Suggestions used
figure-suggestions-used-definition = Suggested replies that were sent to the customer, as they were or changed, divided by all that were shown on these days.
insights-suggestions = Suggested replies
insights-no-suggestions = Nothing was suggested on these days.
insights-suggestions-sent = Sent as they were
insights-suggestions-edited = Sent after a change
insights-suggestions-dismissed = Dismissed

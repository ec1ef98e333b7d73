# The managers' page of the articles.
knowledge-views = Views
knowledge-view-articles = Articles
knowledge-view-questions = Unanswered questions
knowledge-view-answers = Answered by colleagues
knowledge-view-try = Try it
knowledge-search = Search in articles
knowledge-new = New article
knowledge-count = { $count ->
    [one] 1 article
   *[other] { $count } articles
  }
knowledge-none = No article like that.
knowledge-column-title = Title
knowledge-column-category = Category
knowledge-column-languages = Languages
knowledge-column-state = State
knowledge-column-changed = Changed
knowledge-column-quoted = Quoted
knowledge-column-helped = Helped
knowledge-helped = { $share } of { $count }
knowledge-in-force = In use
knowledge-ended = No longer in use
knowledge-from = From { $day }
knowledge-gone = There is no such article any more.
knowledge-back = Back to the list

knowledge-questions-definition = Questions that no article answered, that were not understood, or whose answer customers said was of no help; like ones together. Personal details are masked.
knowledge-answers-definition = Questions that customers put to a person, with the person's answer; like ones together. They are taken up when the person has left the conversation. Personal details are masked.
knowledge-questions-none = No such questions.
knowledge-answers-none = No such answers.
knowledge-looking = Looking for new ones …
knowledge-states = State
knowledge-state-open = Open
knowledge-state-answered = Answered
knowledge-state-dismissed = Dismissed
knowledge-times = { $count ->
    [one] once
    [2] twice
   *[other] { $count } times
  }
knowledge-reason-unknown = { $count } × no article
knowledge-reason-fallback = { $count } × not understood
knowledge-reason-not-helped = { $count } × did not help
knowledge-reason-person = { $count } × answered by a colleague
knowledge-last = Last asked { $moment }
knowledge-also = { $count ->
    [one] Another wording
   *[other] { $count } other wordings
  }
knowledge-reply = A colleague answered
knowledge-begin = Write an article
knowledge-which = Choose an article
knowledge-answers-it = Answers it
knowledge-answered-by = Answered by “{ $title }”
knowledge-dismiss = Dismiss
knowledge-reopen = Open again
knowledge-done-answered = Noted as answered
knowledge-done-dismissed = Dismissed
knowledge-done-open = Open again

knowledge-try-note = The articles are asked as a customer would ask them. Nothing is kept, and nothing is counted.
knowledge-question = Ask a question in either language
knowledge-asks = Who asks
knowledge-ask = Ask
knowledge-would-answer = The assistant would quote this:
knowledge-would-not = The assistant would say that it does not know, and offer a person. What came closest:
knowledge-nothing-like-it = No article has anything like it.
knowledge-chosen = Quoted
knowledge-score = Chance that it answers the question: { $share }

knowledge-asked = Asked: “{ $question }”
knowledge-preview = Preview
knowledge-save = Save
knowledge-cancel = Cancel
knowledge-withdraw = Withdraw
knowledge-delete = Delete
knowledge-withdraw-sure = Shall “{ $title }” be used no more from today on? It stays in the list and can be used again.
knowledge-delete-sure = Shall “{ $title }” be deleted in both languages? Only its history stays.
knowledge-done-saved = Saved; the assistant uses it within seconds
knowledge-done-withdraw = Withdrawn
knowledge-done-delete = Deleted
knowledge-history = History
knowledge-before = Text before
knowledge-by-files = An import
knowledge-by-system = Rapport
knowledge-deed-created = { $who } wrote it ({ $spoken })
knowledge-deed-changed = { $who } changed it ({ $spoken }):
knowledge-deed-withdrawn = { $who } withdrew it ({ $spoken })
knowledge-deed-deleted = { $who } deleted it ({ $spoken })
article-field-slug = Name in addresses
article-field-category = Category
article-field-audience = For whom
article-field-valid-from = In use from
article-field-valid-to = No longer in use from
article-field-title = Title
article-field-keywords = Other words people use, with commas
article-field-questions = How customers ask this, one question a line
article-field-body = Text (Markdown)
article-wrong-missing = { $field }: please fill this in.
article-wrong-too-long = { $field }: this is too long.
article-wrong-not-a-slug = { $field }: only small letters, digits and single hyphens.
article-wrong-taken = { $field }: another article has this name.
article-wrong-not-known = { $field }: this cannot be read.
article-wrong-not-after = { $field }: this must be after the first day.
audience-everyone = Everyone
audience-customers = Signed-in customers
audience-business = Companies
audience-agents = Our own people only
article-category-account = Account
article-category-care = Care
article-category-gifts = Gifts
article-category-loyalty = Loyalty
article-category-payment = Payment
article-category-privacy = Privacy
article-category-products = Products
article-category-returns = Returns
article-category-service = Service
article-category-shipping = Shipping
article-category-store = Store
article-category-warranty = Warranty

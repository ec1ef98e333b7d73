# Why a model decided as it did. The sign of a reason's weight tells whether it speaks for or against.
reason-last_order = Last order { $days ->
    [0] today
    [one] one day ago
   *[other] { $days } days ago
}
reason-no_order = Has not ordered yet
reason-order_count = { $orders ->
    [0] No orders so far
    [one] One order so far
   *[other] { $orders } orders so far
}
reason-recent_orders = { $orders ->
    [0] No orders in the last 90 days
    [one] One order in the last 90 days
   *[other] { $orders } orders in the last 90 days
}
reason-spending = Has spent as much as { NUMBER($times, maximumFractionDigits: 1) } average orders
reason-variety = { $products ->
    [0] Has bought no product yet
    [one] Has bought one product
   *[other] Has bought { $products } different products
}
reason-tenure = { $days ->
    [one] First order one day ago
   *[other] First order { $days } days ago
}
reason-last_visit = Last visit { $days ->
    [0] today
    [one] one day ago
   *[other] { $days } days ago
}
reason-no_visit = No visit on record
reason-recent_views = { $views ->
    [0] Has looked at no product in the last 30 days
    [one] Has looked at one product in the last 30 days
   *[other] Has looked at products { $views } times in the last 30 days
}
reason-recent_cart = { $carts ->
    [0] Nothing put into the cart in the last 30 days
    [one] Used the cart once in the last 30 days
   *[other] Used the cart { $carts } times in the last 30 days
}
reason-complaints = { $complaints ->
    [0] No complaint in the last 90 days
    [one] One complaint in the last 90 days
   *[other] { $complaints } complaints in the last 90 days
}
reason-word = “{ $word }”
reason-bought_together = Often bought by people who bought what you have
reason-like_it = Often bought together with it
reason-similar_content = Similar to what you have looked at or bought
reason-similar_to_it = Similar to it
reason-popular = Popular at the moment
# Why somebody in the queue comes first.
reason-waited = Waits { $minutes ->
    [0] for less than a minute
    [one] for one minute
   *[other] for { $minutes } minutes
}
reason-waited_longest = Has waited so long that nobody else comes first
reason-overdue = The promised reply is overdue
reason-soon_due = The promised reply is due soon
reason-upset = Is upset
reason-orders = { $orders ->
    [one] Has ordered once
   *[other] Has ordered { $orders } times
}
reason-may_buy = Is { $percent } % likely to buy
reason-priority_low = Priority set to low
reason-priority_high = Priority set to high
reason-priority_urgent = Priority set to urgent

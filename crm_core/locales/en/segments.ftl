# Groups of customers: what they are called, what they have in common, how to treat them.
segment-champions-name = Champions
segment-champions-description = Buy often, bought only lately, and spend the most.
segment-champions-advice = Thank them, show them what is new first, and put a person on any serious complaint at once.
segment-loyal-name = Loyal customers
segment-loyal-description = Have come back many times and are still active.
segment-loyal-advice = Keep it easy for them; offer what goes with their earlier purchases.
segment-promising-name = Promising
segment-promising-description = Bought lately and more than once, but are not regulars yet.
segment-promising-advice = Recommend what fits their last order; a good second experience makes regulars.
segment-new-name = New customers
segment-new-description = Placed their first orders not long ago.
segment-new-advice = Explain how delivery and returns work, and ask whether the first order went well.
segment-at_risk-name = At risk
segment-at_risk-description = Used to buy often and for good money, but have not come for a while.
segment-at_risk-advice = Do not sell. Solve what went wrong, and offer a person soon.
segment-sleeping-name = Sleeping
segment-sleeping-description = Bought a few times, long ago.
segment-sleeping-advice = One friendly reminder of something they liked is enough.
segment-one_time-name = One-time buyers
segment-one_time-description = Ordered once, some time ago, and did not return.
segment-one_time-advice = Find out what kept them away; do not spend much on winning them back.
segment-profile = Typically { $orders ->
    [one] one order
   *[other] { $orders } orders
}, most recently { $days ->
    [one] one day
   *[other] { $days } days
} ago; spent as much as { NUMBER($times, maximumFractionDigits: 1) } average orders.

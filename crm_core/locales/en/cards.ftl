# Model cards: the page that is written beside every trained model.
card-model = Model
card-results = Results on the hold-out
card-limits = Limits
card-served = served
card-baseline = naive baseline
card-split-time = by time: learned from the past, measured on what came later
card-split-grouped = four fifths to learn from, one fifth held out; copies of a text stay on one side
card-feedback-use = Tells what a customer's feedback is about and how it is meant, in Chinese, English or both mixed. It decides how the assistant answers and whether a person is offered; it must not be used to judge customers.
card-feedback-limits = Texts of the demo shop are put together from a stock of sentences, so the hold-out is easier than real life: see `benchmarks/feedback.py` for public reviews. Irony is often read literally. Texts are read up to 1,200 characters.
card-segment-use = Groups customers by how lately, how often and for how much they bought. It changes greeting, offers and how soon a person is offered; it never changes what a customer may do.
card-segment-limits = A group is a place among the other customers of this shop, not a trait of a person. Names are given by the closest ideal; with few customers a group may fit its name badly. Nothing is said of customers without an order.
card-purchase_intent-use = Gives the probability that a customer orders within the next 30 days. It decides whether products are offered after a question was solved; it must not change prices.
card-purchase_intent-limits = Learned from orders and visits of this shop only: seasons, campaigns and prices are not known to it. Figures come from the newest 30 days that are over; the served model has learned from those too.
card-recommend-use = Ranks products for a customer by what other customers bought together, by likeness of the descriptions, and by what sells.
card-recommend-limits = Measured on the last basket of each customer, counting only products that were new to the customer. What nobody was ever shown cannot be found to be liked.

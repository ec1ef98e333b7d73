# Why a product is shown, where no model but the customer's own words chose it.
reason-asked_for = Fits what you asked for

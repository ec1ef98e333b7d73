# Names of the categories of the catalogue. A category that is not here is called by its key.
category-kitchen = Kitchen
category-home = Home
category-bath = Bath
category-toys = Toys
category-stationery = Stationery
category-outdoor = Outdoor
category-electronics = Electronics
category-garden = Garden
category-travel = Travel
category-pets = Pets
category-browse = Show { $category }

# The demo shop's pages.
shop-name = Juniper Row
shop-tagline = Good things for every room
shop-title = { $page } · Juniper Row
shop-skip = Skip to the products
shop-search = Search the shop
shop-search-words = What are you looking for?
shop-all = Everything
shop-basket = Basket
shop-basket-count = { $pieces ->
    [one] 1 item in the basket
   *[other] { $pieces } items in the basket
  }
shop-orders = My orders
shop-sign-in = Sign in as a demo customer
shop-sign-in-hint = This plays your shop's own sign-in: the shop's backend signs who the customer is, and the chat knows them from then on.
shop-sign-out = Sign out
shop-hello = Hello, { $name }
shop-language = Language
shop-hero-title = Ask before you buy. Ask after you did.
shop-hero-text = Where an order is, which size to take, how to send something back: write to us at any time, in English or Chinese.
shop-hero-chat = Chat with us
shop-hero-orders = or ask by order number
shop-promise-chat = Answers in seconds
shop-promise-returns = 30 days to return
shop-promise-people = Real people when you want them
shop-featured = Picked from every shelf
shop-found = { $count ->
    [0] Nothing found for “{ $words }”
    [one] One product for “{ $words }”
   *[other] { $count } products for “{ $words }”
  }
shop-found-nothing = Try other words, or ask in the chat.
shop-in-stock = In stock
shop-low = Only { $count } left
shop-out = Sold out
shop-add = Add to basket
shop-ask = Ask about this product
shop-ask-words = I have a question about “{ $title }”.
shop-more = You may also like
shop-sku = Item { $sku }
shop-missing = This product is not here any more
shop-missing-text = It may have sold out for good. Look around, or ask in the chat for something like it.
shop-back = Back to the shop
shop-basket-empty = Your basket is empty.
shop-basket-remove = Remove
shop-basket-total = Total
shop-basket-demo = This is a demo shop: nothing can be bought here, but everything can be asked.
shop-pieces = { $count } ×
shop-orders-none = There are no orders yet.
shop-orders-hint = Ask the chat about any of them, for example: “Where is order { $number }?”
shop-order = Order { $number }
shop-footer = A demo of Rapport: all products, customers and orders are made up.
shop-footer-staff = Staff
shop-footer-desk = Agents' desk
shop-footer-insights = Insights

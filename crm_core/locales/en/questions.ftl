# What is looked up in the articles when a button stands for the question, or when the customer's words find nothing.
question-ask-store-info = What are your opening hours and where is your shop?
question-ask-warranty = How long is the warranty and what does it cover?
question-ask-shipping-options = Which shipping options do you offer and what do they cost?
question-ask-contact = How can I contact customer service?

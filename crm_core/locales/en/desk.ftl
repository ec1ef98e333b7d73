# How a customer is called whose name may not be used.
canned-customer = there

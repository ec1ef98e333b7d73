# 顾客按按钮提问，或原话查不到答案时，用这里的问法去查文章。
question-ask-store-info = 你们的营业时间和门店地址是什么？
question-ask-warranty = 保修期多长，保修范围包括什么？
question-ask-shipping-options = 有哪些配送方式，运费多少？
question-ask-contact = 怎么联系客服？
